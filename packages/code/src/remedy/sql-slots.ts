import type { Piece } from './string-pieces.js';

/** A place in an SQL text where one value stands that becomes a placeholder. */
export interface SqlSlot {
  /** Pieces that make up the value, first and last included: holes, and text where it stands between quotes. */
  readonly first: number;
  readonly last: number;
  /** Where the value is a quoted text: offsets of its quotes in the first and last text piece. */
  readonly quotes?: {
    readonly openPiece: number;
    readonly open: number;
    readonly closePiece: number;
    readonly close: number;
  };
  /** The value's parts without quotes: constant text (unescaped) and positions of holes. */
  readonly parts: readonly (string | number)[];
  /** Placeholders that the text already has before this slot. */
  readonly placeholdersBefore: number;
}

/** The slots of an SQL text, or the hole for which there can be none. */
export type SqlAnalysis =
  | {
      readonly ok: true;
      readonly slots: readonly SqlSlot[];
      /** Style of the placeholders that the text already has. */
      readonly existing: 'none' | 'question' | 'dollar' | 'percent';
      readonly existingCount: number;
    }
  | { readonly ok: false; readonly code: 'identifier-position' | 'unsupported-shape'; readonly reason: string };

const comparisonWords = new Set([
  'LIKE',
  'ILIKE',
  'GLOB',
  'REGEXP',
  'RLIKE',
  'MATCH',
  'BETWEEN',
  'THEN',
  'ELSE',
  'WHEN',
]);
const comparisonSigns = new Set(['=', '<', '>', '<=', '>=', '<>', '!=', '==', '+', '-', '/', '||', '->>', '->']);

interface OpenQuote {
  readonly openPiece: number;
  readonly open: number;
  readonly parts: (string | number)[];
  text: string;
  first: number;
  last: number;
}

/**
 * Finds where values stand in an SQL text. `isConstant` tells holes that always hold text of the program's own, such as
 * a table name from a constant; they count as part of the text.
 */
export function findSqlSlots(pieces: readonly Piece[], isConstant: (hole: number) => boolean): SqlAnalysis {
  return new SqlReader(pieces, isConstant).read();
}

class SqlReader {
  readonly #pieces: readonly Piece[];
  readonly #isConstant: (hole: number) => boolean;
  readonly #slots: SqlSlot[] = [];
  /** Words and signs read so far; only the last few are looked at. */
  readonly #tokens: string[] = [];
  /** For each open parenthesis: whether a value may stand behind a comma in it. */
  readonly #lists: boolean[] = [];
  #mode: 'code' | 'text' | 'name' | 'line-comment' | 'block-comment' = 'code';
  #closer = '';
  #quote: OpenQuote | undefined;
  #existing: 'none' | 'question' | 'dollar' | 'percent' = 'none';
  #existingCount = 0;
  /** Whether the last thing read is a word that the next piece could continue. */
  #isInWord = false;
  #isMixed = false;

  constructor(pieces: readonly Piece[], isConstant: (hole: number) => boolean) {
    this.#pieces = pieces;
    this.#isConstant = isConstant;
  }

  read(): SqlAnalysis {
    for (const [index, piece] of this.#pieces.entries()) {
      if (piece.kind === 'text') this.#readText(piece.value, index);
      else {
        const problem = this.#readHole(index);
        if (problem !== undefined) return problem;
      }
    }
    if (this.#mode === 'text') return unsupported('a quoted text of the statement does not end');
    if (this.#isMixed) return unsupported('the statement mixes styles of placeholders');
    return { ok: true, slots: this.#slots, existing: this.#existing, existingCount: this.#existingCount };
  }

  #readHole(index: number): SqlAnalysis | undefined {
    if (this.#mode === 'text') {
      const quote = this.#quote as OpenQuote;
      if (this.#isConstant(index) && quote.first < 0) return unsupported('a constant is spliced into a quoted text');
      quote.parts.push(quote.text, index);
      quote.text = '';
      if (quote.first < 0) quote.first = index;
      quote.last = index;
      return undefined;
    }
    if (this.#isConstant(index)) {
      if (this.#mode === 'code') this.#push('CONSTANT');
      return undefined;
    }
    if (this.#mode === 'name') return identifier('it stands inside a quoted name');
    if (this.#mode !== 'code') return unsupported('it stands in a comment of the statement');
    const next = this.#pieces[index + 1];
    const glued = this.#isInWord || (next?.kind === 'text' && /^[\w$.]/.test(next.value)) || next?.kind === 'hole';
    if (glued) return identifier('it is part of a name or word');
    const problem = this.#refusePosition();
    if (problem !== undefined) return problem;
    this.#slots.push({ first: index, last: index, parts: [index], placeholdersBefore: this.#existingCount });
    this.#push('VALUE');
    return undefined;
  }

  /** Whether a value may stand after what was read; everything not known to take one is refused. */
  #refusePosition(): SqlAnalysis | undefined {
    const last = this.#tokens.at(-1) ?? '';
    const before = this.#tokens.at(-2) ?? '';
    if (before === ')' && /^([<>=!]=?|<>|==|LIKE|ILIKE|BETWEEN)$/.test(last)) {
      return unsupported(
        'it is compared with a computed value, so a driver might not turn it into a number as the text did',
      );
    }
    if (comparisonSigns.has(last) || comparisonWords.has(last)) return undefined;
    if (last === '*' && before !== 'SELECT' && before !== ',' && before !== '(') return undefined;
    if (last === 'AND' && this.#tokens.at(-3) === 'BETWEEN') return undefined;
    if (last === 'LIMIT' || last === 'OFFSET')
      return unsupported('a count behind LIMIT or OFFSET may not be bound as text by every driver');
    if ((last === '(' || last === ',') && this.#lists.at(-1) === true) return undefined;
    return identifier(`it follows ${last === '' ? 'the start of the statement' : last}, where a value cannot stand`);
  }

  #readText(text: string, piece: number): void {
    for (let at = 0; at < text.length; ) {
      if (this.#mode === 'text') at = this.#readQuoted(text, at, piece);
      else if (this.#mode === 'name') at = this.#skipTo(text, at, this.#closer);
      else if (this.#mode === 'line-comment') at = this.#skipTo(text, at, '\n');
      else if (this.#mode === 'block-comment') at = this.#skipTo(text, at, '*/');
      else at = this.#readCode(text, at, piece);
    }
  }

  #skipTo(text: string, at: number, closer: string): number {
    const end = text.indexOf(closer, at);
    if (end < 0) return text.length;
    if (this.#mode === 'name') this.#push('NAME');
    this.#mode = 'code';
    return end + closer.length;
  }

  #readQuoted(text: string, at: number, piece: number): number {
    const quote = this.#quote as OpenQuote;
    const character = text[at] as string;
    if (character !== "'") {
      quote.text += character;
      return at + 1;
    }
    if (text[at + 1] === "'") {
      quote.text += "'";
      return at + 2;
    }
    this.#mode = 'code';
    this.#quote = undefined;
    this.#push('VALUE');
    if (quote.first >= 0) {
      const parts = [...quote.parts, quote.text].filter((part) => part !== '');
      const quotes = { openPiece: quote.openPiece, open: quote.open, closePiece: piece, close: at + 1 };
      const { first, last } = quote;
      this.#slots.push({ first, last, quotes, parts, placeholdersBefore: this.#existingCount });
    }
    return at + 1;
  }

  #readCode(text: string, at: number, piece: number): number {
    const rest = text.slice(at, at + 64);
    const character = rest[0] as string;
    if (/\s/.test(character)) {
      this.#isInWord = false;
      return at + 1;
    }
    if (character === "'") {
      this.#mode = 'text';
      this.#quote = { openPiece: piece, open: at, parts: [], text: '', first: -1, last: -1 };
      this.#isInWord = false;
      return at + 1;
    }
    const closer = { '"': '"', '`': '`', '[': ']' }[character];
    if (closer !== undefined) {
      this.#mode = 'name';
      this.#closer = closer;
      return at + 1;
    }
    if (rest.startsWith('--') || rest.startsWith('/*')) {
      this.#mode = rest.startsWith('--') ? 'line-comment' : 'block-comment';
      return at + 2;
    }
    return at + this.#readToken(rest);
  }

  #readToken(rest: string): number {
    const word = /^[\p{L}_][\p{L}\p{N}_$]*/u.exec(rest)?.[0];
    if (word !== undefined) {
      this.#push(word.toUpperCase());
      this.#isInWord = true;
      return word.length;
    }
    const number = /^\d+(\.\d+)?/.exec(rest)?.[0];
    if (number !== undefined) {
      this.#push('VALUE');
      this.#isInWord = true;
      return number.length;
    }
    const placeholder = /^(\?|\$\d+|%s)/.exec(rest)?.[0];
    if (placeholder !== undefined) {
      this.#existingCount += 1;
      const style = placeholder === '?' ? 'question' : placeholder === '%s' ? 'percent' : 'dollar';
      if (this.#existing !== 'none' && this.#existing !== style) this.#isMixed = true;
      this.#existing = style;
      this.#push('VALUE');
      return placeholder.length;
    }
    const sign = /^(->>|->|<=|>=|<>|!=|==|\|\||.)/su.exec(rest)?.[0] as string;
    if (sign === '(') this.#lists.push(this.#opensValueList());
    else if (sign === ')') this.#lists.pop();
    this.#push(sign);
    this.#isInWord = sign === '.';
    return sign.length;
  }

  /** Only `VALUES (` takes plain values; what a function makes of a bound one depends on the driver. */
  #opensValueList(): boolean {
    const last = this.#tokens.at(-1) ?? '';
    return last === 'VALUES' || (last === ',' && this.#tokens.includes('VALUES'));
  }

  #push(token: string): void {
    this.#tokens.push(token);
    this.#isInWord = false;
  }
}

function unsupported(reason: string): SqlAnalysis {
  return { ok: false, code: 'unsupported-shape', reason };
}

function identifier(reason: string): SqlAnalysis {
  return { ok: false, code: 'identifier-position', reason };
}
