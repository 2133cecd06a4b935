import { basename } from 'node:path';
import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { readSourceText } from './path/source-file.js';
import type { LinkedProjects } from './project/linked-projects.js';
import { locateFile, readsProjectOf } from './project/project-place.js';
import { digestSchema, type FileDiff } from './result/change.js';
import { toFileDiff } from './result/file-diff.js';
import { type PlannedChange, plannedChangeSchema } from './result/planned-change.js';
import { toSymbolError } from './result/symbol-problem.js';
import { replaceFiles } from './snapshot/snapshot.js';

const inputSchema = z.strictObject({
  path: z.string().min(1).describe('file that declares it'),
  symbol: z.string().min(1),
  new_name: z.string().min(1).max(1_000),
  line: z.int().positive().optional().describe('tells symbols of the same name apart'),
  expected_digest: digestSchema.optional().describe('refuse if the file changed since'),
});

/** Plans a new name for one symbol in every file that uses it. */
export const renameSymbol = defineContract({
  name: 'rename_symbol',
  description:
    'Renames a symbol in all files that use it, or refuses and names the doubts. The change waits for approval.',
  input: inputSchema,
  output: plannedChangeSchema,
});

/**
 * Implements {@link renameSymbol}. Codes: `rename-refused`, `needs-types`, `file-changed`, `symbol-missing`,
 * `symbol-ambiguous`, `tree-too-large`, those of reading a source file.
 */
export function createRenameSymbol(
  { blobs, workingFolder }: Engines,
  projects: LinkedProjects,
): Tool<z.infer<typeof inputSchema>, PlannedChange> {
  return implementTool(renameSymbol, {
    resources: ({ path }) => readsProjectOf(workingFolder, path),
    async execute({ path, symbol, new_name, line, expected_digest }, { resources }) {
      const engine = await import('@trocar/code');
      const { root, file, name } = await locateFile(workingFolder, path, resources);
      const { language, digest } = await readSourceText(file);
      if (expected_digest !== undefined && expected_digest !== digest) {
        throw new ToolError('file-changed', `${basename(file)} changed since it was read. Read the symbol again.`);
      }
      const { tree, linked } = await projects.open(root);
      const project = await linked(language === 'python');
      const target = { path: name, symbol, ...(line !== undefined && { line }) };
      const plan = await engine.renameSymbol(tree, target, new_name, { project });
      if (!plan.ok) throw toSymbolError(plan.problem);

      const { changeSet, contents } = plan.change;
      const edits: FileDiff[] = [];
      for (const [changed, after] of contents) {
        const before = await tree.read(changed);
        const decoded = engine.decodeSource(before);
        // The edits are made for the text that was analysed.
        if (!decoded.ok || decoded.text !== project.files.get(changed)?.context.text) {
          throw new ToolError('file-changed', `${changed} changed while the rename was planned. Call again.`);
        }
        edits.push(await toFileDiff(changed, before, after));
      }
      const snapshot = replaceFiles(blobs, { version: 1, files: [], omissions: [] }, contents);
      const files = changeSet.files.map((change) => ({ ...change, edits: [...change.edits] }));
      return { output: { root, snapshot, changes: { files }, edits } };
    },
  });
}
