// A small module around one function of another: arguments and results go through memory, so that every bit of floats
// and vectors arrives as it was, which JavaScript numbers do not promise.
const codes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const loads = { i32: [0x28], i64: [0x29], f32: [0x2a], f64: [0x2b], v128: [0xfd, 0x00] };
const stores = { i32: [0x36], i64: [0x37], f32: [0x38], f64: [0x39], v128: [0xfd, 0x0b] };

function leb(value) {
  const bytes = [];
  let rest = value;
  do {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

const section = (id, content) => [id, ...leb(content.length), ...content];
const modules = new Map();

/** Whether values of all these types can go through memory. */
export function isPlain(types) {
  return types.every((type) => type in codes);
}

/** Calls `target` (a WebAssembly function) with 16-byte slots; gives the bytes of the results. */
export function callExactly(target, parameters, results, slots) {
  const key = `${parameters}>${results}`;
  let compiled = modules.get(key);
  if (compiled === undefined) {
    compiled = new WebAssembly.Module(build(parameters, results));
    modules.set(key, compiled);
  }
  const { exports } = new WebAssembly.Instance(compiled, { a: { f: target } });
  const bytes = new Uint8Array(exports.m.buffer);
  for (const [index, slot] of slots.entries()) bytes.set(slot, index * 16);
  exports.c();
  return results.map((_, index) => bytes.slice(32768 + index * 16, 32768 + index * 16 + 16));
}

function build(parameters, results) {
  const type = (takes, gives) => [
    0x60,
    takes.length,
    ...takes.map((t) => codes[t]),
    gives.length,
    ...gives.map((t) => codes[t]),
  ];
  const body = [results.length, ...results.flatMap((t) => [1, codes[t]])];
  for (const [index, t] of parameters.entries()) body.push(0x41, 0, ...loads[t], 0, ...leb(index * 16));
  body.push(0x10, 0);
  for (let index = results.length - 1; index >= 0; index -= 1) body.push(0x21, ...leb(index));
  for (const [index, t] of results.entries())
    body.push(0x41, 0, 0x20, ...leb(index), ...stores[t], 0, ...leb(32768 + index * 16));
  body.push(0x0b);
  return Uint8Array.from([
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, [2, ...type(parameters, results), ...type([], [])]),
    ...section(2, [1, 1, 0x61, 1, 0x66, 0, 0]),
    ...section(3, [1, 1]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x63, 0, 1]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}
