import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assembly, assembleModule } from '../../src/attacks/assemble.js';
import { meterModule } from '../../src/wasm/meter.js';
import { prepareModule } from '../../src/wasm/prepare.js';
import type { RefusalCode } from '../../src/wasm/refusal.js';
import { readFixture, realModules, wideCaps } from './fixture.js';

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const caps = { memoryPages: 16, tableElements: 100 };
const assembled = (assembly: Partial<Assembly>) => assembleModule({ code: [], ...assembly });
const withSection = (id: number, ...content: number[]) => Uint8Array.from([...header, id, content.length, ...content]);

const cases: readonly (readonly [string, Uint8Array, RefusalCode, RegExp])[] = [
  ['no bytes', new Uint8Array(0), 'malformed', /not a WebAssembly module/],
  ['another version', Uint8Array.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]), 'malformed', /version 1/],
  ['a component', Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), 'malformed', /version 1/],
  ['a section beyond the end', Uint8Array.from([...header, 1, 50, 0]), 'malformed', /ends unexpectedly/],
  ['an unknown section', withSection(14, 0), 'unsupported', /Section 14/],
  ['a number that never ends', withSection(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80), 'malformed', /too long/],
  ['a number over 32 bits', withSection(1, 0xff, 0xff, 0xff, 0xff, 0x7f), 'malformed', /too long/],
  ['a count beyond its section', withSection(1, 60, 0x60), 'malformed', /exceeds its section/],
  ['a section longer than its content', withSection(1, 1, 0x60, 0, 0, 9), 'malformed', /too long/],
  ['a type of garbage collection', withSection(1, 1, 0x5f, 0), 'unsupported', /garbage collection/],
  ['a name that is not UTF-8', withSection(7, 1, 1, 0xff, 0, 0), 'malformed', /not UTF-8/],
  ['an export of an unknown kind', withSection(7, 1, 1, 0x61, 9, 0), 'malformed', /kind/],
  ['functions without bodies', withSection(3, 1, 0), 'malformed', /counts/],
  ['an import under the meter’s name', assembled({ import: ['trocar:x', 'f'] }), 'reserved-name', /trocar:x/],
  ['an import of the meter’s name', assembled({ import: ['env', 'trocar:fuel'] }), 'reserved-name', /trocar:fuel/],
  ['an export under the meter’s name', assembled({ exportName: 'trocar:start' }), 'reserved-name', /trocar:start/],
  ['too much memory', assembled({ memory: { minimum: 17 } }), 'over-cap', /17 pages/],
  ['too large a table', assembled({ table: 101 }), 'over-cap', /101 elements/],
  ['shared memory', assembled({ memory: { minimum: 1, shared: true } }), 'unsupported', /threads/],
  ['64-bit memory', withSection(5, 1, 4, 1), 'unsupported', /64-bit/],
  ['a table with an initialiser', withSection(4, 1, 0x40, 0, 0x70, 0, 1), 'unsupported', /initialiser/],
  ['an atomic instruction', assembled({ code: [0xfe, 0x03, 0x00] }), 'unsupported', /0xfe/],
  ['relaxed SIMD', assembled({ code: [0xfd, 0x80, 0x02] }), 'unsupported', /0xfd 256/],
  ['an unknown miscellaneous instruction', assembled({ code: [0xfc, 19] }), 'unsupported', /0xfc 19/],
  ['an unknown instruction', assembled({ code: [0xff] }), 'unsupported', /0xff/],
  ['a branch out of the function', assembled({ code: [0x0c, 5] }), 'malformed', /broken/],
  ['an else without an if', assembled({ code: [0x05] }), 'malformed', /broken/],
  ['a catch without a try', assembled({ code: [0x19] }), 'malformed', /broken/],
  ['a body that ends too early', assembled({ code: [0x0b] }), 'malformed', /broken/],
  ['a body that never ends', assembled({ code: [0x02, 0x40] }), 'malformed', /broken/],
  [
    'a branch table longer than its body',
    assembled({ code: [0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f] }),
    'malformed',
    /broken/,
  ],
  ['a typed select of two', assembled({ code: [0x1c, 2, 0x7f, 0x7f] }), 'malformed', /select/],
];

describe('what is refused', () => {
  for (const [what, bytes, code, message] of cases) {
    it(`${what} is ${code}`, () => {
      const result = meterModule(bytes, caps);
      expect(result).toMatchObject({ ok: false, refusal: { code } });
      if (!result.ok) expect(result.refusal.message).toMatch(message);
    });
  }

  it('is what the engine does not validate', () => {
    // i32.add on an empty stack: well-formed, but not valid.
    expect(prepareModule(assembled({ code: [0x6a] }), caps)).toMatchObject({
      ok: false,
      refusal: { code: 'malformed' },
    });
  });

  it('is too many locals, before anything is allocated for them', () => {
    const bytes = Uint8Array.from([
      ...header,
      1,
      4,
      1,
      0x60,
      0,
      0,
      3,
      2,
      1,
      0,
      10,
      10,
      1,
      8,
      1,
      0xff,
      0xff,
      0xff,
      0xff,
      0x0f,
      0x7f,
      0x0b,
    ]);
    expect(meterModule(bytes, caps)).toMatchObject({ ok: false, refusal: { code: 'over-cap' } });
  });

  it('is nothing of 100,000 nested blocks: depth costs no stack', () => {
    const depth = 100_000;
    const code = [...new Array<number[]>(depth).fill([0x02, 0x40]).flat(), ...new Array<number>(depth).fill(0x0b)];
    expect(meterModule(assembled({ code }), caps).ok).toBe(true);
  });
});

describe('hostile bytes', () => {
  const modules = realModules.filter(([name]) => name !== 'QuickJS').map(([, read]) => read());

  it('never break the meter, and what it lets through is valid or refused by the engine', () => {
    fc.assert(
      fc.property(
        fc.nat(modules.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
        (which, changes) => {
          const bytes = modules[which]!.slice();
          for (const [at, value] of changes) bytes[8 + (at % (bytes.length - 8))] = value;
          const result = meterModule(bytes, wideCaps);
          if (result.ok && WebAssembly.validate(bytes)) expect(WebAssembly.validate(result.module.bytes)).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('may end anywhere', () => {
    const bytes = readFixture('shapes.wasm');
    for (let length = 0; length < bytes.length; length += 1) {
      const prepared = prepareModule(bytes.slice(0, length), wideCaps);
      // Some prefixes are modules of their own: those that end with a whole section.
      if (prepared.ok) expect(WebAssembly.validate(bytes.slice(0, length))).toBe(true);
    }
  });

  it('may be random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = Uint8Array.from([...header, ...tail]);
        const result = meterModule(bytes, wideCaps);
        if (result.ok && WebAssembly.validate(bytes)) expect(WebAssembly.validate(result.module.bytes)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});
