import type { CallGraph, LinkedProject, SourceTree } from '@trocar/code';
import type { Clock } from '@trocar/core';
import { ToolError } from '../errors.js';
import { isSecretFile } from '../path/secret-file.js';
import { isUnchanged, stampTree, type TreeStamp } from './tree-stamp-disk.js';

/** A folder as it was when it was opened, with what was computed from it so far. */
export interface Project {
  readonly root: string;
  readonly tree: SourceTree;
  /** Its files of one language family with what connects them. */
  linked(isPython: boolean): Promise<LinkedProject>;
  calls(): Promise<CallGraph>;
}

/** The projects that were worked on last, kept in memory. */
export interface LinkedProjects {
  /** Opens the folder at a canonical path; what is kept is used again only while nothing in the folder has changed. */
  open(root: string): Promise<Project>;
}

interface Kept {
  readonly project: Project;
  /** Absent where the folder cannot be trusted to show every change. */
  readonly stamp?: TreeStamp;
}

const maximumProjects = 2;
const maximumCodeBytes = 64 * 1024 * 1024;

// File systems note times in steps, up to two seconds long: a second change in the same step would not show.
const stepMs = 2_000;

/** Keeps the last two projects. Code: `tree-too-large` for more than 64 MiB of code. */
export function createLinkedProjects(clock: Clock): LinkedProjects {
  const projects = new Map<string, Promise<Kept>>();
  return {
    async open(root) {
      const known = projects.get(root);
      const kept = await known?.catch(() => undefined);
      let opened = projects.get(root);
      // Where others waited for the same folder, the first of them has opened it anew meanwhile.
      const isStale = opened === known && (kept?.stamp === undefined || !isUnchanged(root, kept.stamp));
      if (opened === undefined || isStale) opened = load(root, clock);
      projects.delete(root);
      projects.set(root, opened);
      const [oldest] = projects.keys();
      if (projects.size > maximumProjects && oldest !== undefined) projects.delete(oldest);
      return (await opened).project;
    },
  };
}

async function load(root: string, clock: Clock): Promise<Kept> {
  const { openFolder, languageOf } = await import('@trocar/code');
  const listing = await openFolder(root);
  const startedMs = clock.nowMs();
  const stamp = stampTree(root, listing);
  const tree = withoutSecrets(listing);
  const code = tree.files().filter(({ path }) => languageOf(path) !== undefined);
  const codeBytes = code.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  if (codeBytes > maximumCodeBytes) {
    throw new ToolError('tree-too-large', `The folder has ${codeBytes} bytes of code; at most ${maximumCodeBytes}.`);
  }
  const isSettled = stamp !== undefined && stamp.newestMs < startedMs - stepMs;
  return { project: toProject(root, tree), ...(isSettled && { stamp }) };
}

function toProject(root: string, tree: SourceTree): Project {
  const families = new Map<boolean, Promise<LinkedProject>>();
  let calls: Promise<CallGraph> | undefined;
  return {
    root,
    tree,
    async linked(isPython) {
      const { initSyntax, linkProject } = await import('@trocar/code');
      await initSyntax(isPython ? ['python'] : []);
      const family = families.get(isPython) ?? linkProject(tree, isPython);
      families.set(isPython, family);
      return family;
    },
    async calls() {
      const { callGraph } = await import('@trocar/code');
      calls ??= callGraph(tree);
      return calls;
    },
  };
}

function withoutSecrets(tree: SourceTree): SourceTree {
  const files = tree.files().filter(({ path }) => !isSecretFile(path));
  return { files: () => files, omissions: () => tree.omissions(), read: (path) => tree.read(path) };
}
