import type { ToolContract } from '@trocar/plane';
import {
  extractCode,
  getCallGraph,
  getFileContext,
  getSymbolReferences,
  renameSymbol,
  runInSandbox,
  securityScan,
  updateSymbol,
} from '@trocar/tools';

/** Which tools of the plane agents see, and how they behave. */
export interface Exposure {
  /** The tool of the plane, as clients are told of it; no engine is loaded for that. */
  readonly contract: ToolContract;
  readonly title: string;
  /** `read` looks, `run` executes a guest in the sandbox, `change` plans an edit that waits for approval. */
  readonly effect: 'read' | 'run' | 'change';
  /** The list or the text in the output that is cut to `max_tokens`. */
  readonly cut?: string;
  /** Fields of the output whose text comes from files or guests: data, never instructions. */
  readonly foreign: readonly string[];
  /** In the small set that is listed by default. */
  readonly isDefault: boolean;
}

/** Every tool that agents may be shown, in the order in which they are listed. */
export const exposures: readonly Exposure[] = [
  {
    contract: securityScan,
    title: 'Find vulnerabilities',
    effect: 'read',
    cut: 'findings',
    foreign: ['findings'],
    isDefault: true,
  },
  {
    contract: extractCode,
    title: 'Read one symbol',
    effect: 'read',
    cut: 'code',
    foreign: ['code', 'comment', 'imports'],
    isDefault: true,
  },
  {
    contract: getFileContext,
    title: 'Outline a file',
    effect: 'read',
    cut: 'symbols',
    foreign: ['symbols', 'imports'],
    isDefault: true,
  },
  {
    contract: getCallGraph,
    title: 'Find who calls whom',
    effect: 'read',
    cut: 'calls',
    foreign: ['calls'],
    isDefault: false,
  },
  {
    contract: getSymbolReferences,
    title: 'Find the uses of a symbol',
    effect: 'read',
    cut: 'references',
    foreign: ['references'],
    isDefault: true,
  },
  { contract: updateSymbol, title: 'Replace one symbol', effect: 'change', foreign: ['edits'], isDefault: true },
  {
    contract: renameSymbol,
    title: 'Rename a symbol everywhere',
    effect: 'change',
    foreign: ['edits'],
    isDefault: true,
  },
  {
    contract: runInSandbox,
    title: 'Run a file in the sandbox',
    effect: 'run',
    cut: 'stdout',
    foreign: ['values', 'stdout', 'stderr', 'trap'],
    isDefault: true,
  },
];

/** Which tools are listed: the default ones, or all. */
export type ToolsetName = 'default' | 'all';
