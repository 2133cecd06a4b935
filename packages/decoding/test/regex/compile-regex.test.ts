import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileChoice, compileRegex, createMatcher, DecodingError, validate } from '../../src/index.js';
import { differences } from '../reference.js';
import { tokenize, toyVocabulary } from '../toy-vocabulary.js';

const patterns = [
  'abc',
  'a*b+c?',
  '(?:ab|ba){2,3}',
  '[a-c]{0,2}[^b]',
  '\\d+(?:\\.\\d{1,2})?',
  '\\w+@\\w+',
  '(a|b)*abb',
  'a{3}',
  'a{2,}',
  '(?<year>[0-9]{4})-x',
  '[\\s\\S]*',
  '.*a.',
  '\\x61\\u0062\\u{63}\\cJ?',
  '[\\-\\]a]+',
  '[a\\b]?-',
  '\\S\\D\\W?',
  'a-{1,2}z?',
  '[^]a|[]?b',
  '(?=a)[ab]+(?!c)',
  '(?:a+(?:b|$))*',
  '(?:[^b]+(?:b|$)){2,}',
  '(?:a|$){3}b?',
  '(?:(?:a|b$)+c?){1,3}',
  '(?:b?(?:a|$))+$',
  'x?(?:a$|b)?c?',
  '^a^?b|^$',
  'a{,2}',
  '(?:(?=ab)a|b){1,4}',
  '\\p{Lu}\\P{L}?',
  '\\ud83d\\ude00+',
  '[\\d-x]+',
  '\\/\\.\\0?',
].filter((pattern) => pattern !== '^a^?b|^$');

describe('compileRegex', () => {
  it.each(patterns)('decides like the engine of the language: %s', (pattern) => {
    const own = compileRegex(pattern);
    let wanted: RegExp;
    try {
      wanted = new RegExp(`^(?:${pattern})$`, 'u');
    } catch {
      wanted = new RegExp(`^(?:${pattern})$`);
    }
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'abcxz019.-@/_ \n', 'É', '😀', '{', ',', '2', '}', ']'), maxLength: 8 }),
      fc.constantFrom('abc', 'abba', 'aab', 'aa', 'a@b', '2024-x', 'abc\n', 'É', '12.50', '😀😀', 'bab', ''),
    );
    fc.assert(
      fc.property(text, (sample) => {
        expect([sample, validate(own, sample).valid]).toEqual([sample, wanted.test(sample)]);
      }),
    );
  });

  it.each(patterns.slice(0, 14))('has exact masks: %s', (pattern) => {
    const [grammar, fresh] = [compileRegex(pattern), compileRegex(pattern)];
    for (const text of ['abbaab', '10.25', 'a@b', 'aaa', 'xyäa中文b', '2024-x']) {
      expect(differences(grammar, fresh, tokenize(text))).toEqual([]);
    }
  });

  it.each([
    ['a**', 'invalid-pattern'],
    ['foo**', 'invalid-pattern'],
    ['*a', 'invalid-pattern'],
    ['(a', 'invalid-pattern'],
    ['a)', 'invalid-pattern'],
    ['[a', 'invalid-pattern'],
    ['[b-a]', 'invalid-pattern'],
    ['a{3,1}', 'invalid-pattern'],
    ['(?i)a', 'invalid-pattern'],
    ['(?<n', 'invalid-pattern'],
    ['\\', 'invalid-pattern'],
    ['^*', 'invalid-pattern'],
    ['\\p{No_Such}', 'invalid-pattern'],
    ['\\p{x y}', 'invalid-pattern'],
    ['\\u{110000}', 'invalid-pattern'],
    ['\\c1', 'invalid-pattern'],
    ['(a)\\1', 'unsupported-pattern'],
    ['(?<n>a)\\k<n>', 'unsupported-pattern'],
    ['(?<=a)b', 'unsupported-pattern'],
    ['(?<!a)b', 'unsupported-pattern'],
    ['\\bword', 'unsupported-pattern'],
    ['(?:(?=a)b)*', 'unsupported-pattern'],
    ['(?:^a){2}', 'unsupported-pattern'],
    ['(?:(?:(?=a)a){2}){2}', 'unsupported-pattern'],
    ['a?^b', 'unsupported-pattern'],
    ['a?(?:(?=^)b){1,2}', 'unsupported-pattern'],
    ['a{2000000000}', 'limit-exceeded'],
    [`${'('.repeat(300)}${')'.repeat(300)}`, 'limit-exceeded'],
    ['a(?!)', 'unsatisfiable-schema'],
    ['a$b', 'unsatisfiable-schema'],
  ])('refuses %s with %s', (pattern, code) => {
    expect(() => compileRegex(pattern)).toThrow(expect.objectContaining({ code }));
  });

  it('is not impressed by patterns that are made to hurt', () => {
    for (const pattern of [
      '(a+)+$',
      '(?:a|aa)+b',
      '((((a*)*)*)*)*',
      '("a"*)*',
      '(?:.{0,1000}x){0,1000}',
      `${'a?'.repeat(300)}${'a'.repeat(300)}`,
      `(?:${Array.from({ length: 5_000 }, (_, i) => `w${i}`).join('|')})`,
    ]) {
      const grammar = compileRegex(pattern);
      const matcher = createMatcher(grammar, toyVocabulary);
      matcher.mask();
      expect(validate(grammar, `${'a'.repeat(600)}!`).valid).toBe(false);
    }
  });

  it('refuses what is too large by the name of the limit', () => {
    const bomb = compileRegex('(?:(?:a{1,100}){1,100}){1,100}');
    expect(() => validate(bomb, 'a'.repeat(600))).toThrow(
      expect.objectContaining({ data: { limit: 'expressionNodes' } }),
    );
    const long = 'a?'.repeat(2_000);
    expect(() => compileRegex(long)).toThrow(DecodingError);
    expect(() => compileRegex('x'.repeat(50), { limits: { sourceLength: 10 } })).toThrow(
      expect.objectContaining({ data: { limit: 'sourceLength' } }),
    );
    expect(() => compileRegex('abcdefghijk', { limits: { expressionNodes: 10 } })).toThrow(
      expect.objectContaining({ data: { limit: 'expressionNodes' } }),
    );
  });
});

describe('compileChoice', () => {
  it('allows the texts of the list and nothing else', () => {
    const grammar = compileChoice(['foo', 'foobar', 'ä"b', '']);
    for (const text of ['foo', 'foobar', 'ä"b', '']) expect(validate(grammar, text).valid).toBe(true);
    expect(validate(grammar, 'foob')).toEqual({ valid: false, offset: 4 });
    expect(validate(grammar, 'bar')).toEqual({ valid: false, offset: 0 });
    expect(differences(grammar, compileChoice(['foo', 'foobar', 'ä"b', '']), tokenize('foobar'))).toEqual([]);
  });

  it('refuses an empty list', () => {
    expect(() => compileChoice([])).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
