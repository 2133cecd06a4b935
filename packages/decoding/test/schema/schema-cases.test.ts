import { describe, expect, it } from 'vitest';
import { compileJsonSchema, createMatcher, tokensOf, validate } from '../../src/index.js';
import { differences } from '../reference.js';
import { endToken, tokenize, toyVocabulary } from '../toy-vocabulary.js';
import { schemaCases } from './cases.js';

describe.each(schemaCases)('$name', ({ schema, valid, invalid }) => {
  const grammar = compileJsonSchema(schema);

  it.each(valid)('accepts %s', (text) => {
    expect(validate(grammar, text)).toEqual({ valid: true });
  });

  it.each(invalid)('rejects %s', (text) => {
    expect(validate(grammar, text)).toMatchObject({ valid: false });
  });

  it('has masks that lead to the valid texts and to no invalid one', () => {
    for (const text of [...valid, ...invalid]) {
      const matcher = createMatcher(grammar, toyVocabulary);
      const reached = [...tokenize(text), endToken].every((token) => {
        const isAllowed = tokensOf(matcher.mask()).includes(token);
        expect(matcher.allows(token)).toBe(isAllowed);
        if (isAllowed) matcher.commit(token);
        return isAllowed;
      });
      expect([text, reached]).toEqual([text, valid.includes(text)]);
    }
  });

  it('has masks equal to the reference, bit for bit', () => {
    const fresh = compileJsonSchema(schema);
    for (const text of [...valid, ...invalid]) expect(differences(grammar, fresh, tokenize(text))).toEqual([]);
  });

  it('has the same masks without and with little white space', () => {
    for (const whiteSpace of ['none', { maximumRun: 2 }] as const) {
      const options = { whiteSpace };
      const [first, second] = [compileJsonSchema(schema, options), compileJsonSchema(schema, options)];
      for (const text of valid) expect(differences(first, second, tokenize(text))).toEqual([]);
    }
  });
});
