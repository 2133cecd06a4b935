import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { toAdmittedPath, toJudgedPath } from './path/canonical-path.js';
import { type GuestReport, guestReportSchema } from './result/guest-report.js';

const inputSchema = z.strictObject({
  path: z.string().min(1).describe('a .wasm, .js, .mjs or .cjs file'),
  invoke: z.string().optional().describe('the exported function to call'),
  args: z.array(z.union([z.string(), z.number()])).default([]),
  fuel_units: z.int().positive().optional(),
  memory_bytes: z.int().positive().optional(),
  wall_ms: z.int().positive().optional(),
});

const maximumFileBytes = 64 * 1024 * 1024;

/** Runs one untrusted guest. */
export const runInSandbox = defineContract({
  name: 'run_in_sandbox',
  description: 'Runs one WebAssembly or JavaScript file with exact fuel, hard caps and no access to anything else.',
  input: inputSchema,
  output: guestReportSchema,
});

type Input = z.infer<typeof inputSchema>;

/** Implements {@link runInSandbox}. Codes: `guest-unsupported`, `file-too-large`, those of a path. */
export function createRunInSandbox({ sandbox, workingFolder }: Engines): Tool<Input, GuestReport> {
  return implementTool(runInSandbox, {
    resources: async ({ path }) => [{ path: await toJudgedPath(workingFolder, path), access: 'read' }],
    needs: ({ fuel_units, wall_ms, memory_bytes }) => ({
      fuelUnits: fuel_units ?? 1,
      wallMs: wall_ms ?? 1,
      peakMemoryBytes: memory_bytes ?? 0,
    }),
    async execute(input, { remaining, resources }) {
      const path = await toAdmittedPath(workingFolder, input.path, resources);
      const bytes = await readGuest(path);
      const { defaultLimits } = await import('@trocar/sandbox');
      const limits = {
        fuelUnits: Math.min(input.fuel_units ?? defaultLimits.fuelUnits, remaining.fuelUnits),
        wallMs: Math.min(input.wall_ms ?? defaultLimits.wallMs, remaining.wallMs),
        memoryBytes: Math.min(input.memory_bytes ?? defaultLimits.memoryBytes, remaining.peakMemoryBytes),
      };
      const engine = await sandbox();
      const common = { limits, args: input.args, ...(input.invoke !== undefined && { invoke: input.invoke }) };
      const outcome = isModule(path)
        ? await engine.runWasm({ bytes, ...common })
        : await engine.runJavaScript({ files: new Map([[basename(path), bytes]]), entry: basename(path), ...common });
      const { fuelUnits, peakMemoryBytes } = outcome.receipt;
      return { output: guestReportSchema.parse(outcome), used: { fuelUnits, peakMemoryBytes } };
    },
  });
}

function isModule(path: string): boolean {
  return extname(path) === '.wasm';
}

async function readGuest(path: string): Promise<Uint8Array> {
  if (!['.wasm', '.js', '.mjs', '.cjs'].includes(extname(path))) {
    throw new ToolError(
      'guest-unsupported',
      `The sandbox runs .wasm, .js, .mjs and .cjs files, not ${basename(path)}.`,
    );
  }
  const { size } = await stat(path);
  if (size > maximumFileBytes) {
    throw new ToolError(
      'file-too-large',
      `${basename(path)} has ${size} bytes; a guest has at most ${maximumFileBytes}.`,
    );
  }
  return new Uint8Array(await readFile(path));
}
