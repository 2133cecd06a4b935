import { type PlannedChange, planChange } from '../edit/change-set.js';
import { applyTextEdits, type TextEdit } from '../edit/text-edit.js';
import { verifyEdit } from '../edit/verify-edit.js';
import type { FileContext } from '../outline/file-context.js';
import type { Finding } from '../scan/report.js';
import type { SourceTree } from '../source/source-tree.js';
import { findOverlap, mergeDrafts } from './merge-drafts.js';
import { gatherEvidence, type ProjectEvidence } from './project-evidence.js';
import { javascriptRecipes, pythonRecipes } from './recipes.js';
import { isRefusal, type PlannedRemedy, type RefusalCode, type RefusedRemedy, type RemedyDraft } from './remedy.js';

/** Fixes for findings, and for the others the reason why there is none. Every finding is in exactly one list. */
export interface RemedyPlan {
  readonly edits: readonly PlannedRemedy[];
  readonly refused: readonly RefusedRemedy[];
  /** All fixes together as one change set; without any file where nothing could be fixed. */
  readonly change: Extract<PlannedChange, { ok: true }>;
}

interface Accepted {
  readonly findings: string[];
  readonly draft: RemedyDraft;
}

/**
 * Plans a mechanical fix for each finding. Findings with the same sink share one; two fixes that would change the same
 * place differently keep the first and refuse the second. Every changed file is verified by parsing it before and after.
 * Await `initSyntax` for the tree's languages first. The same tree and findings give the same plan.
 */
export async function planRemedies(tree: SourceTree, findings: readonly Finding[]): Promise<RemedyPlan> {
  const evidence = await gatherEvidence(tree);
  const refused: RefusedRemedy[] = [];
  const planned: PlannedRemedy[] = [];
  const edits = new Map<string, readonly TextEdit[]>();
  for (const [path, group] of groupByFile(findings)) {
    const file = evidence.files.find((candidate) => candidate.path === path);
    if (file === undefined) {
      for (const { id } of group) refused.push(toRefused(id, 'unreadable', 'The file cannot be read or parsed.'));
      continue;
    }
    const accepted = acceptDrafts(file, group, evidence, refused);
    const good = keepVerified(file, accepted, refused);
    if (good.length === 0) continue;
    edits.set(
      path,
      mergeDrafts(
        file,
        good.map(({ draft }) => draft),
      ),
    );
    for (const { findings: ids, draft } of good) {
      const files = [{ path, edits: mergeDrafts(file, [draft]) }];
      for (const finding of ids) planned.push({ finding, recipe: draft.recipe, explanation: draft.explanation, files });
    }
  }
  const change = await planChange(tree, edits);
  if (!change.ok) throw new Error(`The remedies of ${change.path} do not fit together: ${change.problem.message}`);
  const order = new Map(findings.map(({ id }, index) => [id, index]));
  const inOrder = (a: { finding: string }, b: { finding: string }) =>
    (order.get(a.finding) ?? 0) - (order.get(b.finding) ?? 0);
  return { edits: planned.sort(inOrder), refused: refused.sort(inOrder), change };
}

function groupByFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.sink.file);
    if (group === undefined) groups.set(finding.sink.file, [finding]);
    else group.push(finding);
  }
  return groups;
}

function acceptDrafts(
  file: FileContext,
  findings: readonly Finding[],
  evidence: ProjectEvidence,
  refused: RefusedRemedy[],
): Accepted[] {
  const recipes = file.language === 'python' ? pythonRecipes : javascriptRecipes;
  const accepted: Accepted[] = [];
  for (const finding of findings) {
    const recipe = recipes.get(finding.cwe);
    if (recipe === undefined) {
      refused.push(
        toRefused(finding.id, 'no-recipe', `There is no mechanical fix for ${finding.rule} (${finding.cwe}).`),
      );
      continue;
    }
    const draft = recipe({ finding, file, evidence });
    if (isRefusal(draft)) {
      refused.push({ finding: finding.id, ...draft });
      continue;
    }
    const same = accepted.find((other) => isSameDraft(other.draft, draft));
    if (same !== undefined) same.findings.push(finding.id);
    else if (accepted.some((other) => findOverlap(other.draft.edits, draft.edits))) {
      refused.push(
        toRefused(
          finding.id,
          'remedy-conflict',
          'The fix of another finding changes the same place. Scan again after it.',
        ),
      );
    } else accepted.push({ findings: [finding.id], draft });
  }
  return accepted;
}

function isSameDraft(left: RemedyDraft, right: RemedyDraft): boolean {
  return left.recipe === right.recipe && JSON.stringify(left.edits) === JSON.stringify(right.edits);
}

/** Drafts that together leave the file parsing; where they do not, each is tried alone on top of those before it. */
function keepVerified(file: FileContext, accepted: readonly Accepted[], refused: RefusedRemedy[]): Accepted[] {
  if (isVerified(file, accepted)) return [...accepted];
  const good: Accepted[] = [];
  for (const item of accepted) {
    if (isVerified(file, [...good, item])) good.push(item);
    else {
      const reason = 'The fixed file would not parse, or another fix in it stands in the way.';
      for (const finding of item.findings) refused.push(toRefused(finding, 'verification-failed', reason));
    }
  }
  return good;
}

function isVerified(file: FileContext, accepted: readonly Accepted[]): boolean {
  const edits = mergeDrafts(
    file,
    accepted.map(({ draft }) => draft),
  );
  const edited = applyTextEdits(file.text, edits);
  return edited.ok && verifyEdit(file.language, file.text, edited.text, edits).ok;
}

function toRefused(finding: string, code: RefusalCode, reason: string): RefusedRemedy {
  return { finding, code, reason };
}
