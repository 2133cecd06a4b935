import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { assertCanonicalRoot, toJudgedPath } from './path/canonical-path.js';
import { changeSetSchema, digestSchema } from './result/change.js';
import { openSnapshot } from './snapshot/snapshot.js';

const inputSchema = z.strictObject({
  root: z.string().min(1).describe('absolute, canonical path'),
  snapshot: digestSchema.describe('the changed tree'),
  changes: changeSetSchema,
});

/** The changes to write, and where. */
export type ApplyChangesInput = z.infer<typeof inputSchema>;

/** The only tool that changes a user's tree. */
export const applyChanges = defineContract({
  name: 'apply_changes',
  description: 'Writes planned changes to the folder: all files or none. Refused when a file changed meanwhile.',
  input: inputSchema,
  output: z.object({ written: z.array(z.string()) }),
});

/** Implements {@link applyChanges}. Code: `file-changed`; then the tree is as it was. */
export function createApplyChanges({ blobs, undoFolder }: Engines): Tool<ApplyChangesInput, { written: string[] }> {
  return implementTool(applyChanges, {
    resources: async ({ root }) => [{ path: await toJudgedPath(root, root), access: 'write' }],
    async execute({ root, snapshot, changes }, { runId }) {
      const { applyToFolder } = await import('@trocar/code');
      await assertCanonicalRoot(root);
      const changed = openSnapshot(blobs, snapshot);
      const contents = new Map(changes.files.map(({ path }) => [path, changed.read(path)]));
      const outcome = await applyToFolder(root, changes, contents, { undoFolder: undoFolder(runId) });
      if (outcome.status === 'conflict') {
        const paths = outcome.conflicts.map(({ path }) => path);
        throw new ToolError(
          'file-changed',
          `Nothing was applied: ${paths.slice(0, 5).join(', ')} changed since the snapshot. Start a new run.`,
          { data: { paths, kept: [...outcome.kept] } },
        );
      }
      // Files that a killed attempt had written count as well: together they are what this call is for.
      const written = [...outcome.written, ...outcome.already].sort();
      return { output: { written } };
    },
  });
}
