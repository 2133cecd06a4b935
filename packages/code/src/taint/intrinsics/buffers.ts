import { storeIndex, storeUnknown } from '../access.js';
import { concatenate } from '../operators.js';
import {
  bottom,
  constantValue,
  join,
  objectValue,
  singleString,
  unknown,
  unknownString,
  type Value,
} from '../value.js';
import type { Intrinsic, IntrinsicCall } from './intrinsic.js';

const bufferTag = 'text buffer';
const optionsTag = 'options by section';

function isAll(call: IntrinsicCall, tag: string): boolean {
  const { objects } = call.receiver;
  return objects.length > 0 && objects.every((object) => object.name === tag);
}

/** `io.StringIO`: a text that grows by `write`. */
export const textBuffer: Intrinsic = (call) => {
  const made = call.context.allocate('map', bufferTag);
  const [start] = call.args.plain;
  if (start !== undefined) made.fields.set('text', start);
  return objectValue(made);
};

/** `write` of a text buffer; undefined for other receivers. */
export const writeBuffer: Intrinsic = (call) => {
  if (!isAll(call, bufferTag)) return undefined;
  const added = call.args.plain[0] ?? unknownString;
  for (const object of call.receiver.objects) {
    const before = object.fields.get('text') ?? constantValue('');
    const after = concatenate([before, added]);
    const isCertain = !object.isSummary && !call.at.isRepeated && object.region === call.at.region;
    object.fields.set('text', isCertain ? after : join(before, after));
    call.at.engine.memo.noteChange(object);
  }
  return unknown;
};

/** `getvalue` (and `read`) of a text buffer; undefined for other receivers. */
export const bufferText: Intrinsic = (call) => {
  if (!isAll(call, bufferTag)) return undefined;
  return call.receiver.objects.reduce<Value>(
    (sum, object) => join(sum, object.fields.get('text') ?? constantValue('')),
    bottom,
  );
};

/** `configparser.ConfigParser`: values by section and key. */
export const sectionOptions: Intrinsic = (call) => objectValue(call.context.allocate('map', optionsTag));

function optionKey(call: IntrinsicCall): string | undefined {
  const [section, key] = call.args.plain;
  const names = [section, key].map((value) => (value === undefined ? undefined : singleString(value)));
  return names.includes(undefined) ? undefined : names.join('\0');
}

/** `set` with section, key and value; undefined for other receivers. */
export const setOption: Intrinsic = (call) => {
  if (!isAll(call, optionsTag)) return undefined;
  const value = call.args.plain[2] ?? unknown;
  const key = optionKey(call);
  const { engine } = call.at;
  if (key === undefined) for (const object of call.receiver.objects) storeUnknown(engine, object, unknownString, value);
  else storeIndex(engine, call.receiver, constantValue(key), value, call.at.isRepeated ? -1 : call.at.region);
  return constantValue(null);
};

/** `get` with section and key; undefined for other receivers. */
export const getOption: Intrinsic = (call) => {
  if (!isAll(call, optionsTag)) return undefined;
  const key = optionKey(call);
  let result: Value = call.args.named.get('fallback') ?? bottom;
  for (const object of call.receiver.objects) {
    const own = key === undefined ? undefined : object.fields.get(key);
    if (own !== undefined) result = join(result, own);
    else if (key === undefined) for (const value of object.fields.values()) result = join(result, value);
    if (object.hasUnknownKeys) result = join(result, object.elements);
  }
  return result === bottom ? unknownString : result;
};
