import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { Engine } from './engine.js';

/** Where this exact build of the engine keeps the pointer to its rejection tracker, from the start of a runtime. */
const trackerOffset = 160;
const mostPending = 100_000;
/** Of how many rejections at once the reasons are kept; of the others it is only known that there were some. */
const mostReasons = 100;

/**
 * Learns from the engine itself which promises are rejected and have no handler (`HostPromiseRejectionTracker` of the
 * language), whatever the program did to `Promise`. The build offers no function for that, so the pointer is written
 * into its memory; a probe makes sure that it is the right place.
 *
 * @see https://tc39.es/ecma262/#sec-host-promise-rejection-tracker
 */
export class RejectionTracker {
  readonly #engine: Engine;
  readonly #context: QuickJSContext;
  /** By the promise's address. It is used anew when a promise is gone: only the last entry can still be handled. */
  readonly #pending = new Map<bigint, (QuickJSHandle | undefined)[]>();
  #count = 0;
  #isOverfull = false;

  /** Must come before any code of the guest. */
  constructor(engine: Engine, context: QuickJSContext) {
    this.#engine = engine;
    this.#context = context;
    const runtime = (Reflect.get(context.runtime, 'rt') as { readonly value: number }).value;
    const pointer = engine.table.grow(1);
    engine.table.set(
      pointer,
      createCallback((promise, reason, isHandled) => this.#note(promise, reason, isHandled)),
    );
    new DataView(engine.memory.buffer).setUint32(runtime + trackerOffset, pointer, true);
    context.evalCode('Promise.reject(); Promise.reject().catch(() => {});', 'trocar:probe');
    if (this.take().length !== 1) throw new Error('The engine does not report rejections where it should.');
  }

  /** The reasons of the promises that have no handler by now; undefined for those of which they were not kept. */
  take(): readonly QuickJSHandle[] {
    const pending = [...this.#pending.values()].flat();
    const reasons = pending.filter((reason) => reason !== undefined);
    this.#pending.clear();
    this.#count = 0;
    if (this.#isOverfull || reasons.length < pending.length) reasons.push(this.#context.undefined);
    this.#isOverfull = false;
    return reasons;
  }

  #note(promise: bigint, reason: bigint, isHandled: number): void {
    const entries = this.#pending.get(promise);
    if (isHandled !== 0) {
      if (entries === undefined) return;
      entries.pop()?.dispose();
      this.#count -= 1;
      if (entries.length === 0) this.#pending.delete(promise);
      return;
    }
    // What comes on top could only be told apart at the cost of the host's memory: the turn counts as failed.
    this.#isOverfull ||= this.#count >= mostPending;
    if (this.#isOverfull) return;
    const kept = this.#count < mostReasons ? this.#toHandle(reason) : undefined;
    this.#count += 1;
    if (entries === undefined) this.#pending.set(promise, [kept]);
    else entries.push(kept);
  }

  /** A handle of a value that the engine has shown: a cell is filled with its bits, the copy of the cell counts. */
  #toHandle(value: bigint): QuickJSHandle {
    const cell = this.#context.newNumber(0.5);
    new DataView(this.#engine.memory.buffer).setBigInt64(cell.value, value, true);
    return cell.dup();
  }
}

/** A function with the type that the engine calls: context, promise, reason, whether it is handled, and a pointer. */
function createCallback(callback: (promise: bigint, reason: bigint, isHandled: number) => void): unknown {
  // Tables take functions of WebAssembly only: this module imports `h.t` and exports it as `t`.
  const bytes = Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // One type: (i32, i64, i64, i32, i32) -> ().
    ...[0x01, 0x09, 0x01, 0x60, 0x05, 0x7f, 0x7e, 0x7e, 0x7f, 0x7f, 0x00],
    ...[0x02, 0x07, 0x01, 0x01, 0x68, 0x01, 0x74, 0x00, 0x00],
    ...[0x07, 0x05, 0x01, 0x01, 0x74, 0x00, 0x00],
  );
  const forwarded = (_context: number, promise: bigint, reason: bigint, isHandled: number) =>
    callback(promise, reason, isHandled);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { h: { t: forwarded } }).exports.t;
}
