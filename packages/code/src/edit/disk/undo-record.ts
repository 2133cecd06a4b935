import { dirname, join, relative, sep } from 'node:path';
import { type Digest, digestBytes, digestJson, isDigest, toCanonicalJson } from '@trocar/core';
import type { ChangeSet } from '../change-set.js';
import { FolderError } from './folder-error.js';
import { type FileState, readFileState, removeIfFile, syncFolder, writeOwnFile } from './folder-file.js';
import type { FolderFs } from './folder-fs.js';
import { inspectFolders, lstatOrUndefined, refusePathText } from './folder-path.js';

/** What an undo folder remembers of one file. */
export interface UndoFile {
  readonly path: string;
  readonly before: Digest | 'absent';
  readonly after: Digest;
  /** Permission bits before; 0 for a file that did not exist. */
  readonly mode: number;
}

/** What an undo folder remembers: enough to finish the change set or to take it back. */
export interface UndoRecord {
  readonly version: 1;
  /** Digest of the change set's paths and digests. */
  readonly changeSet: Digest;
  readonly files: readonly UndoFile[];
  /** Folders below the root that the change set creates, outermost first. */
  readonly createdFolders: readonly string[];
}

const recordName = 'record.json';
const maximumRecordBytes = 64 * 1024 * 1024;

/** The digest that binds an undo folder to a change set. */
export function digestChangeSet(changeSet: ChangeSet): Digest {
  return digestJson(changeSet.files.map(({ path, before, after }) => ({ path, before, after })));
}

/** The temporary file beside `path` that applying or undoing this change set uses: the same one in every attempt. */
export function temporaryName(changeSet: Digest, path: string): string {
  return `.trocar-${digestBytes(`${changeSet}\n${path}`).slice('sha256:'.length, 'sha256:'.length + 24)}.tmp`;
}

/** Removes the temporary files that an interrupted attempt left beside its files. */
export async function removeLeftovers(fs: FolderFs, root: string, record: UndoRecord): Promise<void> {
  for (const { path } of record.files) {
    const { reason, missing } = await inspectFolders(fs, root, path);
    if (reason !== undefined || missing.length > 0) continue;
    await removeIfFile(fs, join(root, dirname(path), temporaryName(record.changeSet, path)));
  }
}

/**
 * Creates the undo folder if need be and gives its real path.
 *
 * @throws {FolderError} `undo-folder-refused` where it lies inside `root`, where the next scan would read the copies.
 */
export async function prepareUndoFolder(fs: FolderFs, root: string, undoFolder: string): Promise<string> {
  let existing = undoFolder;
  while ((await lstatOrUndefined(fs, existing)) === undefined) existing = dirname(existing);
  refuseInside(root, join(await fs.realpath(existing), relative(existing, undoFolder)));
  await fs.mkdir(undoFolder, { recursive: true, mode: 0o700 });
  const real = await fs.realpath(undoFolder);
  refuseInside(root, real);
  return real;
}

function refuseInside(root: string, folder: string): void {
  const way = relative(root, folder);
  if (way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith('/'))) {
    throw new FolderError(
      'undo-folder-refused',
      'The undo folder lies inside the tree it is to undo. Name one outside.',
    );
  }
}

/** Copies what will be replaced, then commits the record; nothing in the tree may be written before this returns. */
export async function saveUndo(
  fs: FolderFs,
  root: string,
  undoFolder: string,
  changeSet: ChangeSet,
  states: ReadonlyMap<string, FileState>,
): Promise<UndoRecord> {
  const files: UndoFile[] = [];
  const createdFolders = new Set<string>();
  for (const { path, before, after } of changeSet.files) {
    const state = states.get(path);
    if (state === undefined || state.digest !== before) continue;
    if (state.digest !== 'absent') await writeOwnFile(fs, undoFolder, copyName(state.digest), state.bytes);
    files.push({ path, before, after, mode: state.digest === 'absent' ? 0 : state.mode });
    for (const folder of (await inspectFolders(fs, root, path)).missing) createdFolders.add(folder);
  }
  const record: UndoRecord = {
    version: 1,
    changeSet: digestChangeSet(changeSet),
    files,
    createdFolders: [...createdFolders].sort(),
  };
  await writeOwnFile(fs, undoFolder, recordName, new TextEncoder().encode(toCanonicalJson({ ...record })));
  await syncFolder(fs, dirname(undoFolder));
  return record;
}

/**
 * The record of an undo folder, or undefined where none was committed.
 *
 * @throws {FolderError} `undo-damaged` where it is not what {@link saveUndo} writes.
 */
export async function readUndoRecord(fs: FolderFs, undoFolder: string): Promise<UndoRecord | undefined> {
  const bytes = await readOwnFile(fs, undoFolder, recordName);
  if (bytes === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged('its record is no JSON', cause);
  }
  if (!isUndoRecord(value)) throw damaged('its record has another form');
  return value;
}

/**
 * The copy of a file from before.
 *
 * @throws {FolderError} `undo-damaged` where it is missing or was changed.
 */
export async function readUndoCopy(fs: FolderFs, undoFolder: string, digest: Digest): Promise<Uint8Array> {
  const bytes = await readOwnFile(fs, undoFolder, copyName(digest));
  if (bytes === undefined || digestBytes(bytes) !== digest) throw damaged('a copy is missing or was changed');
  return bytes;
}

async function readOwnFile(fs: FolderFs, folder: string, name: string): Promise<Uint8Array | undefined> {
  const state = await readFileState(fs, folder, name);
  if (state.digest === 'absent') return undefined;
  if (state.bytes.length > maximumRecordBytes) throw damaged('a file in it is too large');
  return state.bytes;
}

function copyName(digest: Digest): string {
  return `${digest.slice('sha256:'.length)}.before`;
}

function isUndoRecord(value: unknown): value is UndoRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { version, changeSet, files, createdFolders } = value as Partial<Record<keyof UndoRecord, unknown>>;
  return (
    version === 1 &&
    isDigest(changeSet) &&
    Array.isArray(files) &&
    files.every(isUndoFile) &&
    Array.isArray(createdFolders) &&
    createdFolders.every((folder) => typeof folder === 'string' && refusePathText(folder) === undefined)
  );
}

function isUndoFile(value: unknown): value is UndoFile {
  if (typeof value !== 'object' || value === null) return false;
  const { path, before, after, mode } = value as Partial<Record<keyof UndoFile, unknown>>;
  return (
    typeof path === 'string' &&
    refusePathText(path) === undefined &&
    (before === 'absent' || isDigest(before)) &&
    isDigest(after) &&
    typeof mode === 'number' &&
    Number.isInteger(mode) &&
    mode >= 0 &&
    mode <= 0o7777
  );
}

function damaged(what: string, cause?: unknown): FolderError {
  return new FolderError('undo-damaged', `The undo folder cannot be used: ${what}.`, { cause });
}
