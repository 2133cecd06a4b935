import type { GuestResult } from '../../src/guests/guest-result.js';
import { readEngineBytes } from '../../src/guests/quickjs/engine-bytes.js';
import type { JavaScriptProgram } from '../../src/guests/quickjs/javascript-guest.js';
import { type GuestLimits, resolveLimits } from '../../src/limits.js';
import { runJob } from '../../src/supervisor/job.js';
import { PreparedModules } from '../../src/supervisor/prepared-modules.js';

/** A project written down in the test: path to text. */
export type Files = Readonly<Record<string, string>>;

export function toFiles(files: Files): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
}

const modules = new PreparedModules();

/** Runs a program on this thread, as a worker does on its own. */
export async function runGuest(
  files: Files,
  program: Partial<JavaScriptProgram> = {},
  limits: Partial<GuestLimits> = {},
): Promise<GuestResult> {
  // The engine's stack on a test's thread is smaller than in a worker.
  const resolved = resolveLimits({ stackDepth: 6_000, ...limits });
  const [entry = ''] = Object.keys(files);
  const result = await runJob(
    {
      moduleKey: `engine ${resolved.memoryBytes}`,
      module: { bytes: readEngineBytes() },
      limits: resolved,
      program: { kind: 'javascript', javascript: { entry, tests: false, ...program, files: toFiles(files) } },
    },
    modules,
  );
  if (result.kind !== 'ran') throw new Error('refused');
  return result.guest;
}

/** Runs `body`, the inside of an async function in an ECMAScript module, and gives back what it returns. */
export async function evaluate(body: string, imports = '', others: Files = {}): Promise<unknown> {
  const result = await runGuest(
    { 'main.mjs': `${imports}\nexport async function run() { ${body} }`, ...others },
    { invoke: 'run' },
  );
  if (result.trap !== undefined) throw new Error(`${result.trap.kind}: ${result.trap.message}`);
  return result.values[0];
}
