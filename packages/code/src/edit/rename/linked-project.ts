import { resolveJavaScript } from '../../languages/javascript/resolve.js';
import { resolvePython } from '../../languages/python/resolve.js';
import { FileContext } from '../../outline/file-context.js';
import { decodeSource } from '../../source/decode-source.js';
import type { SourceTree } from '../../source/source-tree.js';
import { languageOf, unsupportedLanguageOf } from '../../syntax/language.js';
import { parse } from '../../syntax/parse.js';
import { readJavaScriptLinks } from './javascript-links.js';
import type { ModuleLink } from './module-link.js';
import { readPythonLinks } from './python-links.js';

const maximumFiles = 20_000;
const maximumFileBytes = 4_000_000;

/** A file of the project with its links to other files. */
export interface LinkedFile {
  readonly context: FileContext;
  readonly links: readonly ModuleLink[];
}

/** The files of one language family with what connects them, and those that could not be looked at. */
export interface LinkedProject {
  readonly files: ReadonlyMap<string, LinkedFile>;
  /** Texts of files that may use a name but are not understood: broken, of another language, pages. */
  readonly opaque: readonly { readonly path: string; readonly text: string }[];
  /** Files that could not even be read. */
  readonly unread: readonly string[];
  /** Finds a parsed file's links to the others. */
  link(context: FileContext): LinkedFile;
}

/** Parses the files of a tree that are written in the same family of languages. Await `initSyntax` first. */
export async function linkProject(tree: SourceTree, isPython: boolean): Promise<LinkedProject> {
  const contexts: FileContext[] = [];
  const opaque: { path: string; text: string }[] = [];
  const unread: string[] = [];
  const packages = new Map<string, string>();
  for (const { path, sizeBytes } of tree.files()) {
    const language = languageOf(path);
    const isFamily = language !== undefined && (language === 'python') === isPython;
    const isManifest = /(^|\/)package\.json$/.test(path) && !isPython;
    const mayUse =
      isFamily ||
      isManifest ||
      /\.(html?|vue|svelte|astro|ipynb|pyi|mdx)$/.test(path) ||
      unsupportedLanguageOf(path) !== undefined;
    if (!mayUse) continue;
    const text =
      sizeBytes > maximumFileBytes || contexts.length >= maximumFiles ? undefined : await readText(tree, path);
    if (text === undefined) unread.push(path);
    else if (isManifest) addPackage(packages, path, text);
    else if (!isFamily) opaque.push({ path, text });
    else {
      const parsed = parse(language, text);
      if (parsed.status === 'parsed') contexts.push(new FileContext(path, parsed.tree));
      else opaque.push({ path, text });
    }
  }
  const paths = new Set([...contexts.map(({ path }) => path), ...opaque.map(({ path }) => path)]);
  const link = (context: FileContext): LinkedFile => ({
    context,
    links: isPython
      ? readPythonLinks(context.tree, (specifier) => resolvePython(context.path, specifier, paths))
      : readJavaScriptLinks(context.tree, (specifier) => resolveJavaScript(context.path, specifier, paths, packages)),
  });
  const files = new Map(contexts.map((context) => [context.path, link(context)]));
  return { files, opaque, unread, link };
}

/** The project after a change of some of its files; the others are not read again. No file comes or goes. */
export async function relinkProject(
  project: LinkedProject,
  tree: SourceTree,
  changed: readonly string[],
): Promise<LinkedProject> {
  const files = new Map(project.files);
  const opaque = [...project.opaque];
  for (const path of changed) {
    const before = project.files.get(path);
    const text = await readText(tree, path);
    const parsed = before === undefined || text === undefined ? undefined : parse(before.context.language, text);
    files.delete(path);
    if (parsed?.status === 'parsed') files.set(path, project.link(new FileContext(path, parsed.tree)));
    else opaque.push({ path, text: text ?? '' });
  }
  const inOrder = [...project.files.keys()].flatMap((path) => {
    const file = files.get(path);
    return file === undefined ? [] : [[path, file] as const];
  });
  return { ...project, files: new Map(inOrder), opaque };
}

async function readText(tree: SourceTree, path: string): Promise<string | undefined> {
  try {
    const decoded = decodeSource(await tree.read(path));
    return decoded.ok ? decoded.text : undefined;
  } catch {
    // Reported to the caller by name, who decides whether it matters.
    return undefined;
  }
}

function addPackage(packages: Map<string, string>, path: string, text: string): void {
  const name = /"name"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  if (name !== undefined) packages.set(name, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
}
