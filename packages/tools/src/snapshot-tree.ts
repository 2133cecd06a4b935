import { join } from 'node:path';
import { defineContract, implementTool, isPathInside, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { assertCanonicalRoot, toJudgedPath } from './path/canonical-path.js';
import { isSecretFile } from './path/secret-file.js';
import { digestSchema } from './result/change.js';
import { type Manifest, saveManifest } from './snapshot/snapshot.js';

const inputSchema = z.strictObject({ root: z.string().min(1).describe('absolute, canonical path') });

const outputSchema = z.object({
  snapshot: digestSchema,
  files: z.int().nonnegative(),
  sizeBytes: z.int().nonnegative().describe('of the contents that were kept'),
});

const maximumFileBytes = 10 * 1024 * 1024;
const maximumTotalBytes = 256 * 1024 * 1024;

/** Keeps a folder as it is now, so that everything after works on the same bytes. */
export const snapshotTree = defineContract({
  name: 'snapshot_tree',
  description: 'Copies the folder into the journal: code, and the small files that its tests may need.',
  input: inputSchema,
  output: outputSchema,
});

type Output = z.infer<typeof outputSchema>;

/** Implements {@link snapshotTree}. Files that hold secrets by their name are never copied. */
export function createSnapshotTree({ blobs, stateFolder }: Engines): Tool<z.infer<typeof inputSchema>, Output> {
  return implementTool(snapshotTree, {
    resources: async ({ root }) => [{ path: await toJudgedPath(root, root), access: 'read' }],
    async execute({ root }, { signal }) {
      const { openFolder } = await import('@trocar/code');
      await assertCanonicalRoot(root);
      const tree = await openFolder(root);
      const files: Manifest['files'] = [];
      let keptBytes = 0;
      for (const { path, sizeBytes } of tree.files()) {
        signal.throwIfAborted();
        const isOwn = isPathInside(join(root, path), stateFolder);
        const refusal = isOwn ? 'it is state of Trocar itself' : refuse(path, sizeBytes, keptBytes);
        if (refusal !== undefined) {
          files.push({ path, sizeBytes, reason: refusal });
          continue;
        }
        const bytes = await tree.read(path).catch(() => undefined);
        if (bytes === undefined) {
          files.push({ path, sizeBytes, reason: 'the file cannot be read' });
          continue;
        }
        keptBytes += bytes.byteLength;
        files.push({ path, sizeBytes: bytes.byteLength, digest: blobs.put(bytes) });
      }
      const omissions = tree.omissions().map(({ path, code, reason }) => ({ path, code, reason }));
      const snapshot = saveManifest(blobs, { version: 1, files, omissions });
      return { output: { snapshot, files: files.length, sizeBytes: keptBytes } };
    },
  });
}

function refuse(path: string, sizeBytes: number, keptBytes: number): string | undefined {
  if (isSecretFile(path)) return 'its name says that it holds secrets';
  if (sizeBytes > maximumFileBytes) return `larger than ${maximumFileBytes} bytes`;
  if (keptBytes + sizeBytes > maximumTotalBytes) return `the folder has more than ${maximumTotalBytes} bytes`;
  return undefined;
}
