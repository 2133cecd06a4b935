import type { IrModule } from '../ir/module.js';
import type { FlatTree } from '../syntax/flat-tree.js';
import { lowerJavaScript } from './javascript/lower-module.js';
import { resolveJavaScript, type WorkspacePackages } from './javascript/resolve.js';
import { lowerPython } from './python/lower-module.js';
import { resolvePython } from './python/resolve.js';

/** Lowers a tree of any language to the IR. */
export function lower(file: string, tree: FlatTree): IrModule {
  return tree.language === 'python' ? lowerPython(file, tree) : lowerJavaScript(file, tree);
}

/** A resolver for module names over a set of files, by the rules of each file's language. */
export function createResolver(
  files: ReadonlySet<string>,
  packages: WorkspacePackages,
): (from: string, specifier: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (from, specifier) => {
    const key = `${from}\0${specifier}`;
    if (known.has(key)) return known.get(key);
    const isPython = from.endsWith('.py') || from.endsWith('.pyw');
    const found = isPython
      ? resolvePython(from, specifier, files)
      : resolveJavaScript(from, specifier, files, packages);
    known.set(key, found);
    return found;
  };
}
