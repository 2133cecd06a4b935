import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { toJudgedPath } from './path/canonical-path.js';
import { changeSetSchema, digestSchema, type FileDiff, fileDiffSchema } from './result/change.js';
import { toFileDiff } from './result/file-diff.js';
import { openSnapshot, replaceFiles } from './snapshot/snapshot.js';
import { toSourceTree } from './snapshot/snapshot-source-tree.js';

const inputSchema = z.strictObject({ root: z.string().min(1), snapshot: digestSchema, changes: changeSetSchema });

const outputSchema = z.object({
  snapshot: digestSchema.describe('the tree after the edits'),
  edits: z.array(fileDiffSchema),
});

/** Carries planned edits out on a copy of the tree. */
export const editSnapshot = defineContract({
  name: 'edit_snapshot',
  description: 'Edits a copy of the tree, byte by byte; the folder itself stays as it is.',
  input: inputSchema,
  output: outputSchema,
});

/** Implements {@link editSnapshot}. Code: `edit-refused`. */
export function createEditSnapshot({
  blobs,
}: Engines): Tool<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>> {
  return implementTool(editSnapshot, {
    resources: async ({ root }) => [{ path: await toJudgedPath(root, root), access: 'read' }],
    async execute({ snapshot: digest, changes }) {
      const { materialiseChange } = await import('@trocar/code');
      const snapshot = openSnapshot(blobs, digest);
      const edited = await materialiseChange(toSourceTree(snapshot), changes);
      if (!edited.ok) throw new ToolError('edit-refused', `${edited.path}: ${edited.problem.message}`);
      const edits: FileDiff[] = [];
      for (const [path, after] of edited.contents) edits.push(await toFileDiff(path, snapshot.read(path), after));
      return { output: { snapshot: replaceFiles(blobs, snapshot.manifest, edited.contents), edits } };
    },
  });
}
