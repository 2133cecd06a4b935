import { createMatcher, type Grammar, tokensOf } from '../src/index.js';
import { readBytes } from '../src/mask/walk.js';
import { endToken, toyVocabulary } from './toy-vocabulary.js';

/** The tokens that may follow `prefix`, found by reading every token byte by byte from a machine without any cache. */
export function referenceMask(grammar: Grammar, prefix: Uint8Array): number[] {
  const { machine } = grammar;
  const text = { bytes: new Uint8Array(prefix.length + 300), length: 0 };
  const at = readBytes(machine, machine.start, prefix, text);
  if (at === null) throw new Error('The prefix is not of the language.');
  const allowed: number[] = [];
  for (let token = 0; token < toyVocabulary.size; token += 1) {
    const bytes = toyVocabulary.bytesOf(token);
    const { length } = text;
    if (
      token === endToken
        ? machine.isComplete(at.lex, at.frame)
        : bytes.length > 0 && readBytes(machine, at, bytes, text)
    ) {
      allowed.push(token);
    }
    text.length = length;
  }
  return allowed;
}

/** The places at which the mask of a run along `tokens` differs from the reference; `fresh` compiles a second machine. */
export function differences(grammar: Grammar, fresh: Grammar, tokens: readonly number[]): string[] {
  const matcher = createMatcher(grammar, toyVocabulary);
  const found: string[] = [];
  const compare = () => {
    const mask = [...tokensOf(matcher.mask())];
    const expected = referenceMask(fresh, matcher.text);
    if (mask.join() !== expected.join()) {
      const odd = [...mask.filter((id) => !expected.includes(id)), ...expected.filter((id) => !mask.includes(id))];
      const shown = odd.map((id) => JSON.stringify(Buffer.from(toyVocabulary.bytesOf(id)).toString('latin1')));
      found.push(`${Buffer.from(matcher.text).toString()} ⟂ ${shown.join(' ')}`);
    }
  };
  compare();
  for (const token of tokens) {
    if (!matcher.allows(token)) break;
    matcher.commit(token);
    compare();
  }
  return found;
}
