import { FileContext } from '../outline/file-context.js';
import { decodeSource } from '../source/decode-source.js';
import type { SourceTree } from '../source/source-tree.js';
import { languageOf } from '../syntax/language.js';
import { parse } from '../syntax/parse.js';

const maximumFiles = 2_000;
const maximumBytes = 1_000_000;

/** The other files of a project, parsed once, as far as recipes draw conclusions from them. */
export class ProjectEvidence {
  readonly files: readonly FileContext[];
  /** Names of the packages that the project's manifests depend on. */
  readonly packages: ReadonlySet<string>;

  constructor(files: readonly FileContext[], packages: ReadonlySet<string>) {
    this.files = files;
    this.packages = packages;
  }
}

/** Reads at most 2,000 source files of at most 1 MB each, and the dependency lists beside them. */
export async function gatherEvidence(tree: SourceTree): Promise<ProjectEvidence> {
  const files: FileContext[] = [];
  const packages = new Set<string>();
  for (const { path, sizeBytes } of tree.files()) {
    if (sizeBytes > maximumBytes) continue;
    if (/(^|\/)package\.json$/.test(path)) addPackages(packages, await readText(tree, path));
    if (/(^|\/)(requirements[\w.-]*\.txt|pyproject\.toml)$/.test(path))
      addRequirements(packages, await readText(tree, path));
    const language = languageOf(path);
    if (language === undefined || files.length >= maximumFiles) continue;
    const text = await readText(tree, path);
    const parsed = text === undefined ? undefined : parse(language, text);
    if (parsed !== undefined && parsed.status !== 'failed') files.push(new FileContext(path, parsed.tree));
  }
  return new ProjectEvidence(files, packages);
}

async function readText(tree: SourceTree, path: string): Promise<string | undefined> {
  try {
    const decoded = decodeSource(await tree.read(path));
    return decoded.ok ? decoded.text : undefined;
  } catch {
    // What cannot be read gives no evidence; the scan has named it already.
    return undefined;
  }
}

function addPackages(packages: Set<string>, text: string | undefined): void {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text ?? '');
  } catch {
    return;
  }
  if (typeof manifest !== 'object' || manifest === null) return;
  for (const field of ['dependencies', 'devDependencies', 'peerDependencies']) {
    const list = (manifest as Record<string, unknown>)[field];
    if (typeof list === 'object' && list !== null) for (const name of Object.keys(list)) packages.add(name);
  }
}

function addRequirements(packages: Set<string>, text: string | undefined): void {
  for (const [, name] of (text ?? '').matchAll(/^\s*["']?([A-Za-z][\w.-]*)\s*(?:[[<>=!~;"',]|$)/gm)) {
    packages.add((name as string).toLowerCase());
  }
}
