const suffixes = [
  '',
  '.js',
  '.mjs',
  '.cjs',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.jsx',
  '/index.js',
  '/index.ts',
  '/index.mjs',
  '/index.cjs',
  '/index.tsx',
  '/index.jsx',
];
/** What TypeScript lets stand for a source file: `./x.js` may mean `./x.ts`. */
const replacements: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.ts', '.tsx', '.jsx']],
  [/\.mjs$/, ['.mts']],
  [/\.cjs$/, ['.cts']],
  [/\.jsx$/, ['.tsx']],
];

/** Removes `.` and `..` from a path; undefined where it leaves the tree. */
function normalizePath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

function firstFile(base: string, files: ReadonlySet<string>): string | undefined {
  for (const suffix of suffixes) if (files.has(base + suffix)) return base + suffix;
  for (const [pattern, endings] of replacements) {
    if (!pattern.test(base)) continue;
    for (const ending of endings) {
      const candidate = base.replace(pattern, ending);
      if (files.has(candidate)) return candidate;
    }
  }
  return undefined;
}

/** Packages of the tree itself: name of the package to its folder. */
export type WorkspacePackages = ReadonlyMap<string, string>;

/** File that a module name means in a JavaScript or TypeScript file; undefined for modules outside the tree. */
export function resolveJavaScript(
  from: string,
  specifier: string,
  files: ReadonlySet<string>,
  packages: WorkspacePackages,
): string | undefined {
  if (specifier.startsWith('.')) {
    const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
    const base = normalizePath(`${folder}/${specifier.replace(/[?#].*$/, '')}`);
    if (base === undefined) return undefined;
    return firstFile(base, files) ?? (base === '' ? firstFile('index', files) : undefined);
  }
  const name = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] as string);
  const folder = packages.get(name);
  if (folder === undefined) return undefined;
  const inner = specifier.slice(name.length + 1);
  const prefix = folder === '' ? '' : `${folder}/`;
  return inner === ''
    ? (firstFile(`${prefix}src/index`, files) ?? firstFile(`${prefix}index`, files))
    : firstFile(`${prefix}${inner}`, files);
}
