import { basename } from 'node:path';
import type { FlatTree } from '@trocar/code';
import { ToolError } from '../errors.js';
import { readSourceText, type SourceText } from './source-file.js';

/** One file of code with its syntax tree. */
interface ParsedFile {
  readonly source: SourceText;
  readonly tree: FlatTree;
  /** False where the file has syntax errors; what stands in the broken parts may be missing in the tree. */
  readonly isWhole: boolean;
}

/**
 * Reads and parses one file of code at a canonical path.
 *
 * @throws {ToolError} `file-not-code` for what has no tree at all, and what {@link readSourceText} throws.
 */
export async function readParsedFile(path: string): Promise<ParsedFile> {
  const { parse } = await import('@trocar/code');
  const source = await readSourceText(path);
  const parsed = parse(source.language, source.text);
  if (parsed.status === 'failed') {
    throw new ToolError('file-not-code', `${basename(path)} cannot be parsed: ${parsed.message}`);
  }
  return { source, tree: parsed.tree, isWhole: parsed.status === 'parsed' };
}
