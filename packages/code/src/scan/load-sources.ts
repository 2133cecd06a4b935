import type { IrModule } from '../ir/module.js';
import { lower } from '../languages/lower.js';
import { decodeSource } from '../source/decode-source.js';
import type { SourceFile, SourceTree } from '../source/source-tree.js';
import {
  hasExtension,
  type Language,
  languageOf,
  languageOfShebang,
  unsupportedLanguageOf,
} from '../syntax/language.js';
import { initSyntax, parse } from '../syntax/parse.js';
import type { SkipCode, SkippedFile } from './report.js';

/** What became of the files of a tree. */
export interface LoadedSources {
  readonly modules: ReadonlyMap<string, IrModule>;
  readonly skipped: readonly SkippedFile[];
  /** Names of the packages that the tree itself holds, with their folders. */
  readonly packages: ReadonlyMap<string, string>;
}

/** Bounds of what is read. */
export interface LoadLimits {
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

const defaultLoadLimits: LoadLimits = { maxFileBytes: 4_000_000, maxTotalBytes: 256_000_000 };

type Loaded = { readonly module: IrModule; readonly problem?: SkippedFile } | { readonly problem: SkippedFile };

function skip(file: string, code: SkipCode, reason: string): { problem: SkippedFile } {
  return { problem: { file, reason, code } };
}

async function readText(
  tree: SourceTree,
  file: SourceFile,
  limits: LoadLimits,
): Promise<string | { problem: SkippedFile }> {
  if (file.sizeBytes > limits.maxFileBytes)
    return skip(file.path, 'too-large', `larger than ${limits.maxFileBytes} bytes`);
  let bytes: Uint8Array;
  try {
    bytes = await tree.read(file.path);
  } catch {
    return skip(file.path, 'unreadable', 'the file cannot be read');
  }
  const decoded = decodeSource(bytes);
  if (decoded.ok) return decoded.text;
  return skip(file.path, decoded.code === 'binary' ? 'binary-source' : 'invalid-utf8', decoded.reason);
}

/** The language of an executable without extension, by its first line. */
async function scriptLanguage(tree: SourceTree, file: SourceFile, limits: LoadLimits): Promise<Language | undefined> {
  if (hasExtension(file.path)) return undefined;
  const text = await readText(tree, file, limits);
  return typeof text === 'string' ? languageOfShebang(text) : undefined;
}

async function loadFile(tree: SourceTree, file: SourceFile, limits: LoadLimits): Promise<Loaded> {
  const language = languageOf(file.path) ?? (await scriptLanguage(tree, file, limits));
  if (language === undefined) {
    const other = unsupportedLanguageOf(file.path);
    if (other === undefined) return skip(file.path, 'not-source', 'not source code');
    return skip(file.path, 'unsupported-language', `${other} is not analysed`);
  }
  const text = await readText(tree, file, limits);
  if (typeof text !== 'string') return text;
  const result = parse(language, text);
  if (result.status === 'failed') {
    const [first] = result.diagnostics;
    if (result.failure === 'syntax') {
      return skip(file.path, 'syntax-error', `syntax error in line ${first?.line ?? 1}: ${result.message}`);
    }
    return skip(file.path, result.failure === 'too-large' ? 'too-large' : 'budget', result.message);
  }
  const module = lower(file.path, result.tree);
  if (result.status === 'parsed') return { module };
  const [first] = result.diagnostics;
  const reason = `syntax error in line ${first?.line ?? 1}: ${first?.message ?? 'unexpected text'}; the rest is analysed`;
  return { module, problem: { file: file.path, reason, code: 'syntax-error' } };
}

async function packageName(tree: SourceTree, path: string): Promise<string | undefined> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(await tree.read(path)));
    const name = typeof parsed === 'object' && parsed !== null ? (parsed as { name?: unknown }).name : undefined;
    return typeof name === 'string' ? name : undefined;
  } catch {
    // A manifest that cannot be read only means that its package is not known by name.
    return undefined;
  }
}

/** Reads, parses and lowers every source file of a tree. */
export async function loadSources(tree: SourceTree, limits: LoadLimits = defaultLoadLimits): Promise<LoadedSources> {
  await initSyntax();
  const modules = new Map<string, IrModule>();
  const skipped: SkippedFile[] = [];
  const packages = new Map<string, string>();
  let total = 0;
  for (const file of tree.files()) {
    if (/(?:^|\/)package\.json$/.test(file.path) && file.sizeBytes < 1_000_000) {
      const name = await packageName(tree, file.path);
      if (name !== undefined) packages.set(name, file.path.slice(0, Math.max(0, file.path.lastIndexOf('/'))));
    }
    const isSource = languageOf(file.path) !== undefined;
    if (isSource) total += file.sizeBytes;
    if (isSource && total > limits.maxTotalBytes) {
      skipped.push({ file: file.path, code: 'budget', reason: 'more source text than the limit' });
      continue;
    }
    const loaded = await loadFile(tree, file, limits);
    if ('module' in loaded) modules.set(file.path, loaded.module);
    if (loaded.problem !== undefined) skipped.push(loaded.problem);
  }
  return { modules, skipped, packages };
}
