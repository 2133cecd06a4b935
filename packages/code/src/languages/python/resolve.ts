function moduleFile(base: string, files: ReadonlySet<string>): string | undefined {
  for (const candidate of [`${base}.py`, `${base}/__init__.py`]) if (files.has(candidate)) return candidate;
  return undefined;
}

/** File that a module name means in a Python file: relative to its package, to the tree, or to a folder around the file. */
export function resolvePython(from: string, specifier: string, files: ReadonlySet<string>): string | undefined {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const path = specifier.slice(dots).replaceAll('.', '/');
  let folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
  if (dots > 0) {
    for (let up = 1; up < dots; up += 1) {
      if (folder === '') return undefined;
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
    }
    if (path === '')
      return files.has(`${folder === '' ? '' : `${folder}/`}__init__.py`)
        ? `${folder === '' ? '' : `${folder}/`}__init__.py`
        : undefined;
    return moduleFile(folder === '' ? path : `${folder}/${path}`, files);
  }
  for (;;) {
    const found =
      moduleFile(folder === '' ? path : `${folder}/${path}`, files) ??
      moduleFile(folder === '' ? `src/${path}` : `${folder}/src/${path}`, files);
    if (found !== undefined && found !== from) return found;
    if (folder === '') return undefined;
    folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
  }
}
