import { findIndentUnit } from '../edit/text-layout.js';
import type { FlatTree, Span } from '../syntax/flat-tree.js';

const multilineKinds = new Set([
  'TemplateLiteral',
  'TemplateElement',
  'JSXText',
  'string',
  'concatenated_string',
  'Literal',
]);

/** How code is moved to its place. */
export interface Placement {
  /** White space that its first line has behind itself already and every further line gets. */
  readonly indent: string;
  readonly lineEnding: '\n' | '\r\n';
  /** One level of indentation in the file; absent where nothing in it is indented. */
  readonly indentUnit?: string;
}

/**
 * Moves code to an indentation: the one it was written with is taken off, the one of the place put on. Lines inside
 * texts over several lines (templates, triple quotes) keep every character.
 *
 * @param offset where the code starts in the tree's text.
 */
export function reindentCode(tree: FlatTree, code: string, offset: number, placement: Placement): string {
  const kept = findTextLines(tree, code, offset);
  const lines = convertIndentation(code.split(/\r\n|\n/), kept, findIndentUnit(code), placement.indentUnit);
  const base = findBase(tree, lines, { kept, target: placement.indent, isInPlace: offset > 0 });
  return lines
    .map((line, index) => {
      if (kept.has(index) || (index > 0 && base === placement.indent)) return line;
      const bare = line.startsWith(base) ? line.slice(base.length) : line.trimStart();
      if (bare.trim() === '') return '';
      return index === 0 ? bare : placement.indent + bare;
    })
    .join(placement.lineEnding);
}

/** Writes each level of indentation the way the file does. What is no whole level aligns, and stays. */
function convertIndentation(
  lines: readonly string[],
  kept: ReadonlySet<number>,
  from: string | undefined,
  to: string | undefined,
): readonly string[] {
  if (from === undefined || to === undefined || from === to || from[0] === to[0]) return lines;
  return lines.map((line, index) => {
    if (kept.has(index)) return line;
    let levels = 0;
    while (line.startsWith(from, levels * from.length)) levels += 1;
    return to.repeat(levels) + line.slice(levels * from.length);
  });
}

/** Lines of the code that start inside a text over several lines. */
function findTextLines(tree: FlatTree, code: string, offset: number): Set<number> {
  const spans: Span[] = [];
  for (let node = 0; node < tree.size; node += 1)
    if (multilineKinds.has(tree.kindOf(node))) spans.push(tree.spanOf(node));
  const kept = new Set<number>();
  let line = 0;
  for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) {
    line += 1;
    const start = offset + at + 1;
    if (spans.some((span) => span.start < start && start < span.end)) kept.add(line);
  }
  return kept;
}

interface Surroundings {
  readonly kept: ReadonlySet<number>;
  readonly target: string;
  /** Whether Python code parsed with the indentation of its place in front of its first line. */
  readonly isInPlace: boolean;
}

/** The indentation that the code was written with. */
function findBase(tree: FlatTree, lines: readonly string[], { kept, target, isInPlace }: Surroundings): string {
  const indentOf = (line: string) => /^[ \t]*/.exec(line)?.[0] ?? '';
  const own = indentOf(lines[0] ?? '');
  if (own !== '') return own;
  if (tree.language === 'python') return isInPlace ? target : '';
  // Cut out of its place, no line stands left of it; written from the margin, a closing bracket does.
  const isInside = (line: string, index: number) =>
    index === 0 || line.trim() === '' || kept.has(index) || indentOf(line).startsWith(target);
  return lines.length > 1 && lines.every(isInside) ? target : '';
}
