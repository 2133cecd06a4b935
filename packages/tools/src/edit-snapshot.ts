import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { changeSetSchema, digestSchema, fileDiffSchema } from './result/change.js';
import { toFileDiff } from './result/file-diff.js';
import { openSnapshot, replaceFiles } from './snapshot/snapshot.js';

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
    resources: ({ root }) => [{ path: root, access: 'read' }],
    async execute({ snapshot: digest, changes }) {
      const { applyEdits } = await import('@trocar/code');
      const snapshot = openSnapshot(blobs, digest);
      const contents = new Map<string, Uint8Array>();
      const edits: z.infer<typeof fileDiffSchema>[] = [];
      for (const { path, before, after, edits: fileEdits } of changes.files) {
        if (before === 'absent') throw new ToolError('edit-refused', `Fixes do not create files, but ${path} is new.`);
        const source = snapshot.read(path);
        const edited = applyEdits(source, before, fileEdits);
        if (!edited.ok) throw new ToolError('edit-refused', `${path}: ${edited.problem.message}`);
        if (edited.digest !== after)
          throw new ToolError('edit-refused', `${path}: the edits do not give the planned bytes.`);
        contents.set(path, edited.bytes);
        edits.push(await toFileDiff(path, source, edited.bytes));
      }
      return { output: { snapshot: replaceFiles(blobs, snapshot.manifest, contents), edits } };
    },
  });
}
