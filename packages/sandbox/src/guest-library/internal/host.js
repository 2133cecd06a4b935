import { parse, stringify } from 'trocar:intrinsics';

// The only door to the host. Everything crosses as JSON text or as bytes; no object of the host is ever visible here.
const host = globalThis.__trocarHost;
delete globalThis.__trocarHost;

/** Calls a function of the host. Text comes back parsed, bytes as an ArrayBuffer. */
export function call(name, value, bytes) {
  const buffer = bytes === undefined ? undefined : toArrayBuffer(bytes);
  const reply = host(name, value === undefined ? 'null' : stringify(value), buffer);
  if (typeof reply !== 'string') return reply;
  if (reply[0] !== '!') return parse(reply);
  const { code, message, path, syscall } = parse(reply.slice(1));
  const error = new Error(message);
  error.code = code;
  if (path !== undefined) error.path = path;
  if (syscall !== undefined) error.syscall = syscall;
  throw error;
}

/** Compiles the text of a CommonJS module into its wrapper function. */
export const compile = globalThis.__trocarCompile;
delete globalThis.__trocarCompile;

/** Loads a module of this library and returns its namespace. */
export const loadBuiltin = globalThis.__trocarBuiltin;
delete globalThis.__trocarBuiltin;

function toArrayBuffer(bytes) {
  if (bytes instanceof ArrayBuffer) return bytes;
  if (bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength) return bytes.buffer;
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
