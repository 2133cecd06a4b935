/** Bracket levels that the native parser's stack takes with a wide margin, also on a worker thread. */
const maxBrackets = 1_000;
/** Operators open at one place that the native parser's stack takes with a wide margin. */
const maxOperators = 4_000;
/** Wrapping words in a whole text, as in a bundle of several megabytes, that cannot all nest in each other. */
const maxWrappings = 4_000;
/** Opening characters in a whole text that cannot nest dangerously, however they are read. */
const harmlessOpeners = 3_000;

/** What is known of a text's nesting: harmless for a recursive parser, too deep for it, or impossible to say. */
export type NestingVerdict = 'bounded' | 'too-deep' | 'uncertain';

const wordStart = /[\p{ID_Start}$_#\\]/u;
const wordPart = /[\p{ID_Continue}$\\]|\u200c|\u200d/u;
/** Words after which an operand or a statement must follow: a line break ends nothing, a slash starts a pattern. */
const openWords = new Set(
  (
    'new typeof await void delete yield else do return case in of instanceof extends throw async keyof readonly infer ' +
    'is asserts satisfies as'
  ).split(' '),
);
const headWords = new Set(['if', 'while', 'for', 'with']);
const openerOf: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

interface Level {
  readonly opener: string;
  /** The parenthesis belongs to `if (…)` and the like, so a slash after it starts a pattern. */
  readonly isHead: boolean;
  operators: number;
}

/** What the last token was: something that ends an operand, or something that wants one. */
type Last = 'operand' | 'operator' | 'brace';

/**
 * Bounds the nesting of a JavaScript or TypeScript text by its tokens alone, since a recursive native parser that runs
 * out of stack takes the whole process with it. Linear time. Where slashes or quotes cannot be told apart without
 * parsing, the verdict falls back to counting every opening character.
 */
class NestingScanner {
  readonly #text: string;
  readonly #levels: Level[] = [{ opener: '', isHead: false, operators: 0 }];
  #at = 0;
  #last: Last = 'operator';
  #lastWord = '';
  #operators = 0;
  /** Words that may wrap what follows them; never forgotten, as no separator tells where they end. */
  #wrappings = 0;
  #wordsInRow = 0;
  #sawLineBreak = false;

  constructor(text: string) {
    this.#text = text;
  }

  verdict(): NestingVerdict {
    while (this.#at < this.#text.length) {
      if (!this.#token()) return 'uncertain';
      if (this.#levels.length > maxBrackets || this.#operators > maxOperators) return 'too-deep';
    }
    if (this.#wrappings > maxWrappings) return 'too-deep';
    return this.#levels.length === 1 ? 'bounded' : 'uncertain';
  }

  /** Consumes one token; false where the text stops making sense. */
  #token(): boolean {
    const char = this.#text[this.#at] as string;
    if (char === '\n' || char === '\r' || char === '\u2028' || char === '\u2029') {
      this.#sawLineBreak = true;
      this.#at += 1;
      return true;
    }
    if (char === ' ' || char === '\t' || char === '\ufeff' || char === '\u00a0') {
      this.#at += 1;
      return true;
    }
    if (char === '/') return this.#slash();
    if (char === '"' || char === "'") return this.#startOperand() && this.#quoted(char);
    if (char === '`') return this.#startOperand() && this.#template();
    if (char === '(' || char === '[' || char === '{') return this.#open(char);
    if (char === ')' || char === ']' || char === '}') return this.#close(char);
    if (wordStart.test(char) || char > '\u007f') return this.#word();
    if (char >= '0' && char <= '9') return this.#number();
    if (char === ';' || char === ',') return this.#separate();
    this.#operator();
    return true;
  }

  get #level(): Level {
    return this.#levels.at(-1) as Level;
  }

  #addOperator(): void {
    this.#level.operators += 1;
    this.#operators += 1;
  }

  #endRun(): void {
    this.#operators -= this.#level.operators;
    this.#level.operators = 0;
  }

  /** An operand starts here: after a line break that follows a finished operand, it starts a statement. */
  #startOperand(): boolean {
    if (this.#sawLineBreak && this.#last !== 'operator') this.#endRun();
    this.#sawLineBreak = false;
    this.#last = 'operand';
    this.#lastWord = '';
    return true;
  }

  #separate(): boolean {
    this.#endRun();
    this.#at += 1;
    this.#last = 'operator';
    this.#lastWord = '';
    this.#sawLineBreak = false;
    return true;
  }

  #operator(): void {
    this.#addOperator();
    const char = this.#text[this.#at] as string;
    const isPostfix = (char === '+' || char === '-') && this.#text[this.#at + 1] === char && this.#last === 'operand';
    this.#at += isPostfix ? 2 : 1;
    this.#last = isPostfix ? 'operand' : 'operator';
    this.#lastWord = char === '.' ? '.' : '';
    this.#sawLineBreak = false;
  }

  #word(): boolean {
    const start = this.#at;
    this.#at += 1;
    while (this.#at < this.#text.length && wordPart.test(this.#text[this.#at] as string)) this.#at += 1;
    const word = this.#text.slice(start, this.#at);
    const isMember = this.#lastWord === '.';
    // An `else` nests below the `if` before it however that one ended, and words in a row may each wrap the next.
    this.#wordsInRow = this.#lastWord !== '' && !isMember ? this.#wordsInRow + 1 : 0;
    if ((word === 'else' && this.#last !== 'brace') || this.#wordsInRow > 4) this.#wrappings += 1;
    if (!isMember && openWords.has(word)) {
      if (word === 'else' || word === 'in' || word === 'of' || word === 'instanceof') this.#last = 'operator';
      this.#startOperand();
      this.#addOperator();
      this.#last = 'operator';
    } else {
      this.#startOperand();
    }
    this.#lastWord = isMember ? '' : word;
    return true;
  }

  #number(): boolean {
    this.#startOperand();
    this.#at += 1;
    while (/[\w.]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return true;
  }

  #open(opener: string): boolean {
    const isHead = opener === '(' && headWords.has(this.#lastWord);
    if (opener === '{' && this.#sawLineBreak && this.#last === 'operand') this.#sawLineBreak = false;
    this.#levels.push({ opener, isHead, operators: 0 });
    this.#at += 1;
    this.#last = 'operator';
    this.#lastWord = '';
    this.#sawLineBreak = false;
    return true;
  }

  #close(closer: string): boolean {
    const level = this.#level;
    if (closer === '}' && level.opener === '`') {
      this.#leave();
      return this.#templateRest();
    }
    if (openerOf.get(closer) !== level.opener) return false;
    this.#leave();
    this.#at += 1;
    // The head of a statement wants its body, so `if(a)if(a)…` goes on nesting.
    if (level.isHead) this.#addOperator();
    this.#last = level.isHead ? 'operator' : closer === '}' ? 'brace' : 'operand';
    this.#lastWord = '';
    this.#sawLineBreak = closer === '}';
    return true;
  }

  #leave(): void {
    this.#endRun();
    this.#levels.pop();
  }

  #slash(): boolean {
    const next = this.#text[this.#at + 1];
    if (next === '/') {
      const rest = /[\n\r\u2028\u2029]/g;
      rest.lastIndex = this.#at;
      this.#at = rest.exec(this.#text)?.index ?? this.#text.length;
      return true;
    }
    if (next === '*') {
      const end = this.#text.indexOf('*/', this.#at + 2);
      if (end < 0) return false;
      this.#at = end + 2;
      return true;
    }
    // After a brace a slash divides or starts a pattern depending on what the brace closed: only a parser can tell.
    if (this.#last === 'brace') return false;
    if (this.#last === 'operand') {
      this.#operator();
      return true;
    }
    return this.#startOperand() && this.#pattern();
  }

  #pattern(): boolean {
    let isClass = false;
    for (let i = this.#at + 1; i < this.#text.length; i += 1) {
      const char = this.#text[i];
      if (char === '\n' || char === '\r') return false;
      if (char === '\\') i += 1;
      else if (char === '[') isClass = true;
      else if (char === ']') isClass = false;
      else if (char === '/' && !isClass) {
        this.#at = i + 1;
        return true;
      }
    }
    return false;
  }

  #quoted(quote: string): boolean {
    for (let i = this.#at + 1; i < this.#text.length; i += 1) {
      const char = this.#text[i];
      if (char === '\\') i += this.#text[i + 1] === '\r' && this.#text[i + 2] === '\n' ? 2 : 1;
      else if (char === '\n' || char === '\r') return false;
      else if (char === quote) {
        this.#at = i + 1;
        return true;
      }
    }
    return false;
  }

  #template(): boolean {
    this.#levels.push({ opener: '`', isHead: false, operators: 0 });
    return this.#templateRest(true);
  }

  /** Reads template text up to the next hole (a level of its own) or to the closing backtick. */
  #templateRest(isStart = false): boolean {
    if (!isStart) this.#levels.push({ opener: '`', isHead: false, operators: 0 });
    for (let i = this.#at + 1; i < this.#text.length; i += 1) {
      const char = this.#text[i];
      if (char === '\\') i += 1;
      else if (char === '`') {
        this.#levels.pop();
        this.#at = i + 1;
        this.#last = 'operand';
        this.#sawLineBreak = false;
        return true;
      } else if (char === '$' && this.#text[i + 1] === '{') {
        this.#at = i + 2;
        this.#last = 'operator';
        this.#sawLineBreak = false;
        return true;
      }
    }
    return false;
  }
}

function openersStayBelow(text: string, limit: number): boolean {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const isWordOrSpace = code > 96 ? code < 123 : code <= 32 || (code > 47 && code < 58) || (code > 64 && code < 91);
    if (!isWordOrSpace) count += 1;
    if (count > limit) return false;
  }
  return true;
}

/** Whether a recursive-descent parser can read a JavaScript or TypeScript text without running out of native stack. */
export function judgeNesting(text: string): NestingVerdict {
  if (text.length <= harmlessOpeners) return 'bounded';
  const verdict = new NestingScanner(text).verdict();
  if (verdict !== 'uncertain') return verdict;
  return openersStayBelow(text, harmlessOpeners) ? 'bounded' : 'uncertain';
}

/**
 * Whether the same holds with JSX switched on. Text between tags follows no rules that a scanner could use, so every
 * `<` before a name counts as an element that is never closed.
 */
export function judgeJsxNesting(text: string): NestingVerdict {
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    if (/[\p{ID_Start}$_>]/u.test(text[at + 1] ?? '')) elements += 1;
  }
  return elements > harmlessOpeners ? 'uncertain' : judgeNesting(text);
}
