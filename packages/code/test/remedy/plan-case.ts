import { planRemedies, type RemedyPlan } from '../../src/remedy/plan-remedies.js';
import type { RefusalCode } from '../../src/remedy/remedy.js';
import type { Finding } from '../../src/scan/report.js';
import { decodeSource } from '../../src/source/decode-source.js';
import { createMemoryTree } from '../../src/source/source-tree.js';

/** What became of a file whose sinks are marked. */
export interface PlannedCase {
  readonly plan: RemedyPlan;
  /** The marked file without its marks. */
  readonly before: string;
  /** The marked file with all fixes. */
  readonly after: string;
  readonly refused: RefusalCode | undefined;
}

/**
 * Plans fixes for the sinks marked in the first file: `⟦` and `⟧` stand around each sink, `‹` and `›` around the
 * argument that carries the data, where that is not the first one. Further files are the rest of the project.
 */
export async function planCase(
  cwe: string,
  path: string,
  marked: string,
  others: Record<string, string> = {},
): Promise<PlannedCase> {
  const { text, findings } = readMarks(cwe, path, marked);
  const tree = createMemoryTree({ ...others, [path]: text });
  const plan = await planRemedies(tree, findings);
  const bytes = plan.change.contents.get(path);
  const decoded = bytes === undefined ? undefined : decodeSource(bytes);
  return { plan, before: text, after: decoded?.ok === true ? decoded.text : text, refused: plan.refused[0]?.code };
}

function readMarks(cwe: string, path: string, marked: string): { text: string; findings: Finding[] } {
  let text = '';
  const open: number[] = [];
  const sinks: { start: number; end: number; argument?: { start: number; end: number } }[] = [];
  let argument: { start: number; end: number } | undefined;
  let argumentStart = 0;
  for (const character of marked) {
    if (character === '⟦') open.push(text.length);
    else if (character === '⟧') {
      sinks.push({ start: open.pop() as number, end: text.length, ...(argument !== undefined && { argument }) });
      argument = undefined;
    } else if (character === '‹') argumentStart = text.length;
    else if (character === '›') argument = { start: argumentStart, end: text.length };
    else text += character;
  }
  const findings = sinks.map(
    (sink, index): Finding => ({
      id: `finding-${index}`,
      rule: 'rule',
      cwe,
      severity: 'high',
      confidence: 'high',
      file: path,
      line: 1,
      message: 'data reaches a sink',
      witness: [],
      sink: { file: path, api: 'api', ...sink },
    }),
  );
  return { text, findings };
}
