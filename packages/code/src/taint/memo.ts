import type { IrFunction } from '../ir/module.js';
import type { AbstractObject, Closure } from './abstract-object.js';
import type { CallResult } from './engine-types.js';
import type { Refinement } from './state.js';
import type { Value } from './value.js';

interface Entry {
  readonly result: CallResult;
  readonly recordedAt: number;
  /** Objects with smaller ids existed when the entry was made. */
  readonly objectsBelow: number;
}

const bucketBits = 6;
const maxEntriesPerFunction = 64;

/**
 * Function summaries: outcome by abstract arguments. An entry holds while no object that existed when it was made has
 * changed since, as any of them may have been read.
 */
export class MemoTable {
  readonly #entries = new Map<IrFunction, Map<string, Entry>>();
  /** Time of the last change of any object, by id range. */
  readonly #changes: number[] = [];
  #time = 0;

  /** Notes that an object's contents changed. */
  noteChange(object: AbstractObject): void {
    this.#time += 1;
    object.version += 1;
    this.#changes[object.id >> bucketBits] = this.#time;
  }

  /** What tells one call of a function from another; undefined where that would be too long to keep. */
  signature(closure: Closure, self: Value, values: readonly Value[], refined: Refinement): string | undefined {
    const parts = [closure.environment.id, sign(self), ...values.map(sign)];
    for (const [key, bits] of refined) parts.push(`${key}:${bits}`);
    const text = parts.join('|');
    return text.length > 4_000 ? undefined : text;
  }

  find(fn: IrFunction, signature: string): CallResult | undefined {
    const entry = this.#entries.get(fn)?.get(signature);
    if (entry === undefined) return undefined;
    for (let bucket = 0; bucket <= entry.objectsBelow >> bucketBits; bucket += 1) {
      if ((this.#changes[bucket] ?? 0) > entry.recordedAt) return undefined;
    }
    return entry.result;
  }

  add(fn: IrFunction, signature: string, result: CallResult, objectsBelow: number): void {
    const entries = this.#entries.get(fn) ?? new Map<string, Entry>();
    this.#entries.set(fn, entries);
    if (entries.size < maxEntriesPerFunction) entries.set(signature, { result, recordedAt: this.#time, objectsBelow });
  }
}

function sign(value: Value): string {
  const taints = value.taints.map((taint) => `${taint.source.id}.${taint.dangers}`).join(',');
  const objects = value.objects.map((object) => object.id).join(',');
  const constants =
    value.constants === undefined ? '?' : JSON.stringify(value.constants.map((one) => one ?? String(one)));
  const flags = `${value.types}.${value.isOpen ? 1 : 0}.${value.traits}.${value.key}.${value.about}`;
  return `${flags};${constants};${objects};${taints};${value.text ?? ''}`;
}
