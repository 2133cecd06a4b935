import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { toJudgedPath } from './path/canonical-path.js';
import { digestSchema } from './result/change.js';
import { type ScanResult, scanReportSchema } from './result/scan-report.js';
import { openSnapshot } from './snapshot/snapshot.js';
import { toSourceTree } from './snapshot/snapshot-source-tree.js';

const inputSchema = z.strictObject({ root: z.string().min(1), snapshot: digestSchema });

/** Scans a snapshot. */
export const scanSnapshot = defineContract({
  name: 'scan_snapshot',
  description: 'Finds vulnerabilities in a snapshot of a folder, with their paths from source to sink.',
  input: inputSchema,
  output: scanReportSchema,
});

/** Implements {@link scanSnapshot}. */
export function createScanSnapshot({ blobs }: Engines): Tool<z.infer<typeof inputSchema>, ScanResult> {
  return implementTool(scanSnapshot, {
    resources: async ({ root }) => [{ path: await toJudgedPath(root, root), access: 'read' }],
    async execute({ snapshot }) {
      const { scan } = await import('@trocar/code');
      const report = await scan(toSourceTree(openSnapshot(blobs, snapshot)));
      return { output: scanReportSchema.parse(report) };
    },
  });
}
