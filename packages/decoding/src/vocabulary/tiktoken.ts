import { DecodingError } from '../errors.js';
import type { VocabularySource } from './vocabulary.js';

/**
 * Reads tiktoken ranks: a line per token with its bytes in base 64 and its rank, which is its id. Special tokens are
 * not in such a file; their ids stand for no text, and `endTokens` names those that end one.
 *
 * @throws {DecodingError} `invalid-vocabulary` with the line.
 */
export function fromTiktokenRanks(text: string, endTokens: readonly number[]): VocabularySource {
  const tokens: (Uint8Array | null)[] = [];
  for (const [line, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const match = /^([A-Za-z0-9+/]+={0,2}) (\d{1,7})\r?$/.exec(content);
    if (match === null) {
      throw new DecodingError('invalid-vocabulary', `Line ${line + 1} is not a token in base 64 and a rank.`);
    }
    tokens[Number(match[2])] = Buffer.from(match[1]!, 'base64');
  }
  const size = Math.max(tokens.length, ...endTokens.map((id) => id + 1));
  return { tokens: Array.from({ length: size }, (_, id) => tokens[id] ?? null), endTokens };
}
