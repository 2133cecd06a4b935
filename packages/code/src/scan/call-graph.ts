import type { IrFunction, IrModule } from '../ir/module.js';
import { createResolver } from '../languages/lower.js';
import { comparePaths, type SourceTree } from '../source/source-tree.js';
import { Engine } from '../taint/engine.js';
import { loadSources } from './load-sources.js';
import { bundledModels } from './models.js';
import type { Coverage } from './report.js';

/** Which function may call which, by dotted names relative to the tree: `pkg.mod.Class.method`. */
export interface CallGraph {
  /** Caller to its callees, both sorted. Functions that call nothing known have an empty list. */
  readonly edges: Readonly<Record<string, readonly string[]>>;
  readonly coverage: Coverage;
}

function moduleName(file: string): string {
  return file
    .replace(/\.\w+$/, '')
    .replace(/(?:^|\/)__init__$/, '')
    .replaceAll('/', '.');
}

function nameOf(module: IrModule | undefined, fn: IrFunction): string {
  const prefix = moduleName(module?.file ?? '');
  if (fn.path === '') return prefix;
  return prefix === '' ? fn.path : `${prefix}.${fn.path}`;
}

/** The call graph of a code base, as its abstract run finds it: through variables, fields, arguments and classes. */
export async function callGraph(tree: SourceTree): Promise<CallGraph> {
  const { modules, skipped, packages } = await loadSources(tree);
  const resolve = createResolver(new Set(modules.keys()), packages);
  const engine = new Engine({ modules, resolve, models: bundledModels() });
  engine.run();
  const named = (fn: IrFunction): string => nameOf(engine.moduleOf.get(fn), fn);
  const edges = new Map<string, Set<string>>();
  for (const fn of engine.moduleOf.keys()) edges.set(named(fn), new Set());
  for (const [caller, callees] of engine.edges)
    for (const callee of callees) edges.get(named(caller))?.add(named(callee));
  const sorted = [...edges].sort(([a], [b]) => comparePaths(a, b));
  return {
    edges: Object.fromEntries(sorted.map(([caller, callees]) => [caller, [...callees].sort(comparePaths)])),
    coverage: { files: tree.files().length, analysed: modules.size, skipped },
  };
}
