import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SourceTree } from '@trocar/code';
import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { kindOfPath, toAdmittedPath, toJudgedPath } from './path/canonical-path.js';
import { type ScanResult, scanReportSchema } from './result/scan-report.js';

const inputSchema = z.strictObject({
  path: z.string().min(1).default('.').describe('folder or file'),
});

/** Scans a folder or a single file where it is. */
export const securityScan = defineContract({
  name: 'security_scan',
  description:
    'Finds vulnerabilities in JavaScript, TypeScript and Python, each with its path from source to sink. ' +
    '`complete: false` means that something was not analysed: see coverage.skipped.',
  input: inputSchema,
  output: scanReportSchema,
});

/** Implements {@link securityScan}. Codes: `path-missing`, `path-unreadable`. */
export function createSecurityScan({ workingFolder }: Engines): Tool<z.infer<typeof inputSchema>, ScanResult> {
  return implementTool(securityScan, {
    resources: async ({ path }) => [{ path: await toJudgedPath(workingFolder, path), access: 'read' }],
    async execute({ path }, { resources }) {
      const { scan, openFolder } = await import('@trocar/code');
      const place = await toAdmittedPath(workingFolder, path, resources);
      const tree = (await kindOfPath(place)) === 'folder' ? await openFolder(place) : await openSingleFile(place);
      return { output: scanReportSchema.parse(await scan(tree)) };
    },
  });
}

async function openSingleFile(path: string): Promise<SourceTree> {
  const name = basename(path);
  const { size } = await stat(path);
  return { files: () => [{ path: name, sizeBytes: size }], omissions: () => [], read: async () => readFile(path) };
}
