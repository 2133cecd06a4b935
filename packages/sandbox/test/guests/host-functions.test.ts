import { beforeEach, describe, expect, it } from 'vitest';
import { HostFunctions } from '../../src/guests/quickjs/host-functions.js';
import { loadGuestLibrary } from '../../src/guests/quickjs/library.js';
import { ModuleResolver } from '../../src/guests/quickjs/resolve.js';
import { VirtualFileSystem } from '../../src/host/virtual-file-system.js';

let functions: HostFunctions;
beforeEach(() => {
  const files = new VirtualFileSystem({ bytes: 100, nodes: 10 }, () => 0);
  const resolver = new ModuleResolver({ kindOf: () => undefined, readText: () => '', isScript: () => true }, new Set());
  functions = new HostFunctions({ files, resolver, library: loadGuestLibrary(), exit: () => {} });
});

/** What a hostile guest may send: wrong names, wrong types, text that is no JSON. Each is answered, none breaks the host. */
const hostile: readonly (readonly [string, string, string])[] = [
  ['nothere', 'null', 'ERR_ACCESS_DENIED'],
  ['constructor', 'null', 'ERR_ACCESS_DENIED'],
  ['__proto__', 'null', 'ERR_ACCESS_DENIED'],
  ['write', '{broken', 'ERR_INVALID_ARG_VALUE'],
  ['write', '7', 'ERR_INVALID_ARG_TYPE'],
  ['write', '[1, {}]', 'ERR_INVALID_ARG_TYPE'],
  ['fs', '["format", "/"]', 'ERR_ACCESS_DENIED'],
  ['fs', '["read", 7]', 'ERR_INVALID_ARG_TYPE'],
  ['fs', '["truncate", "/x", -1]', 'ERR_OUT_OF_RANGE'],
  ['fs', '["truncate", "/x", "y"]', 'ERR_INVALID_ARG_TYPE'],
  ['fs', '["read", "/x"]', 'ENOENT'],
  ['random', '1e9', 'ERR_OUT_OF_RANGE'],
  ['random', '-1', 'ERR_OUT_OF_RANGE'],
  ['random', '"1"', 'ERR_INVALID_ARG_TYPE'],
  ['clock', '"now"', 'ERR_INVALID_ARG_TYPE'],
  ['hash', 'null', 'ERR_CRYPTO_INVALID_DIGEST'],
  ['hash', '{"algorithm":"shake256"}', 'ERR_CRYPTO_INVALID_DIGEST'],
  ['text.decode', 'null', 'ERR_INVALID_ARG_TYPE'],
  ['text.decode', '{"encoding":"x-nope"}', 'ERR_INVALID_ARG_VALUE'],
  ['text.encode', '["x", "nope"]', 'ERR_INVALID_ARG_VALUE'],
  ['url.set', '["http://a", "href", "http://b"]', 'ERR_INVALID_ARG_VALUE'],
  ['url.parse', '[]', 'ERR_INVALID_ARG_TYPE'],
  ['test', 'null', 'ERR_INVALID_ARG_VALUE'],
  ['test', '{"name":"x","status":"perfect"}', 'ERR_INVALID_ARG_VALUE'],
  ['resolve', '["x", "/a", "require"]', 'MODULE_NOT_FOUND'],
  ['resolve', '["x", "/a", "import"]', 'ERR_MODULE_NOT_FOUND'],
];

describe('host functions', () => {
  for (const [name, argument, code] of hostile) {
    it(`answer ${name}(${argument}) with ${code}`, () => {
      const reply = functions.call(name, argument, undefined);
      expect(reply).toMatch(/^!/);
      expect(JSON.parse(String(reply).slice(1))).toMatchObject({ code });
    });
  }

  it('count every call, and remember what was asked for in vain, up to a bound', () => {
    for (let index = 0; index < 1_100; index += 1) functions.call('denied', JSON.stringify(`door ${index}`), undefined);
    functions.call('denied', JSON.stringify(`door 1 ${'x'.repeat(1_000)}`), undefined);
    expect(functions.hostCalls.denied).toBe(1_101);
    expect(functions.denied).toHaveLength(1_000);
  });

  it('keep the first uncaught error and the first verdict on the end', () => {
    functions.call('uncaught', '"first"', undefined);
    functions.call('uncaught', '"second"', undefined);
    functions.call('exit', '3', undefined);
    functions.call('done', '0', undefined);
    expect([functions.uncaught, functions.exitCode, functions.hasExited]).toEqual(['first', 3, true]);
  });
});
