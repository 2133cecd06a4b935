/** The files that `node --test` runs when it is given none: by name, and everything below a folder called `test`. */
export function findTestFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !/(?:^|\/)node_modules\//.test(path) && isTestFile(path)).sort();
}

function isTestFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!/\.[cm]?[jt]s$/.test(name) || /\.d\.[cm]?ts$/.test(name)) return false;
  return /(?:^|\/)test\//.test(path) || /^test(?:-.*)?\.[^.]+$/.test(name) || /[.\-_]test\.[^.]+$/.test(name);
}
