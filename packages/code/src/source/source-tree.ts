/** A file of a tree: path relative to its root with forward slashes, size in bytes. */
export interface SourceFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Why a place of a tree was not listed. */
export type OmissionCode =
  | 'dependency-folder'
  | 'symlink'
  | 'special-file'
  | 'unreadable'
  | 'too-many-files'
  | 'too-deep';

/** A file or folder that a tree does not list, with the reason. */
export interface Omission {
  readonly path: string;
  readonly code: OmissionCode;
  readonly reason: string;
}

/** Read access to the files of a code base. Paths are sorted by UTF-16 code unit, so every listing is the same. */
export interface SourceTree {
  files(): readonly SourceFile[];
  omissions(): readonly Omission[];
  /** Bytes of a listed file. Rejects where it cannot be read. */
  read(path: string): Promise<Uint8Array>;
}

/** Compares paths by UTF-16 code unit, the same on every machine. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A tree held in memory: path to text or bytes. Texts are encoded as UTF-8. */
export function createMemoryTree(entries: Readonly<Record<string, string | Uint8Array>>): SourceTree {
  const contents = new Map(
    Object.entries(entries).map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
  const files = [...contents]
    .map(([path, bytes]) => ({ path, sizeBytes: bytes.byteLength }))
    .sort((a, b) => comparePaths(a.path, b.path));
  return {
    files: () => files,
    omissions: () => [],
    read: (path) => {
      const bytes = contents.get(path);
      return bytes === undefined ? Promise.reject(new RangeError(`no file ${path}`)) : Promise.resolve(bytes);
    },
  };
}
