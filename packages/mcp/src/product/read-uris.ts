/** Which resources clients have read, and from which paths: what can be worth an announcement. */
export interface ReadUris {
  add(uri: string, path: string): void;
  /** The URIs whose path is one of the files, or a folder above one of them. */
  touchedBy(files: readonly string[]): string[];
}

const capacity = 1_000;

/** Remembers the newest 1,000 URIs. */
export function createReadUris(): ReadUris {
  const paths = new Map<string, string>();
  return {
    add(uri, path) {
      paths.delete(uri);
      paths.set(uri, normalise(path));
      const [oldest] = paths.keys();
      if (paths.size > capacity && oldest !== undefined) paths.delete(oldest);
    },
    touchedBy(files) {
      const touched = files.map(normalise);
      return [...paths].filter(([, path]) => touched.some((file) => isAtOrAbove(path, file))).map(([uri]) => uri);
    },
  };
}

function normalise(path: string): string {
  return path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
}

function isAtOrAbove(path: string, file: string): boolean {
  return path === '' || path === '.' || path === file || file.startsWith(`${path}/`);
}
