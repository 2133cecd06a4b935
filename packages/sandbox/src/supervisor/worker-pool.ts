import { Worker } from 'node:worker_threads';
import { SandboxError } from '../errors.js';
import type { PreparedModule } from '../wasm/prepare.js';
import type { Job, JobResult } from './job.js';
import { PreparedModules } from './prepared-modules.js';
import { RestartBudget } from './restart-budget.js';
import { getWorkerUrl } from './worker-url.js';

/** A job without the module in the form that a certain worker needs. */
export interface PoolJob extends Omit<Job, 'module'> {
  readonly bytes: Uint8Array;
}

/** What came of a job, or how its thread ended before it did. */
export type PoolResult =
  | JobResult
  | { readonly kind: 'wall' }
  | { readonly kind: 'crashed'; readonly outOfMemory: boolean };

/** Bounds of a pool. */
export interface PoolOptions {
  readonly maxWorkers: number;
  readonly maxQueued: number;
  readonly maxRestartsPerMinute: number;
}

interface Waiting {
  readonly job: PoolJob;
  readonly resolve: (result: PoolResult) => void;
  readonly reject: (error: Error) => void;
}

type Answer = JobResult | { readonly kind: 'ready' } | { readonly kind: 'broken'; readonly message: string };

/** A thread needs a stack that the deepest guest cannot overflow: 240,000 units of 128 bytes, and room for the host. */
const stackSizeMb = 40;
/** JavaScript heap of a worker; guests' memories do not count, they are capped in their modules. */
const heapSizeMb = 256;

/** Threads that run one guest at a time. They start when they are needed and are thrown away when they had to be killed. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #slots = new Set<Slot>();
  readonly #queue: Waiting[] = [];
  /** Modules that some worker has prepared, to be shared with the others. */
  readonly #prepared = new PreparedModules();
  readonly #restarts: RestartBudget;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#restarts = new RestartBudget(options.maxRestartsPerMinute);
  }

  /**
   * Runs a job as soon as a worker is free.
   *
   * @throws {SandboxError} `overloaded`, `sandbox-closed`, `worker-failed`.
   */
  run(job: PoolJob): Promise<PoolResult> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#queue.length >= this.#options.maxQueued) {
      const message = `${this.#queue.length} guests are already waiting; try again when some are done.`;
      return Promise.reject(new SandboxError('overloaded', message, { retryable: true }));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(closedError());
    await Promise.all([...this.#slots].map((slot) => slot.close(closedError())));
    this.#slots.clear();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const slot = [...this.#slots].find(({ isFree }) => isFree) ?? this.#addSlot();
      if (slot === undefined) return;
      const waiting = this.#queue.shift()!;
      slot.run(waiting, this.#prepared.get(waiting.job.moduleKey));
    }
  }

  #addSlot(): Slot | undefined {
    if (this.#slots.size >= this.#options.maxWorkers) return undefined;
    const slot: Slot = new Slot({
      onFree: () => this.#dispatch(),
      onPrepared: (key, module) => this.#prepared.set(key, module),
      onGone: () => {
        this.#slots.delete(slot);
        if (this.#restarts.spend(performance.now())) this.#dispatch();
        else this.#failQueue();
      },
    });
    this.#slots.add(slot);
    return slot;
  }

  #failQueue(): void {
    const message = `More than ${this.#options.maxRestartsPerMinute} workers had to be replaced within a minute.`;
    for (const waiting of this.#queue.splice(0)) {
      waiting.reject(new SandboxError('worker-failed', message, { retryable: true }));
    }
  }
}

interface SlotEvents {
  readonly onFree: () => void;
  readonly onPrepared: (key: string, module: PreparedModule) => void;
  readonly onGone: () => void;
}

/** One thread and the job that it has. */
class Slot {
  readonly #thread: Worker;
  readonly #events: SlotEvents;
  /** Mirrors what the worker keeps: both follow the same order of uses. */
  readonly #known = new PreparedModules();
  #current: Waiting | undefined;
  #ready = false;
  #gone = false;
  #deadline: NodeJS.Timeout | undefined;
  #start: (() => void) | undefined;

  constructor(events: SlotEvents) {
    this.#events = events;
    this.#thread = new Worker(getWorkerUrl(), {
      env: {},
      execArgv: [],
      // What the engine's glue code prints about a failing guest is not for the host's own output.
      stdout: true,
      stderr: true,
      resourceLimits: { stackSizeMb, maxOldGenerationSizeMb: heapSizeMb },
    });
    this.#thread.stdout.resume();
    this.#thread.stderr.resume();
    this.#thread.on('message', (answer: Answer) => this.#answer(answer));
    this.#thread.on('error', (error: NodeJS.ErrnoException) => {
      this.#end({ kind: 'crashed', outOfMemory: error.code === 'ERR_WORKER_OUT_OF_MEMORY' });
    });
    this.#thread.on('exit', () => this.#end({ kind: 'crashed', outOfMemory: false }));
  }

  get isFree(): boolean {
    return !this.#gone && this.#current === undefined;
  }

  run(waiting: Waiting, prepared: PreparedModule | undefined): void {
    this.#current = waiting;
    this.#thread.ref();
    this.#start = () => {
      const { bytes, ...job } = waiting.job;
      const known = this.#known.get(job.moduleKey);
      const module = known !== undefined ? undefined : prepared !== undefined ? { prepared } : { bytes };
      if (prepared !== undefined) this.#known.set(job.moduleKey, prepared);
      this.#deadline = setTimeout(() => this.#end({ kind: 'wall' }), job.limits.wallMs);
      this.#thread.postMessage({ ...job, module } satisfies Job);
    };
    if (this.#ready) this.#start();
  }

  async close(error: Error): Promise<void> {
    this.#gone = true;
    clearTimeout(this.#deadline);
    this.#current?.reject(error);
    this.#current = undefined;
    await this.#thread.terminate();
  }

  #answer(answer: Answer): void {
    if (this.#gone) return;
    if (answer.kind === 'ready') {
      this.#ready = true;
      if (this.#current === undefined) this.#thread.unref();
      else this.#start?.();
      return;
    }
    const { job, resolve } = this.#current!;
    if (answer.kind === 'broken') {
      this.#end({ kind: 'crashed', outOfMemory: false });
      return;
    }
    clearTimeout(this.#deadline);
    this.#current = undefined;
    if (answer.kind === 'ran' && answer.prepared !== undefined) {
      this.#known.set(job.moduleKey, answer.prepared);
      this.#events.onPrepared(job.moduleKey, answer.prepared);
    }
    // An idle worker must not keep the process alive.
    this.#thread.unref();
    resolve(answer);
    this.#events.onFree();
  }

  /** The thread is over, or has to be: whatever it was doing is answered now, and another may take its place. */
  #end(result: PoolResult): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#deadline);
    const current = this.#current;
    this.#current = undefined;
    void this.#thread.terminate();
    current?.resolve(result);
    this.#events.onGone();
  }
}

function closedError(): SandboxError {
  return new SandboxError('sandbox-closed', 'The sandbox is closed.');
}
