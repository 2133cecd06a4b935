import { findSymbol, type SymbolQuery } from '../../outline/find-symbol.js';
import { outlineTree } from '../../outline/outline.js';
import type { OutlineSymbol } from '../../outline/outline-symbol.js';
import type { Binding } from '../../outline/scope/scope-table.js';
import type { SourceTree } from '../../source/source-tree.js';
import { languageOf } from '../../syntax/language.js';
import { type PlannedChange, planChange } from '../change-set.js';
import type { TextEdit } from '../text-edit.js';
import { type CollectedPlaces, collectPlaces, type UncertainPlace } from './collect-places.js';
import { type LinkedFile, type LinkedProject, linkProject, relinkProject } from './linked-project.js';
import { isUsableName } from './name-rules.js';

/** The symbol that is meant: a file and a name in it. */
export interface SymbolReference extends SymbolQuery {
  readonly path: string;
  /** Name or path as `findSymbol` takes it. */
  readonly symbol: string;
}

/** A place where a symbol is declared, used or imported. */
export interface SymbolPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly role: 'declaration' | 'reference' | 'import';
}

/** Why the places of a symbol, or a new name for it, cannot be given with certainty. */
export interface RenameProblem {
  readonly code:
    | 'file-missing'
    | 'symbol-missing'
    | 'symbol-ambiguous'
    /** Members of classes and objects: which object a use means shows only with types. */
    | 'needs-types'
    | 'name-unusable'
    | 'name-collides'
    | 'uncertain-references'
    | 'verification-failed';
  readonly message: string;
  /** Places that decide it. */
  readonly places: readonly UncertainPlace[];
}

/** All uses of a symbol; complete only where `uncertain` is empty. */
export type SymbolReferences =
  | {
      readonly ok: true;
      readonly symbol: OutlineSymbol;
      readonly places: readonly SymbolPlace[];
      readonly uncertain: readonly UncertainPlace[];
    }
  | { readonly ok: false; readonly problem: RenameProblem };

/** A rename as a change set, or why it was refused; then nothing changes. */
export type RenamePlan =
  | {
      readonly ok: true;
      readonly symbol: OutlineSymbol;
      readonly places: readonly SymbolPlace[];
      readonly change: Extract<PlannedChange, { ok: true }>;
    }
  | { readonly ok: false; readonly problem: RenameProblem };

interface Located {
  readonly ok: true;
  readonly project: LinkedProject;
  readonly file: LinkedFile;
  readonly symbol: OutlineSymbol;
  readonly binding: Binding;
}

/** What is known already. */
export interface RenameOptions {
  /** The tree's files of the target's language family as `linkProject` gives them, to answer without reading them again. */
  readonly project?: LinkedProject;
}

type Refused = { readonly ok: false; readonly problem: RenameProblem };

/**
 * Every place where a symbol is declared, used or imported, found by scopes and module resolution, not by its text.
 * Await `initSyntax` first.
 */
export async function findReferences(
  tree: SourceTree,
  target: SymbolReference,
  options: RenameOptions = {},
): Promise<SymbolReferences> {
  const located = await locateIn(tree, target, options);
  if (!located.ok) return located;
  const { project, symbol, binding } = located;
  // Its own name collides with nothing but itself.
  const { places, uncertain } = collectPlaces(project, target.path, binding, binding.name);
  return { ok: true, symbol, places: toPlaces(project, places), uncertain };
}

/**
 * Plans a new name for a symbol in every file that uses it: all of them or none. Refused where a use cannot be decided,
 * where the name is taken or would come to mean something else, and for members of classes and objects,
 * whose uses show only with types. The changed files are resolved anew: the symbol must have as many places.
 */
export async function renameSymbol(
  tree: SourceTree,
  target: SymbolReference,
  newName: string,
  options: RenameOptions = {},
): Promise<RenamePlan> {
  const located = await locateIn(tree, target, options);
  if (!located.ok) return located;
  const { project, symbol, binding, file } = located;
  if (!isUsableName(file.context.language, newName) || newName === binding.name) {
    return refuse('name-unusable', `${newName} cannot be the new name of ${binding.name}.`);
  }
  const collected = collectPlaces(project, target.path, binding, newName);
  if (collected.collisions.length > 0) {
    return refuse(
      'name-collides',
      `${newName} stands for something else where ${binding.name} is used.`,
      collected.collisions,
    );
  }
  if (collected.uncertain.length > 0) {
    return refuse(
      'uncertain-references',
      `Whether ${binding.name} is meant cannot be decided everywhere.`,
      collected.uncertain,
    );
  }
  const edits = new Map<string, TextEdit[]>();
  for (const { path, start, end, before, after } of collected.places) {
    const list = edits.get(path) ?? [];
    list.push({ start, end, text: before + newName + after });
    edits.set(path, list);
  }
  const change = await planChange(tree, edits);
  if (!change.ok) return refuse('verification-failed', change.problem.message);
  const after = await relinkProject(project, change.overlay, change.overlay.changedPaths());
  const problem = verify(after, target, symbol, newName, collected);
  return problem ?? { ok: true, symbol, places: toPlaces(project, collected.places), change };
}

/** Resolves the changed tree anew: what was one symbol must be one symbol, with the same places. */
function verify(
  project: LinkedProject,
  target: SymbolReference,
  symbol: OutlineSymbol,
  newName: string,
  collected: CollectedPlaces,
): Refused | undefined {
  const path = symbol.path.slice(0, symbol.path.length - symbol.name.length) + newName;
  const again = locate(project, { path: target.path, symbol: path, kind: symbol.kind, line: symbol.line });
  if (!again.ok) return refuse('verification-failed', `After the rename: ${again.problem.message}`);
  const after = collectPlaces(again.project, target.path, again.binding, newName);
  const countByFile = (places: CollectedPlaces['places']) => {
    const counts = new Map<string, number>();
    for (const place of places) counts.set(place.path, (counts.get(place.path) ?? 0) + 1);
    return JSON.stringify([...counts]);
  };
  if (after.uncertain.length === 0 && countByFile(after.places) === countByFile(collected.places)) return undefined;
  return refuse('verification-failed', 'After the rename the symbol would not have the same places.', after.uncertain);
}

async function locateIn(tree: SourceTree, target: SymbolReference, options: RenameOptions): Promise<Located | Refused> {
  const language = languageOf(target.path);
  if (language === undefined) return refuse('file-missing', `${target.path} is no file whose symbols can be resolved.`);
  return locate(options.project ?? (await linkProject(tree, language === 'python')), target);
}

function locate(project: LinkedProject, target: SymbolReference): Located | Refused {
  const file = project.files.get(target.path);
  if (file === undefined) return refuse('file-missing', `${target.path} is not in the tree or does not parse.`);
  const { context } = file;
  const symbols = outlineTree(context.tree);
  const found = findSymbol(symbols, target.symbol, target);
  if (found.status === 'missing') {
    const near = found.nearest.length > 0 ? ` Nearest: ${found.nearest.join(', ')}.` : '';
    return refuse('symbol-missing', `There is no symbol ${target.symbol} in ${target.path}.${near}`);
  }
  if (found.status === 'ambiguous') {
    const places = found.candidates.map(({ path, kind, line }) => ({
      path: target.path,
      line,
      reason: `${kind} ${path}`,
    }));
    return refuse('symbol-ambiguous', `${target.symbol} means several symbols. Name a path, a kind or a line.`, places);
  }
  const { symbol } = found;
  const binding = [...context.scopes.bindings()].find((candidate) =>
    candidate.declarations.some((node) => context.tree.start[node] === symbol.nameSpan?.start),
  );
  const isMember = symbols[symbol.parent]?.kind === 'class' || binding === undefined || binding.kind === 'member';
  const owner = binding === undefined ? -1 : (context.scopes.scopes[binding.scope]?.node ?? -1);
  if (isMember || context.tree.kindOf(owner) === 'TSModuleBlock')
    return refuse('needs-types', `${symbol.path} is a member; which object a use means shows only with types.`);
  return { ok: true, project, file, symbol, binding };
}

function toPlaces(project: LinkedProject, places: CollectedPlaces['places']): SymbolPlace[] {
  return places.map(({ path, start, role }) => {
    const position = (project.files.get(path) as LinkedFile).context.tree.positionAt(start);
    return { path, ...position, role };
  });
}

function refuse(code: RenameProblem['code'], message: string, places: readonly UncertainPlace[] = []): Refused {
  return { ok: false, problem: { code, message, places } };
}
