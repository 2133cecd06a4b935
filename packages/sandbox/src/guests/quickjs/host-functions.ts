import { createHash, createHmac } from 'node:crypto';
import { createSeededRandom, type JsonValue, type RandomSource, toCanonicalJson } from '@trocar/core';
import { TextOutput } from '../../host/text-output.js';
import { FileError, type FileStatus, type VirtualFileSystem } from '../../host/virtual-file-system.js';
import type { TestResult } from '../../outcome.js';
import { epochMs } from './engine.js';
import type { GuestLibrary } from './library.js';
import { type ModuleResolver, normalizePath } from './resolve.js';

/** A failure that becomes an exception inside the guest. Codes and guest paths only. */
class GuestError extends Error {
  readonly details: { readonly code: string; readonly path?: string };

  constructor(code: string, message: string, path?: string) {
    super(message);
    this.details = { code, ...(path !== undefined && { path }) };
  }
}

const mostTests = 100_000;
const mostRecords = 1_000;
const longestRecord = 300;
const longestError = 8_000;
const largestRandom = 65_536;

/** What a host function gives back: JSON, bytes, or nothing. */
type Reply = { readonly json: JsonValue } | { readonly bytes: Uint8Array } | undefined;

/**
 * Everything that a JavaScript guest can make the host do. Arguments come as JSON text and bytes and are checked here;
 * nothing else crosses.
 */
export class HostFunctions {
  readonly stdout = new TextOutput();
  readonly stderr = new TextOutput();
  readonly values: JsonValue[] = [];
  readonly tests: Omit<TestResult, 'file'>[] = [];
  readonly denied: string[] = [];
  readonly missing: string[] = [];
  readonly hostCalls: Record<string, number> = Object.create(null) as Record<string, number>;
  /** Tests that were registered and have no verdict yet. */
  openTests = 0;
  uncaught: string | undefined;
  exitCode: number | undefined;
  isDone = false;
  /** Whether the program ended itself at once, so that the engine was stopped on purpose. */
  hasExited = false;
  nowMs = epochMs;
  readonly #files: VirtualFileSystem;
  readonly #resolver: ModuleResolver;
  readonly #library: GuestLibrary;
  readonly #random: RandomSource = createSeededRandom('trocar guest');
  readonly #exit: () => void;

  constructor(options: {
    readonly files: VirtualFileSystem;
    readonly resolver: ModuleResolver;
    readonly library: GuestLibrary;
    readonly exit: () => void;
  }) {
    this.#files = options.files;
    this.#resolver = options.resolver;
    this.#library = options.library;
    this.#exit = options.exit;
  }

  /** Answers one call: bytes, JSON text, or `!` and a problem as JSON text. */
  call(name: string, argument: string, bytes: Uint8Array | undefined): Uint8Array | string | undefined {
    this.hostCalls[name] = (this.hostCalls[name] ?? 0) + 1;
    try {
      const reply = this.#dispatch(name, JSON.parse(argument) as JsonValue, bytes ?? new Uint8Array(0));
      if (reply === undefined) return undefined;
      return 'bytes' in reply ? reply.bytes : JSON.stringify(reply.json);
    } catch (error) {
      return `!${JSON.stringify(toGuestProblem(error))}`;
    }
  }

  #dispatch(name: string, argument: JsonValue, bytes: Uint8Array): Reply {
    switch (name) {
      case 'write': {
        const [stream, text] = toList(argument);
        (stream === 2 ? this.stderr : this.stdout).write(toText(text));
        return undefined;
      }
      case 'fs':
        return this.#file(toList(argument), bytes);
      case 'source':
        return { json: this.source(toText(argument)) };
      case 'resolve': {
        const [specifier, from, style] = toList(argument);
        return { json: this.#resolve(toText(specifier), toText(from), style === 'import' ? 'import' : 'require') };
      }
      case 'builtins':
        return { json: [...this.#library.builtins] };
      case 'clock':
        this.nowMs = epochMs + toNumber(argument);
        return undefined;
      case 'random': {
        const size = toNumber(argument);
        if (!Number.isInteger(size) || size < 0 || size > largestRandom)
          throw new GuestError('ERR_OUT_OF_RANGE', 'size is out of range');
        return { bytes: this.#random.bytes(size) };
      }
      case 'hash':
        return { bytes: hash(argument, bytes) };
      case 'text.encode': {
        const [text, encoding] = toList(argument);
        return { bytes: Buffer.from(toText(text), toText(encoding) as BufferEncoding) };
      }
      case 'text.decode':
        return { json: decodeText(argument, bytes) };
      case 'url.parse': {
        const [input, base] = toList(argument);
        return { json: parseUrl(toText(input), base === undefined ? undefined : toText(base)) };
      }
      case 'url.set': {
        const [href, part, value] = toList(argument).map(toText);
        return { json: setUrlPart(href!, part!, value!) };
      }
      case 'url.query':
        return { json: [...new URLSearchParams(toText(argument))] };
      case 'url.serialize':
        return {
          json: new URLSearchParams(
            toList(argument).map((pair) => toList(pair).map(toText) as [string, string]),
          ).toString(),
        };
      case 'denied':
        record(this.denied, toText(argument));
        return undefined;
      case 'test-expected':
        this.openTests += 1;
        return undefined;
      case 'test':
        this.#test(argument);
        return undefined;
      case 'value':
        // Throws for what canonical JSON cannot carry, so that every outcome has a digest.
        toCanonicalJson(argument);
        this.values.push(argument);
        return undefined;
      case 'done':
        this.isDone = true;
        this.exitCode ??= toNumber(argument);
        return undefined;
      case 'exit-code':
        this.exitCode = toNumber(argument);
        return undefined;
      case 'uncaught':
        this.uncaught ??= toText(argument).slice(0, longestError);
        return undefined;
      case 'exit':
        this.exitCode = toNumber(argument);
        this.hasExited = true;
        this.#exit();
        return undefined;
      default:
        throw new GuestError('ERR_ACCESS_DENIED', `The host has no function ${name}`);
    }
  }

  /** The text of a guest file, for loading it as code. */
  source(path: string): string {
    return new TextDecoder().decode(this.#files.read(path)).replace(/^#!.*/, '');
  }

  /** Remembers something that the program asked for and that is not there. */
  noteMissing(message: string): void {
    record(this.missing, message);
  }

  #resolve(specifier: string, from: string, style: 'import' | 'require'): JsonValue {
    const found = this.#resolver.resolve(specifier, from, style);
    switch (found.kind) {
      case 'builtin':
        return { builtin: found.name, path: `node:${found.name}` };
      case 'file':
        return { path: found.path, format: this.#resolver.formatOf(found.path) };
      case 'missing':
        this.noteMissing(found.message);
        throw new GuestError(
          style === 'require' && found.code === 'ERR_MODULE_NOT_FOUND' ? 'MODULE_NOT_FOUND' : found.code,
          found.message,
        );
    }
  }

  #file([operation, first, ...rest]: readonly JsonValue[], bytes: Uint8Array): Reply {
    const files = this.#files;
    const path = toText(first);
    const options = rest[0];
    const has = (key: string) =>
      typeof options === 'object' && options !== null && (options as Record<string, unknown>)[key] === true;
    switch (operation) {
      case 'read':
        return { bytes: files.read(path) };
      case 'write':
        files.write(path, bytes.slice(), { exclusive: has('exclusive'), append: has('append') });
        return undefined;
      case 'find':
        return { json: toJson(files.find(path)) };
      case 'stat':
        return { json: toJson(files.status(path)) };
      case 'lstat':
        return { json: toJson(files.status(path, false)) };
      case 'list':
        return { json: files.list(path).map((entry) => ({ ...entry })) };
      case 'mkdir':
        files.makeDirectory(path, has('recursive'));
        return undefined;
      case 'remove':
        files.remove(path, { recursive: has('recursive'), directory: has('directory') });
        return undefined;
      case 'rename':
        files.rename(path, toText(options));
        return undefined;
      case 'symlink':
        files.makeLink(toText(options), path);
        return undefined;
      case 'readlink':
        return { json: files.readLink(path) };
      case 'realpath': {
        files.status(path);
        return { json: files.realPath(path) };
      }
      case 'chmod':
        files.changeMode(path, toNumber(options));
        return undefined;
      case 'utimes':
        files.changeTime(path, toNumber(options));
        return undefined;
      case 'truncate':
        files.truncate(path, toSize(options));
        return undefined;
      default:
        throw new GuestError('ERR_ACCESS_DENIED', 'unknown file operation');
    }
  }

  #test(argument: JsonValue): void {
    const { kind, name, status, message } = (argument ?? {}) as Record<string, unknown>;
    if (status !== 'passed' && status !== 'failed' && status !== 'skipped')
      throw new GuestError('ERR_INVALID_ARG_VALUE', 'status');
    if (kind === 'test') this.openTests -= 1;
    if (this.tests.length >= mostTests) {
      this.uncaught ??= `A test file may have at most ${mostTests} tests.`;
      return;
    }
    this.tests.push({ name: String(name), status, ...(typeof message === 'string' && { message }) });
  }
}

function toJson(status: FileStatus | undefined): JsonValue {
  return status === undefined ? null : { ...status };
}

function record(list: string[], text: string): void {
  if (list.length < mostRecords && !list.includes(text)) list.push(text.slice(0, longestRecord));
}

function toGuestProblem(error: unknown): JsonValue {
  if (error instanceof GuestError) return { ...error.details, message: error.message };
  if (error instanceof FileError) return { code: error.code, path: error.path, message: error.message };
  // Anything else is a bug of ours or a malformed call; the guest learns nothing about the host from it.
  return { code: 'ERR_INVALID_ARG_VALUE', message: 'The host refused the call' };
}

function toList(value: JsonValue | undefined): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new GuestError('ERR_INVALID_ARG_TYPE', 'a list was expected');
  return value as readonly JsonValue[];
}

function toText(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new GuestError('ERR_INVALID_ARG_TYPE', 'a string was expected');
  return value;
}

function toNumber(value: JsonValue | undefined): number {
  if (typeof value !== 'number') throw new GuestError('ERR_INVALID_ARG_TYPE', 'a number was expected');
  return value;
}

function toSize(value: JsonValue | undefined): number {
  const size = toNumber(value);
  if (!Number.isInteger(size) || size < 0 || size > 2 ** 31)
    throw new GuestError('ERR_OUT_OF_RANGE', 'size is out of range');
  return size;
}

function hash(argument: JsonValue, bytes: Uint8Array): Uint8Array {
  const { algorithm, key } = (argument ?? {}) as Record<string, unknown>;
  if (typeof algorithm !== 'string' || !/^(md5|sha1|sha224|sha256|sha384|sha512)$/.test(algorithm)) {
    throw new GuestError('ERR_CRYPTO_INVALID_DIGEST', 'Digest method not supported');
  }
  const hasher = typeof key === 'string' ? createHmac(algorithm, Buffer.from(key, 'hex')) : createHash(algorithm);
  return hasher.update(bytes).digest();
}

function decodeText(argument: JsonValue, bytes: Uint8Array): string {
  const { encoding, fatal, ignoreBOM } = (argument ?? {}) as Record<string, unknown>;
  if (typeof encoding !== 'string') throw new GuestError('ERR_INVALID_ARG_TYPE', 'encoding');
  // With a hyphen: names of the web's decoder; without: those of Node's Buffer.
  if (encoding.includes('-')) {
    return new TextDecoder(encoding, { fatal: fatal === true, ignoreBOM: ignoreBOM === true }).decode(bytes);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString(encoding as BufferEncoding)
    .toWellFormed();
}

const urlParts = [
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const;

function parseUrl(input: string, base: string | undefined): JsonValue {
  const url = URL.canParse(input, base) ? new URL(input, base) : undefined;
  if (url === undefined) return null;
  return { href: url.href, origin: url.origin, ...Object.fromEntries(urlParts.map((part) => [part, url[part]])) };
}

function setUrlPart(href: string, part: string, value: string): JsonValue {
  const known = urlParts.find((name) => name === part);
  if (known === undefined) throw new GuestError('ERR_INVALID_ARG_VALUE', 'unknown part');
  const url = new URL(href);
  url[known] = value;
  return parseUrl(url.href, undefined);
}

/** The project's directory inside the guest. */
export const projectRoot = '/project';

/** The guest's absolute path of a file of the call. */
export function toGuestPath(path: string): string {
  return normalizePath(`${projectRoot}/${path}`);
}
