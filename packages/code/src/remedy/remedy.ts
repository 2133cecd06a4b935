import type { TextEdit } from '../edit/text-edit.js';
import type { FileContext } from '../outline/file-context.js';
import type { Finding } from '../scan/report.js';
import type { ProjectEvidence } from './project-evidence.js';

/** Why a finding gets no mechanical fix. */
export type RefusalCode =
  /** No recipe exists for the rule, or none for this sink. */
  | 'no-recipe'
  /** The code at the sink has another shape than the recipe can rewrite without changing what it does. */
  | 'unsupported-shape'
  /** Tainted text stands where only a name or keyword may stand, for which there is no placeholder. */
  | 'identifier-position'
  /** Nothing in the project shows how its database driver writes and takes parameters. */
  | 'driver-unknown'
  /** The command line needs a shell: it holds pipes, redirections, expansions or built-in commands. */
  | 'needs-shell'
  /** Nothing shows which folder the path must stay in. */
  | 'no-base-folder'
  /** The fix would raise where nothing can catch it. */
  | 'no-error-channel'
  /** Another remedy of this plan changes the same place differently. */
  | 'remedy-conflict'
  /** The file cannot be read, parsed or edited. */
  | 'unreadable'
  /** The planned edit did not survive verification. */
  | 'verification-failed';

/** A finding without mechanical fix, and the reason in words. */
export interface RefusedRemedy {
  readonly finding: string;
  readonly code: RefusalCode;
  readonly reason: string;
}

/** A mechanical fix of one finding. */
export interface PlannedRemedy {
  readonly finding: string;
  /** Name of the recipe, such as `javascript/parameterise-sql`. */
  readonly recipe: string;
  /** What changes and why it removes the finding, in one or two sentences. */
  readonly explanation: string;
  /** Edits by file for this finding alone, imports included. */
  readonly files: readonly { readonly path: string; readonly edits: readonly TextEdit[] }[];
}

/** What a recipe proposes for one finding: edits of the sink's file. */
export interface RemedyDraft {
  readonly recipe: string;
  readonly explanation: string;
  readonly edits: readonly TextEdit[];
  /** Edits that add what the fixed code imports; the same import may be asked for by several remedies. */
  readonly imports?: readonly TextEdit[];
  /** Rows of names that the fixed code no longer uses, so that their imports may become unused. */
  readonly dropped?: readonly number[];
}

/** A recipe's refusal. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly reason: string;
}

/** What a recipe gets to see. */
export interface RecipeInput {
  readonly finding: Finding;
  readonly file: FileContext;
  readonly evidence: ProjectEvidence;
}

/** Plans the fix of a finding, or says why it cannot. */
export type Recipe = (input: RecipeInput) => RemedyDraft | Refusal;

/** Whether a recipe's answer is a refusal. */
export function isRefusal(answer: RemedyDraft | Refusal): answer is Refusal {
  return 'code' in answer;
}

/** Shorthand of recipes. */
export function refuse(code: RefusalCode, reason: string): Refusal {
  return { code, reason };
}
