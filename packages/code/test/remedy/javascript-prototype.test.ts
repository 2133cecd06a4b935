import { describe, expect, it } from 'vitest';
import { planCase } from './plan-case.js';

const test = (key: string) => `if (${key} === '__proto__' || ${key} === 'constructor' || ${key} === 'prototype')`;

describe('guarding prototypes in JavaScript', () => {
  it.each([
    [
      'for…of',
      'function m(t, s) {\n  for (const k of Object.keys(s)) {\n    ⟦t[k]⟧ = s[k];\n  }\n}\n',
      `{\n    ${test('k')} continue;\n    t[k]`,
    ],
    [
      'for…in',
      'function m(t, s) {\n\tfor (const k in s) {\n\t\t⟦t[k] = s[k]⟧;\n\t}\n}\n',
      `{\n\t\t${test('k')} continue;\n\t\tt[k]`,
    ],
    [
      'entries',
      'function m(t, s) {\n  for (const [k, v] of Object.entries(s)) {\n    ⟦t[k]⟧ = v;\n  }\n}\n',
      `{\n    ${test('k')} continue;\n`,
    ],
    ['forEach', 'Object.keys(s).forEach((k) => {\n  ⟦t[k]⟧ = s[k];\n});\n', `{\n  ${test('k')} return;\n`],
    ['a block on one line', 'for (const k in s) { ⟦t[k]⟧ = s[k]; }\n', `{ ${test('k')} continue; t[k]`],
    [
      'a parameter',
      'function set(t, k, v) {\n  const x = 1;\n  ⟦t[k]⟧ = v;\n}\n',
      `  ${test('k')} throw new TypeError('That key is not allowed.');\n  t[k] = v;`,
    ],
  ])('guards %s', async (_, before, after) => {
    const { after: text, plan } = await planCase('CWE-1321', 'a.js', before);
    expect(plan.refused).toEqual([]);
    expect(text).toContain(after);
  });

  it.each([
    ['a key that is computed', 'for (const k in s) {\n  ⟦t[k + 1]⟧ = 1;\n}\n'],
    ['a key that changes', 'let k = a;\nk = b;\n⟦t[k]⟧ = 1;\n'],
    ['a loop without a block', 'for (const k in s) ⟦t[k]⟧ = 1;\n'],
    ['a plain member', '⟦t.k⟧ = 1;\n'],
    ['something else', '⟦f()⟧;\n'],
    ['a name of nobody', '⟦t[k]⟧ = 1;\n'],
  ])('refuses %s', async (_, before) => {
    expect((await planCase('CWE-1321', 'a.js', before)).refused).toBe('unsupported-shape');
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
