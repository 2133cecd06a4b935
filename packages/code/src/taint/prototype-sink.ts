import type { Instruction } from '../ir/instruction.js';
import type { Activation } from './activation.js';
import { plainArgs } from './engine-types.js';
import { checkSinks, reportPlace } from './sinks.js';
import { slotHints } from './slot-hints.js';
import { danger } from './taint.js';
import { singleString, trait, typeBit, type Value } from './value.js';

interface Store {
  readonly receiver: Value;
  readonly key: Value;
  readonly value: Value;
}

/** Words in the name of what keeps secrets of people. */
const secretWords = /session|token|secret|passw(?:or)?d|credential|nonce|csrf|otp$|api_?key|remember_?me/i;

/** A predictable value that is kept where secrets are. */
function checkSecret(at: Activation, instruction: Instruction, key: Value, value: Value): void {
  if (!value.taints.some((taint) => (taint.dangers & danger.predictable) !== 0)) return;
  const holder = slotHints(at.fn)[instruction.a] ?? '';
  const name = instruction.op === 'storeField' ? instruction.name : (singleString(key) ?? '');
  if (!secretWords.test(holder) && !secretWords.test(name)) return;
  const api = instruction.op === 'storeField' ? `${holder}.${name}` : `${holder}[…]`;
  reportPlace(at, 'weak-randomness', value, { start: instruction.start, end: instruction.end, api });
}

/**
 * An object that was itself read with a key that an outsider chose may be the prototype of all objects: a store into it
 * under another such key changes them all.
 */
export function checkStore(at: Activation, instruction: Instruction, { receiver, key, value }: Store): void {
  for (const object of receiver.objects) {
    if (object.kind !== 'external' || instruction.op !== 'storeIndex') continue;
    const path = `${object.name}.[]=`;
    const context = at.contextAt(instruction, object.name);
    for (const model of at.engine.models.sinksOf(path))
      checkSinks(at, model, { receiver, args: plainArgs(key, value), context, path });
  }
  checkSecret(at, instruction, key, value);
  if (at.closure.module.language === 'python') return;
  if ((receiver.traits & trait.mayBePrototype) !== 0 && (key.types & typeBit.string) !== 0) {
    const dangerous = key.taints.some((taint) => (taint.dangers & danger.prototype) !== 0) ? key : value;
    const api = `${slotHints(at.fn)[instruction.a] || 'object'}[…]`;
    if (instruction.op === 'storeIndex')
      reportPlace(at, 'prototype-pollution', dangerous, { start: instruction.start, end: instruction.end, api });
  }
  if (instruction.op !== 'storeField') return;
  if (
    instruction.name === 'innerHTML' ||
    instruction.name === 'outerHTML' ||
    instruction.name === 'dangerouslySetInnerHTML'
  ) {
    const html =
      instruction.name === 'dangerouslySetInnerHTML' ? (value.objects[0]?.fields.get('__html') ?? value) : value;
    reportPlace(at, 'cross-site-scripting', html, {
      start: instruction.start,
      end: instruction.end,
      api: instruction.name,
    });
  }
}
