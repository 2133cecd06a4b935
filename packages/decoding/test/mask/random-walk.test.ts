import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileJsonSchema, createMatcher, tokensOf, validate } from '../../src/index.js';
import { referenceMask } from '../reference.js';
import { schemaCases } from '../schema/cases.js';
import { endToken, toyVocabulary } from '../toy-vocabulary.js';

describe('random texts under the mask', () => {
  it('follow masks that equal the reference at every step, and validate where they end', () => {
    const grammars = schemaCases.map(({ schema }) => [compileJsonSchema(schema), compileJsonSchema(schema)] as const);
    fc.assert(
      fc.property(
        fc.nat(grammars.length - 1),
        fc.array(fc.nat(), { minLength: 1, maxLength: 14 }),
        (which, choices) => {
          const [grammar, fresh] = grammars[which]!;
          const matcher = createMatcher(grammar, toyVocabulary);
          for (const choice of choices) {
            const allowed = tokensOf(matcher.mask());
            expect([...allowed]).toEqual(referenceMask(fresh, matcher.text));
            if (allowed.length === 0) return;
            const token = allowed[choice % allowed.length]!;
            expect(matcher.isComplete).toBe(allowed.includes(endToken));
            matcher.commit(token);
            if (token === endToken) {
              expect(validate(fresh, matcher.text)).toEqual({ valid: true });
              return;
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('meet no dead end, for every schema of the table', () => {
    for (const { name, schema } of schemaCases) {
      for (const stride of [1, 7, 31]) {
        const matcher = createMatcher(compileJsonSchema(schema, { whiteSpace: 'none' }), toyVocabulary);
        for (let steps = 0; !matcher.isEnded && steps < 40; steps += 1) {
          const allowed = tokensOf(matcher.mask());
          const text = new TextDecoder().decode(matcher.text);
          expect([name, text, allowed.length > 0]).toEqual([name, text, true]);
          matcher.commit(allowed[(steps * stride) % allowed.length]!);
        }
      }
    }
  });
});
