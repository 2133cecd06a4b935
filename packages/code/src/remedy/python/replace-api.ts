import type { FileContext } from '../../outline/file-context.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { keywordArguments, positionalArguments, unwrap } from './expressions.js';
import { importedName, importMember } from './imports.js';
import { removeArgument } from './run-without-shell.js';

const callKinds = new Set(['call']);

/** `eval(text)` on a text that is not put together here becomes `ast.literal_eval(text)`. */
export function replaceEval({ finding, file }: RecipeInput): RemedyDraft | Refusal {
  const { tree, scopes } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  const callee = call < 0 ? -1 : tree.childByField(call, 'function');
  if (callee < 0 || tree.textOf(callee) !== 'eval' || scopes.bindingOf.has(callee)) {
    return refuse('unsupported-shape', 'Only the built-in eval has a replacement.');
  }
  const [argument = -1, ...others] = positionalArguments(tree, call);
  const kind = tree.kindOf(unwrap(tree, argument));
  const isComposed = argument < 0 || /^(binary_operator|string|concatenated_string|list_splat)$/.test(kind);
  if (isComposed || others.length > 0 || keywordArguments(tree, call).size > 0) {
    return refuse(
      'unsupported-shape',
      'The expression is put together here or given names to use, so it is more than a literal.',
    );
  }
  const imported = importMember(file, 'ast', 'literal_eval');
  if (imported === undefined) return refuse('unsupported-shape', 'The name ast is taken in this file.');
  return {
    recipe: 'python/replace-eval',
    explanation:
      'Reads the text as a Python literal (numbers, texts, lists, dictionaries) instead of running it as code; anything else raises ValueError.',
    edits: [{ ...tree.spanOf(callee), text: imported.code }],
    imports: imported.edits,
  };
}

/** `yaml.load` becomes `yaml.safe_load`. */
export function replaceLoader({ finding, file }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  const callee = call < 0 ? -1 : tree.childByField(call, 'function');
  const target = callee < 0 ? undefined : importedName(file, callee);
  const safe = safeLoaders.get(target ?? '');
  if (safe === undefined)
    return refuse(
      'no-recipe',
      `There is no drop-in replacement for ${target ?? 'this call'} that reads the same data safely.`,
    );
  const [, second, ...others] = positionalArguments(tree, call);
  const loader = keywordArguments(tree, call).get('Loader') ?? second;
  if (others.length > 0 || (loader !== undefined && !isKnownLoader(file, loader))) {
    return refuse('unsupported-shape', 'The call uses a loader of its own.');
  }
  const imported = importMember(file, 'yaml', safe);
  if (imported === undefined) return refuse('unsupported-shape', 'The name yaml is taken in this file.');
  return {
    recipe: 'python/replace-loader',
    explanation: `Reads plain data with yaml.${safe}, which creates no objects of the document's choice.`,
    edits: [
      { ...tree.spanOf(callee), text: imported.code },
      ...(loader === undefined ? [] : [removeArgument(file, loader)]),
    ],
    imports: imported.edits,
  };
}

const safeLoaders: ReadonlyMap<string, string> = new Map([
  ['yaml.load', 'safe_load'],
  ['yaml.load_all', 'safe_load_all'],
  ['yaml.unsafe_load', 'safe_load'],
  ['yaml.full_load', 'safe_load'],
]);

/** Loaders that the library brings itself; one of the project's own may build what the code relies on. */
function isKnownLoader(file: FileContext, loader: number): boolean {
  const { tree } = file;
  const value = tree.kindOf(loader) === 'keyword_argument' ? tree.childByField(loader, 'value') : loader;
  return /^yaml\.C?(Unsafe|Full)?Loader$/.test(importedName(file, value) ?? '');
}
