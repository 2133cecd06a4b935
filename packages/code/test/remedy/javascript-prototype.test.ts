import { describe, expect, it } from 'vitest';
import { planCase } from './plan-case.js';

const test = (key: string) => `if (${key} === '__proto__' || ${key} === 'constructor' || ${key} === 'prototype')`;

const merge = (loop: string, body: string, end = '  }') =>
  `function m(t, s) {\n  ${loop} {\n    if (s[k]) m(t[k], s[k]);\n    ${body}\n${end}\n}\n`;

describe('guarding prototypes in JavaScript', () => {
  it.each([
    [
      'for…of',
      merge('for (const k of Object.keys(s))', '⟦t[k]⟧ = s[k];'),
      `{\n    ${test('k')} continue;\n    if (s[k])`,
    ],
    ['for…in', merge('for (const k in s)', '⟦t[k] = s[k]⟧;'), `{\n    ${test('k')} continue;\n`],
    ['entries', merge('for (const [k, v] of Object.entries(s))', '⟦t[k]⟧ = v;'), `{\n    ${test('k')} continue;\n`],
    ['forEach', merge('Object.keys(s).forEach((k) =>', '⟦t[k]⟧ = s[k];', '  });'), `{\n    ${test('k')} return;\n`],
    [
      'a block on one line',
      'const m = (t, s) => { for (const k in s) { m(t[k], s[k]); ⟦t[k]⟧ = s[k]; } };\n',
      `{ ${test('k')} continue; m(`,
    ],
    [
      'a walk and the last key behind it',
      'function set(o, path, v) {\n  let at = o;\n  for (const k of path.slice(0, -1)) {\n    at = at[k] ?? {};\n  }\n  const last = path.at(-1);\n  ⟦at[last]⟧ = v;\n}\n',
      `  for (const k of path.slice(0, -1)) {\n    ${test('k')} continue;\n    at = at[k] ?? {};\n  }\n  const last = path.at(-1);\n  ${test('last')} return;\n  at[last] = v;\n`,
    ],
    [
      'two keys in one expression',
      'function set(o, a, b, v) {\n  ⟦o[a][b] = v⟧;\n  return o;\n}\n',
      `  ${test('a')} throw new TypeError('That key is not allowed.');\n  ${test('b')} throw new TypeError('That key is not allowed.');\n  o[a][b] = v;\n`,
    ],
  ])('guards %s', async (_, before, after) => {
    const { after: text, plan } = await planCase('CWE-1321', 'a.js', before);
    expect(plan.refused).toEqual([]);
    expect(text).toContain(after);
  });

  it.each([
    ['a key that is computed', merge('for (const k in s)', '⟦t[k + 1]⟧ = 1;')],
    ['a key that changes', 'let at = o[a], k = a;\nk = b;\n⟦at[k]⟧ = 1;\n'],
    ['a loop without a block', 'function m(t, s) {\n  for (const k in s) m(t[k], ⟦t[k]⟧ = 1);\n}\n'],
    ['an object that is handed in', 'function set(t, k, v) {\n  ⟦t[k]⟧ = v;\n}\n'],
    ['a copy that is no merge', 'function m(t, s) {\n  for (const k in s) {\n    ⟦t[k]⟧ = s[k];\n  }\n}\n'],
    ['a merge that is also entered from outside', `${merge('for (const k in s)', '⟦t[k]⟧ = s[k];')}m(x[y], z);\n`],
    [
      'a merge that is entered with what was read before',
      `${merge('for (const k in s)', '⟦t[k]⟧ = s[k];')}const q = x[y];\nm(q, z);\n`,
    ],
    ['an object that was never read with a key', 'const t = {};\n⟦t[k]⟧ = 1;\nlet k;\n'],
    [
      'a walk whose keys are not variables',
      'let o = r;\nfor (const i of x) {\n  o = o[keys[i]];\n}\nconst k = y;\n⟦o[k]⟧ = 1;\n',
    ],
    ['a plain member', '⟦t.k⟧ = 1;\n'],
    ['something else', '⟦f()⟧;\n'],
    ['a name of nobody', '⟦t[k]⟧ = 1;\n'],
  ])('refuses %s', async (_, before) => {
    expect((await planCase('CWE-1321', 'a.js', before)).refused).toBe('unsupported-shape');
  });

  it('refuses a merge that another file enters with what it read', async () => {
    const source = merge('for (const k in s)', '⟦t[k]⟧ = s[k];');
    const files = { 'b.js': 'import { m } from "./a.js";\nm(x[y], z);\n' };
    expect((await planCase('CWE-1321', 'a.js', source, files)).refused).toBe('unsupported-shape');
    const harmless = { 'b.js': 'import { m } from "./a.js";\nm(x["y"], z);\nm(x, z);\n' };
    expect((await planCase('CWE-1321', 'a.js', source, harmless)).refused).toBeUndefined();
  });

  it('fixes a setter for paths of keys as a whole', async () => {
    const source = `function setKey(object, keys, value) {
  let at = object;
  keys.slice(0, -1).forEach(function (key) {
    if (at[key] === undefined) ⟦at[key] = {}⟧;
    at = at[key];
  });
  const last = keys[keys.length - 1];
  ⟦at[last] = value⟧;
}
`;
    const { before, after, plan } = await planCase('CWE-1321', 'a.js', source);
    expect(plan.refused).toEqual([]);
    const load = (code: string) =>
      new Function(`${code}return setKey;`)() as (object: object, keys: string[], value: unknown) => void;
    for (const keys of [['a'], ['a', 'b'], ['x', 'y', 'z']]) {
      const [left, right] = [{ a: {} }, { a: {} }];
      load(before)(left, keys, 1);
      load(after)(right, keys, 1);
      expect(right).toEqual(left);
    }
    for (const keys of [
      ['__proto__', 'polluted'],
      ['constructor', 'prototype', 'polluted'],
      ['a', '__proto__', 'polluted'],
    ]) {
      load(after)({ a: {} }, keys, 'yes');
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
    }
    load(before)({}, ['__proto__', 'polluted'], 'yes');
    expect(({} as { polluted?: string }).polluted).toBe('yes');
    Reflect.deleteProperty(Object.prototype, 'polluted');
  });

  it('merges as before, without reaching the prototype', async () => {
    const source = `function merge(target, changes) {
  for (const key of Object.keys(changes)) {
    if (typeof changes[key] === 'object' && typeof target[key] === 'object') merge(target[key], changes[key]);
    else ⟦target[key]⟧ = changes[key];
  }
  return target;
}
`;
    const { before, after } = await planCase('CWE-1321', 'a.js', source);
    const load = (code: string) =>
      new Function(`${code}return merge;`)() as (target: object, changes: object) => object;
    const changes = JSON.parse('{"a":{"b":2,"c":[1]},"d":null}') as object;
    const target = () => ({ a: { b: 1, x: 1 }, e: 5 });
    expect(load(after)(target(), changes)).toEqual(load(before)(target(), changes));
    const attack = JSON.parse('{"__proto__":{"polluted":"yes"}}') as object;
    load(after)(target(), attack);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
    load(before)(target(), attack);
    expect(({} as { polluted?: string }).polluted).toBe('yes');
    Reflect.deleteProperty(Object.prototype, 'polluted');
  });
});
