import { describe, expect, it } from 'vitest';
import { compileChoice, compileJsonSchema, createMatcher, tokensOf } from '../../src/index.js';
import { endToken, tokenize, toyVocabulary } from '../toy-vocabulary.js';

const schema = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 200 }, age: { type: 'integer', minimum: 0 } },
  required: ['name'],
  additionalProperties: false,
} as const;

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('createMatcher', () => {
  it('follows tokens to the end', () => {
    const matcher = createMatcher(compileJsonSchema(schema), toyVocabulary);
    for (const token of tokenize('{"name": "x😀", "age": 42}')) matcher.commit(token);
    expect(matcher.isComplete).toBe(true);
    expect(textOf(matcher.text)).toBe('{"name": "x😀", "age": 42}');
    expect([...tokensOf(matcher.mask())]).toContain(endToken);
    matcher.commit(endToken);
    expect(matcher.isEnded).toBe(true);
    expect(() => matcher.mask()).toThrow(expect.objectContaining({ code: 'already-complete' }));
    expect(() => matcher.commit(0)).toThrow(expect.objectContaining({ code: 'already-complete' }));
    matcher.rollback(1);
    expect(matcher.isEnded).toBe(false);
    expect(matcher.isComplete).toBe(true);
  });

  it('refuses tokens outside of the mask and stays where it is', () => {
    const matcher = createMatcher(compileJsonSchema(schema), toyVocabulary);
    const before = [...tokensOf(matcher.mask())];
    for (const token of [tokenize('[')[0]!, endToken, endToken + 1, -1, 1_000_000]) {
      expect(matcher.allows(token)).toBe(false);
      expect(() => matcher.commit(token)).toThrow(
        expect.objectContaining({ code: 'token-not-allowed', data: { offset: 0 } }),
      );
    }
    expect([...tokensOf(matcher.mask())]).toEqual(before);
  });

  it('rolls back to any earlier place', () => {
    const matcher = createMatcher(compileJsonSchema(schema), toyVocabulary);
    const tokens = tokenize('{"name":"foo","age":100}');
    const masks: string[] = [];
    for (const token of tokens) {
      masks.push(tokensOf(matcher.mask()).join());
      matcher.commit(token);
    }
    for (let i = tokens.length - 1; i >= 0; i -= 1) {
      matcher.rollback(1);
      expect(tokensOf(matcher.mask()).join()).toBe(masks[i]);
    }
    matcher.rollback(0);
    for (const count of [1, -1, 0.5]) {
      expect(() => matcher.rollback(count)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    }
  });

  it('forks into matchers that do not touch each other', () => {
    const matcher = createMatcher(compileJsonSchema(schema), toyVocabulary);
    for (const token of tokenize('{"')) matcher.commit(token);
    const other = matcher.fork();
    for (const token of tokenize('name":"a"}')) matcher.commit(token);
    for (const token of tokenize('age":1,"name":""}')) other.commit(token);
    expect([matcher, other].map((one) => textOf(one.text))).toEqual(['{"name":"a"}', '{"age":1,"name":""}']);
    expect(matcher.isComplete && other.isComplete).toBe(true);
  });

  it('jumps forward where there is one way only', () => {
    const matcher = createMatcher(compileJsonSchema(schema, { whiteSpace: 'none' }), toyVocabulary);
    expect(textOf(matcher.forcedBytes())).toBe('{"');
    for (const token of tokenize('{"a')) matcher.commit(token);
    expect(textOf(matcher.forcedBytes())).toBe('ge":');
    for (const token of matcher.forced()) matcher.commit(token);
    expect('{"age":'.startsWith(textOf(matcher.text))).toBe(true);
    const choice = createMatcher(compileChoice(['the foobar']), toyVocabulary);
    const forced = choice.forced();
    expect(forced.length).toBeGreaterThan(1);
    for (const token of forced) choice.commit(token);
    expect(textOf(choice.text) + textOf(choice.forcedBytes())).toBe('the foobar');
    expect(createMatcher(compileJsonSchema(true), toyVocabulary).forced()).toEqual([]);
  });

  it('remembers masks by what they depend on', () => {
    const grammar = compileJsonSchema({ type: 'array', items: schema });
    const matcher = createMatcher(grammar, toyVocabulary);
    for (const token of tokenize(`[${Array.from({ length: 12 }, () => '{"name":"foo bar baz","age":42}').join()}]`)) {
      matcher.mask();
      matcher.commit(token);
    }
    const { masks, cacheHits } = matcher.statistics;
    expect(cacheHits / masks).toBeGreaterThan(0.7);
    expect(createMatcher(grammar, toyVocabulary).statistics.masks).toBe(masks);
    expect(grammar.open(toyVocabulary).builder.remembered).toBeGreaterThan(0);
  });

  it('starts new texts on a new automaton before the old one is full', () => {
    const grammar = compileJsonSchema({ type: 'object' }, { limits: { lexerStates: 2_000 } });
    const first = grammar.machine;
    const waiting = createMatcher(grammar, toyVocabulary);
    for (let i = 0; i < 200; i += 1) {
      const matcher = createMatcher(grammar, toyVocabulary);
      for (const token of tokenize(`{"free ${i}":1,"name ${i * 7}":2}`)) {
        matcher.mask();
        matcher.commit(token);
      }
      expect(matcher.isComplete).toBe(true);
    }
    expect(grammar.machine).not.toBe(first);
    for (const token of tokenize('{"a":1}')) waiting.commit(token);
    expect(waiting.isComplete).toBe(true);
  });

  it('grows with the text', () => {
    const matcher = createMatcher(compileJsonSchema({ type: 'string' }), toyVocabulary);
    matcher.commit(tokenize('"')[0]!);
    for (let i = 0; i < 2_000; i += 1) matcher.commit(tokenize('foobar')[0]!);
    matcher.commit(tokenize('"')[0]!);
    expect(matcher.text.length).toBe(12_002);
    expect(matcher.isComplete).toBe(true);
  });

  it('bounds the work of one mask', () => {
    const grammar = compileJsonSchema(true, { limits: { maskSteps: 20 } });
    const matcher = createMatcher(grammar, toyVocabulary);
    expect(() => matcher.mask()).toThrow(expect.objectContaining({ data: { limit: 'maskSteps' } }));
  });
});
