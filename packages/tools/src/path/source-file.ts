import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Language } from '@trocar/code';
import { type Digest, digestBytes } from '@trocar/core';
import { ToolError } from '../errors.js';
import { isSecretFile } from './secret-file.js';

/** One file of code as a tool works on it. */
export interface SourceText {
  readonly language: Language;
  readonly bytes: Uint8Array;
  /** Digest of the bytes. */
  readonly digest: Digest;
  /** The text without its byte order mark. */
  readonly text: string;
}

const maximumBytes = 10 * 1024 * 1024;

/**
 * Reads one file of code at a canonical path.
 *
 * @throws {ToolError} `not-a-file`, `file-too-large`, `file-not-code` (binary, not UTF-8, secret or no known language),
 * `path-unreadable`.
 */
export async function readSourceText(path: string): Promise<SourceText> {
  const { decodeSource, initSyntax, languageOf } = await import('@trocar/code');
  const name = basename(path);
  const found = await stat(path);
  if (!found.isFile()) throw new ToolError('not-a-file', `${name} is not a regular file.`);
  if (found.size > maximumBytes) {
    throw new ToolError('file-too-large', `${name} has ${found.size} bytes; at most ${maximumBytes} are read.`);
  }
  const language = languageOf(path);
  if (language === undefined || isSecretFile(path)) {
    throw new ToolError('file-not-code', `${name} is not a JavaScript, TypeScript or Python file.`);
  }
  const bytes = await readBytes(path, name);
  const decoded = decodeSource(bytes);
  if (!decoded.ok) throw new ToolError('file-not-code', `${name} cannot be read as code: ${decoded.reason}.`);
  await initSyntax([language]);
  return { language, bytes, digest: digestBytes(bytes), text: decoded.text };
}

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new ToolError('path-unreadable', `${name} cannot be read (${code}).`);
  }
}
