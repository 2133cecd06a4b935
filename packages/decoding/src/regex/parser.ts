import { type CharSet, complementChars, toCharSet } from '../automaton/char-set.js';
import { DecodingError } from '../errors.js';
import { type DecodingLimits, limitExceeded } from '../limits.js';
import { digitChars, dotChars, spaceChars, unicodeProperty, wordChars } from './char-classes.js';
import type { Pattern } from './syntax.js';

const maximumGroups = 200;
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/**
 * Parses a pattern of ECMA-262 with the `u` flag, as JSON Schema reads `pattern`; escapes of punctuation that the
 * flag forbids are taken literally, since they are common.
 *
 * @throws {DecodingError} `invalid-pattern` with the offset; `unsupported-pattern` for back-references, look-behind
 * and word boundaries; `limit-exceeded`.
 */
export function parsePattern(source: string, limits: DecodingLimits): Pattern {
  if (source.length > limits.sourceLength) throw limitExceeded('sourceLength', limits.sourceLength);
  const parser = new Parser(source, limits);
  const pattern = parser.alternatives(0);
  if (!parser.atEnd) throw parser.invalid('a closing parenthesis without its opening');
  return pattern;
}

class Parser {
  readonly #source: string;
  readonly #limits: DecodingLimits;
  #at = 0;

  constructor(source: string, limits: DecodingLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  invalid(what: string): DecodingError {
    return new DecodingError('invalid-pattern', `The pattern has ${what} at offset ${this.#at}.`, { offset: this.#at });
  }

  #unsupported(keyword: string): DecodingError {
    return new DecodingError('unsupported-pattern', `Patterns with ${keyword} are not supported.`, {
      offset: this.#at,
      keyword,
    });
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  alternatives(depth: number): Pattern {
    if (depth > maximumGroups) throw limitExceeded('schemaDepth', maximumGroups);
    const items = [this.#sequence(depth)];
    while (this.#take('|')) items.push(this.#sequence(depth));
    return items.length === 1 ? items[0]! : { kind: 'either', items };
  }

  #sequence(depth: number): Pattern {
    const items: Pattern[] = [];
    while (!this.atEnd && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') {
      items.push(this.#quantified(this.#term(depth)));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #quantified(item: Pattern): Pattern {
    const bounds = this.#quantifier();
    if (bounds === undefined) return item;
    if (item.kind === 'start' || item.kind === 'end') throw this.invalid('a quantifier after an anchor');
    this.#take('?');
    if (this.#quantifier() !== undefined) throw this.invalid('two quantifiers in a row');
    return { kind: 'repeat', item, minimum: bounds[0], maximum: bounds[1] };
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    const braces = /\{(\d+)(,(\d*))?\}/y;
    braces.lastIndex = this.#at;
    const match = braces.exec(this.#source);
    if (match === null) return undefined;
    const minimum = Number(match[1]);
    const upper = match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    const maximum = match[2] === undefined ? minimum : upper;
    if (maximum < minimum) throw this.invalid('a quantifier whose bounds are out of order');
    const largest = Number.isFinite(maximum) ? maximum : minimum;
    if (largest > this.#limits.repetition) throw limitExceeded('repetition', this.#limits.repetition);
    this.#at = braces.lastIndex;
    return [minimum, maximum];
  }

  #term(depth: number): Pattern {
    if (this.#take('^')) return { kind: 'start' };
    if (this.#take('$')) return { kind: 'end' };
    if (this.#take('(')) return this.#group(depth);
    if (this.#take('.')) return { kind: 'chars', set: dotChars };
    if (this.#take('[')) return { kind: 'chars', set: this.#charClass() };
    if (this.#take('\\')) return { kind: 'chars', set: this.#escape(false) };
    if (this.#quantifier() !== undefined) throw this.invalid('a quantifier without an operand');
    return { kind: 'chars', set: single(this.#codePoint()) };
  }

  #group(depth: number): Pattern {
    let ahead: boolean | undefined;
    if (this.#take('?=')) ahead = false;
    else if (this.#take('?!')) ahead = true;
    else if (this.#take('?<=') || this.#take('?<!')) throw this.#unsupported('look-behind');
    else if (this.#take('?<')) this.#groupName();
    else if (this.#source[this.#at] === '?' && !this.#take('?:')) throw this.invalid('an unknown kind of group');
    const item = this.alternatives(depth + 1);
    if (!this.#take(')')) throw this.invalid('a group that is not closed');
    return ahead === undefined ? item : { kind: 'ahead', item, negated: ahead };
  }

  #groupName(): void {
    const close = this.#source.indexOf('>', this.#at);
    if (close <= this.#at) throw this.invalid('a group name that is not closed');
    this.#at = close + 1;
  }

  #codePoint(): number {
    const codePoint = this.#source.codePointAt(this.#at)!;
    this.#at += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }

  #charClass(): CharSet {
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take(']')) {
      if (this.atEnd) throw this.invalid('a character class that is not closed');
      const low = this.#classAtom();
      const isRange = this.#source[this.#at] === '-' && ![']', undefined].includes(this.#source[this.#at + 1]);
      if (low.length === 2 && low[0] === low[1] && isRange) {
        this.#at += 1;
        const high = this.#classAtom();
        if (high.length !== 2 || high[0] !== high[1]) ranges.push(...pairs(low), [0x2d, 0x2d], ...pairs(high));
        else if (high[0]! < low[0]!) throw this.invalid('a range out of order');
        else ranges.push([low[0]!, high[0]!]);
      } else {
        ranges.push(...pairs(low));
      }
    }
    const set = toCharSet(ranges);
    return negated ? complementChars(set) : set;
  }

  #classAtom(): CharSet {
    return this.#take('\\') ? this.#escape(true) : single(this.#codePoint());
  }

  #escape(inClass: boolean): CharSet {
    if (this.atEnd) throw this.invalid('a backslash at its end');
    const char = this.#source[this.#at]!;
    if (!inClass && /[bB]/.test(char)) throw this.#unsupported('word boundaries');
    if (!inClass && /[1-9]/.test(char)) throw this.#unsupported('back-references');
    if (!inClass && char === 'k' && this.#source[this.#at + 1] === '<') throw this.#unsupported('back-references');
    const codePoint = this.#codePoint();
    switch (char) {
      case 'd':
        return digitChars;
      case 'D':
        return complementChars(digitChars);
      case 'w':
        return wordChars;
      case 'W':
        return complementChars(wordChars);
      case 's':
        return spaceChars;
      case 'S':
        return complementChars(spaceChars);
      case 'p':
      case 'P':
        return this.#property(char === 'P');
      case 'b':
        return single(8);
      case 'c':
        return this.#control();
      case 'x':
        return this.#hex(/([0-9a-fA-F]{2})/y, codePoint);
      case 'u':
        return this.#unicode();
      default:
        return single(controls[char] ?? codePoint);
    }
  }

  #property(negated: boolean): CharSet {
    const form = /\{([^}]*)\}/y;
    form.lastIndex = this.#at;
    const match = form.exec(this.#source);
    const set = match === null ? undefined : unicodeProperty(match[1]!);
    if (set === undefined) throw this.invalid('an unknown Unicode property');
    this.#at = form.lastIndex;
    return negated ? complementChars(set) : set;
  }

  #control(): CharSet {
    const letter = this.#source[this.#at] ?? '';
    if (!/[A-Za-z]/.test(letter)) throw this.invalid('a control escape without its letter');
    this.#at += 1;
    return single(letter.charCodeAt(0) % 32);
  }

  #unicode(): CharSet {
    const pair = /([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/y;
    pair.lastIndex = this.#at;
    const match = pair.exec(this.#source);
    if (match !== null) {
      this.#at = pair.lastIndex;
      return single(
        (Number.parseInt(match[1]!, 16) - 0xd800) * 0x400 + Number.parseInt(match[2]!, 16) - 0xdc00 + 0x10000,
      );
    }
    if (this.#source[this.#at] === '{') return this.#hex(/\{([0-9a-fA-F]{1,6})\}/y, 0x75);
    return this.#hex(/([0-9a-fA-F]{4})/y, 0x75);
  }

  #hex(form: RegExp, otherwise: number): CharSet {
    form.lastIndex = this.#at;
    const match = form.exec(this.#source);
    if (match === null) return single(otherwise);
    const value = Number.parseInt(match[1]!, 16);
    if (value > 0x10ffff) throw this.invalid('a code point beyond Unicode');
    this.#at = form.lastIndex;
    return single(value);
  }
}

function single(codePoint: number): CharSet {
  return [codePoint, codePoint];
}

function* pairs(set: CharSet): Iterable<readonly [number, number]> {
  for (let i = 0; i < set.length; i += 2) yield [set[i]!, set[i + 1]!];
}
