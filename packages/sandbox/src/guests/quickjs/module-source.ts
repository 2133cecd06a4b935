/** An ECMAScript module as the engine gets it: `import.meta` is filled in, on the first line, so that lines stay. */
export function toModuleSource(source: string, path: string): string {
  if (!source.includes('import.meta')) return source;
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  const url = new URL('file:///');
  url.pathname = path;
  const meta = { url: url.href, filename: path, dirname: directory };
  return `Object.assign(import.meta, ${JSON.stringify(meta)});${source}`;
}

/** A JSON file as a module. */
export function createJsonModule(source: string): string {
  return `export default JSON.parse(${JSON.stringify(source)});`;
}

/** A module through which ECMAScript modules import a CommonJS file. */
export function createImportWrapper(source: string, path: string): string {
  const names = findExportNames(source);
  const lines = [
    "import { requirePath } from 'trocar:commonjs';",
    `const exported = requirePath(${JSON.stringify(path)});`,
    'export default exported;',
    ...names.map((name, index) => `const name${index} = exported?.${name}; export { name${index} as ${name} };`),
  ];
  return lines.join('');
}

/** The names that a CommonJS file visibly exports, as Node's lexer finds them: by their shape in the text. */
function findExportNames(source: string): readonly string[] {
  const names = new Set<string>();
  for (const match of source.matchAll(/(?:\bmodule\.)?\bexports\.([A-Za-z_$][\w$]*)\s*=(?!=)/g)) names.add(match[1]!);
  for (const match of source.matchAll(
    /\bObject\.defineProperty\(\s*(?:module\.)?exports\s*,\s*['"]([A-Za-z_$][\w$]*)['"]/g,
  )) {
    names.add(match[1]!);
  }
  for (const match of source.matchAll(/\bmodule\.exports\s*=\s*\{([^{}]*)\}/g)) {
    for (const part of match[1]!.split(',')) {
      const name = /^\s*(?:['"])?([A-Za-z_$][\w$]*)(?:['"])?\s*(?::|$|\()/.exec(part)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  names.delete('default');
  return [...names];
}
