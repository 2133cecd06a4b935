import { createResolver } from '../languages/lower.js';
import { comparePaths, type Omission, type SourceTree } from '../source/source-tree.js';
import { Engine, type EngineLimits } from '../taint/engine.js';
import { toFindings } from './finding.js';
import { importedFolders } from './imported-folders.js';
import { type LoadLimits, loadSources } from './load-sources.js';
import { bundledModels } from './models.js';
import { incompleteCodes, type ScanReport, type SkipCode, type SkippedFile } from './report.js';

/** Bounds of a scan. */
export interface ScanOptions {
  readonly load?: LoadLimits;
  readonly engine?: EngineLimits;
}

const omissionCodes: Readonly<Record<Omission['code'], SkipCode>> = {
  'dependency-folder': 'dependency-folder',
  symlink: 'symlink',
  'special-file': 'special-file',
  unreadable: 'unreadable',
  'too-many-files': 'too-many-files',
  'too-deep': 'budget',
};

/**
 * Analyses a code base: every source file is read, parsed, lowered and followed from what outsiders send to where it
 * does harm. Same tree, same version: same report, in the same order.
 */
export async function scan(tree: SourceTree, options: ScanOptions = {}): Promise<ScanReport> {
  const { modules, skipped, packages } = await loadSources(tree, options.load);
  const resolve = createResolver(new Set(modules.keys()), packages);
  const limits = options.engine === undefined ? {} : { limits: options.engine };
  const engine = new Engine({ modules, resolve, models: bundledModels(), ...limits });
  engine.run();
  const problems: SkippedFile[] = [...skipped, ...importedFolders(modules, tree.omissions())];
  for (const omission of tree.omissions()) {
    problems.push({ file: omission.path, reason: omission.reason, code: omissionCodes[omission.code] });
  }
  for (const file of engine.exhausted) {
    problems.push({ file, code: 'budget', reason: 'took more analysis steps than the limit; results are partial' });
  }
  if (modules.size === 0)
    problems.push({ file: '.', code: 'nothing-to-analyse', reason: 'no source code that can be analysed' });
  problems.sort((a, b) => comparePaths(a.file, b.file) || comparePaths(a.code, b.code));
  return {
    findings: toFindings(engine.reports.all, modules),
    coverage: { files: tree.files().length, analysed: modules.size, skipped: problems },
    complete: problems.every((problem) => !incompleteCodes.has(problem.code)),
  };
}
