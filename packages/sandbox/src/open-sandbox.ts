import { type Digest, digestBytes, digestJson, type JsonValue } from '@trocar/core';
import { SandboxError } from './errors.js';
import type { GuestResult } from './guests/guest-result.js';
import type { GuestRun } from './guests/guest-run.js';
import { readEngineBytes } from './guests/quickjs/engine-bytes.js';
import { loadGuestLibrary } from './guests/quickjs/library.js';
import { type GuestLimits, resolveLimits } from './limits.js';
import type { GuestOutcome, TestRun, Trap } from './outcome.js';
import { digestPolicy, type Receipt } from './receipt.js';
import type { JavaScriptCall, Sandbox, SandboxOptions, TestCall, WasmCall } from './sandbox.js';
import { type PoolResult, WorkerPool } from './supervisor/worker-pool.js';
import { runProjectTests } from './tests/run-project-tests.js';
import { meterVersion } from './wasm/version.js';

const defaults = { maxWorkers: 2, maxQueued: 1_000, maxRestartsPerMinute: 60 };
/** What the engine and the guest library need before the first line of a program runs. */
const leastJavaScriptBytes = 24 * 1024 * 1024;

/** Opens a sandbox. No thread starts before the first call. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = { ...defaults, ...options };
  for (const [name, value] of Object.entries(settings)) {
    if (!Number.isInteger(value) || value < 1)
      throw new SandboxError('bad-request', `${name} must be a positive whole number.`);
  }
  return new PooledSandbox(new WorkerPool(settings));
}

class PooledSandbox implements Sandbox {
  readonly #pool: WorkerPool;
  #engineDigest: Digest | undefined;

  constructor(pool: WorkerPool) {
    this.#pool = pool;
  }

  async runWasm(call: WasmCall): Promise<GuestOutcome> {
    const limits = resolveLimits(call.limits);
    if (!(call.bytes instanceof Uint8Array)) throw new SandboxError('bad-request', 'bytes must be a Uint8Array.');
    const args = call.args ?? [];
    const module = digestBytes(call.bytes);
    const input = digestJson({ invoke: call.invoke, args: args.map((value) => `${typeof value}:${value}`) });
    const wasm = { ...(call.invoke !== undefined && { invoke: call.invoke }), args };
    const result = await this.#pool.run({
      moduleKey: moduleKey(module, limits),
      bytes: call.bytes,
      limits,
      program: { kind: 'wasm', wasm },
    });
    return toRun(result, { module, policy: digestPolicy(limits, []), input }).outcome;
  }

  async runJavaScript(call: JavaScriptCall): Promise<GuestOutcome> {
    const { entry, invoke, args = [] } = call;
    const program = { entry, ...(invoke !== undefined && { invoke }), args, tests: false };
    return (await this.#runProgram(call.files, program, call.limits, digestFiles(call.files))).outcome;
  }

  runTests(call: TestCall): Promise<TestRun> {
    const filesDigest = digestFiles(call.files);
    return runProjectTests(call, (entry) => {
      return this.#runProgram(call.files, { entry, args: [], tests: true }, call.limits, filesDigest);
    });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #runProgram(
    files: ReadonlyMap<string, Uint8Array>,
    program: {
      readonly entry: string;
      readonly invoke?: string;
      readonly args: readonly JsonValue[];
      readonly tests: boolean;
    },
    requested: Partial<GuestLimits> | undefined,
    filesDigest: Digest,
  ): Promise<GuestRun> {
    const limits = resolveLimits(requested);
    if (limits.memoryBytes < leastJavaScriptBytes) {
      throw new SandboxError(
        'bad-request',
        `A JavaScript guest needs a memoryBytes of at least ${leastJavaScriptBytes}.`,
      );
    }
    if (!files.has(program.entry))
      throw new SandboxError('bad-request', `The entry ${JSON.stringify(program.entry)} is not among the files.`);
    const bytes = readEngineBytes();
    this.#engineDigest ??= digestBytes(bytes);
    const module = this.#engineDigest;
    const result = await this.#pool.run({
      moduleKey: moduleKey(module, limits),
      bytes,
      limits,
      program: { kind: 'javascript', javascript: { ...program, files } },
    });
    const policy = digestPolicy(limits, ['files', loadGuestLibrary().digest]);
    return toRun(result, { module, policy, input: digestJson({ ...program, files: filesDigest }) });
  }
}

function moduleKey(module: Digest, limits: GuestLimits): string {
  return `${module} ${Math.floor(limits.memoryBytes / 65_536)} ${meterVersion}`;
}

/**
 * The digest of a set of files, independent of their order.
 *
 * @throws {SandboxError} `bad-request` for a path that is absolute, leaves the set or clashes with another.
 */
function digestFiles(files: ReadonlyMap<string, Uint8Array>): Digest {
  const entries: Record<string, Digest> = {};
  for (const [path, bytes] of files) {
    const parts = path.split('/');
    if (path === '' || path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw new SandboxError('bad-request', `${JSON.stringify(path)} is not a plain relative path.`);
    }
    for (let count = 1; count < parts.length; count += 1) {
      const parent = parts.slice(0, count).join('/');
      if (files.has(parent))
        throw new SandboxError('bad-request', `${JSON.stringify(parent)} is both a file and a directory.`);
    }
    entries[path] = digestBytes(bytes);
  }
  return digestJson(entries);
}

function toRun(result: PoolResult, digests: Pick<Receipt, 'module' | 'policy' | 'input'>): GuestRun {
  const guest = toGuestResult(result);
  const isExact = result.kind === 'ran' || result.kind === 'refused';
  const ok = guest.trap === undefined;
  const { values, stdout, stderr, trap, fuelUnits, peakMemoryBytes, hostCalls, tests } = guest;
  const output = digestJson({ ok, values, stdout, stderr, trap: trap && { ...trap }, tests });
  const receipt: Receipt = {
    ...digests,
    output,
    fuelUnits,
    peakMemoryBytes,
    ...(!isExact && { isExact }),
    tier: 'wasm',
    hostCalls,
    meterVersion,
  };
  return { outcome: { ok, values, stdout, stderr, ...(trap !== undefined && { trap }), receipt }, result: guest };
}

function toGuestResult(result: PoolResult): GuestResult {
  switch (result.kind) {
    case 'ran':
      return result.guest;
    case 'refused':
      return failed({ kind: 'denied', message: `${result.refusal.code}: ${result.refusal.message}` });
    case 'wall':
      return failed({ kind: 'wall', message: 'The wall deadline passed.' });
    case 'crashed':
      return failed(
        result.outOfMemory
          ? { kind: 'memory', message: 'The guest made its thread run out of memory.' }
          : { kind: 'host', message: 'The thread of the guest ended unexpectedly.' },
      );
  }
}

/** A guest of whose use nothing is known: it never started, or its thread had to be killed. */
function failed(trap: Trap): GuestResult {
  return {
    values: [],
    stdout: '',
    stderr: '',
    trap,
    fuelUnits: 0,
    peakMemoryBytes: 0,
    hostCalls: {},
    tests: [],
    denied: [],
    missing: [],
  };
}
