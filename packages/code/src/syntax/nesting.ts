/** Bracket levels that the native parser's stack takes with a wide margin, also on a worker thread. */
const maxBrackets = 450;
/** Operators and words open on one way into the text that the same stack takes with a wide margin. */
const maxOperators = 1_000;
/** Tokens in a whole text that cannot nest dangerously, however they are read. */
const harmlessTokens = 1_000;
/** A text so short cannot nest dangerously: no form nests with less than two characters a level that weighs. */
const harmlessLength = 1_500;

const wordStart = /[\p{ID_Start}$_#]/u;
const wordPart = /[\p{ID_Continue}$]|\u200c|\u200d/u;
/** Words that are never names, after which a slash starts a pattern. */
const patternWords = new Set('new typeof void delete else do return case in instanceof extends throw'.split(' '));
/** Words after which something must follow, so that a line break ends nothing; some may be names as well. */
const openWords = new Set([
  ...patternWords,
  ...'await yield of async keyof readonly infer is asserts satisfies as unique class interface implements'.split(' '),
  ...'function namespace module abstract declare type enum import export default var let const'.split(' '),
]);
/** Words that go on with what a brace or a line ended. */
const infixWords = new Set(
  'else catch finally while in of instanceof as satisfies is extends implements from with assert'.split(' '),
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
  /** Operators since the last end of a statement. */
  operators: number;
  /** Operators in the whole level. */
  total: number;
  /** Operators that no end of a statement takes back, as an `else` or `while` may still go on inside them. */
  kept: number;
  /** Colons of the statement beyond those of its conditions: a property has one, a row of labels several. */
  colons: number;
  hasAngle: boolean;
  /** The statement began with a head such as `if (…)`, an `else` or a `do`. */
  isWrapped: boolean;
}

function newLevel(opener: string, isHead = false): Level {
  return { opener, isHead, operators: 0, total: 0, kept: 0, colons: 0, hasAngle: false, isWrapped: false };
}

/** What the last token was: something that ends an operand, or something that wants one. */
type Last = 'operand' | 'operator' | 'brace' | 'ambiguous';

/**
 * Bounds the nesting of a JavaScript or TypeScript text by its tokens alone. Linear time. It gives up wherever slashes
 * or quotes cannot be told apart without parsing, and counts too much rather than too little.
 */
class NestingScanner {
  readonly #text: string;
  readonly #levels: Level[] = [newLevel('')];
  #at = 0;
  #last: Last = 'operator';
  #lastWord = '';
  #operators = 0;
  /** Words that may wrap what follows them; never forgotten, as no separator tells where they end. */
  #wrappings = 0;
  #wordsInRow = 0;
  #sawLineBreak = false;
  #wasDo = false;

  constructor(text: string) {
    this.#text = text;
  }

  isBounded(): boolean {
    if (this.#text.startsWith('#!')) this.#skipLine();
    while (this.#at < this.#text.length) {
      if (!this.#token() || this.#levels.length > maxBrackets) return false;
      if (this.#operators > maxOperators || this.#wrappings > maxOperators) return false;
    }
    return true;
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
    if (char === '`') return this.#template();
    if (char === '(' || char === '[' || char === '{') return this.#open(char);
    if (char === ')' || char === ']' || char === '}') return this.#close(char);
    if (wordStart.test(char)) return this.#word();
    if (char >= '0' && char <= '9') return this.#number();
    if (char === ';' || char === ',') return this.#separate(char);
    // What is left of other scripts may be a blank or half a letter, and an escape may spell a word.
    return char < '\u0080' && char !== '\\' && this.#operator(char);
  }

  get #level(): Level {
    return this.#levels.at(-1) as Level;
  }

  #addOperator(): void {
    this.#level.operators += 1;
    this.#level.total += 1;
    this.#operators += 1;
  }

  /** Forgets the operators of a finished statement, but for those that are kept. */
  #endRun(): void {
    const level = this.#level;
    this.#operators -= level.operators;
    level.operators = 0;
    level.colons = 0;
    level.hasAngle = false;
    level.isWrapped = false;
  }

  /** Keeps all operators of the level: the statements that they wrap may not be over yet. */
  #keep(): void {
    const level = this.#level;
    this.#operators += level.total - level.kept;
    level.kept = level.total;
  }

  /** An operand starts here: after a line break that follows a finished operand, it starts a statement. */
  #startOperand(): boolean {
    if (this.#wasDo) this.#keep();
    this.#wasDo = false;
    if (this.#sawLineBreak && (this.#last === 'operand' || this.#last === 'brace')) this.#endRun();
    this.#sawLineBreak = false;
    this.#last = 'operand';
    this.#lastWord = '';
    return true;
  }

  #separate(char: ';' | ','): boolean {
    const level = this.#level;
    // A comma ends neither type arguments nor what labels and heads of statements wrap.
    if (char === ';' || (!level.hasAngle && level.colons < 2 && !level.isWrapped)) this.#endRun();
    this.#at += 1;
    this.#last = 'operator';
    this.#lastWord = '';
    this.#sawLineBreak = false;
    return true;
  }

  #operator(char: string): boolean {
    this.#addOperator();
    const level = this.#level;
    const next = this.#text[this.#at + 1];
    if (char === '<') {
      if (this.#text.startsWith('<!--', this.#at)) return false;
      level.hasAngle = true;
    }
    if (char === '-' && this.#text.startsWith('-->', this.#at)) return false;
    if (char === ':') level.colons += 1;
    if (char === '?' && next !== '.' && next !== '?' && this.#text[this.#at - 1] !== '?') level.colons -= 1;
    const isDouble = (char === '+' || char === '-') && next === char;
    const isPostfix = isDouble && this.#last === 'operand' && !this.#sawLineBreak;
    const isArrow = char === '>' && this.#text[this.#at - 1] === '=';
    this.#at += isDouble ? 2 : 1;
    // After these a slash divides or starts a pattern, depending on what only a parser knows.
    if (isPostfix) this.#last = 'operand';
    else this.#last = isDouble || char === '!' || (char === '>' && !isArrow) ? 'ambiguous' : 'operator';
    this.#lastWord = char === '.' ? '.' : '';
    this.#sawLineBreak = false;
    return true;
  }

  #word(): boolean {
    const start = this.#at;
    this.#at += 1;
    while (this.#at < this.#text.length && wordPart.test(this.#text[this.#at] as string)) this.#at += 1;
    const word = this.#text.slice(start, this.#at);
    const before = this.#lastWord;
    const isMember = before === '.';
    // Words in a row may each wrap the next.
    this.#wordsInRow = before !== '' && !isMember ? this.#wordsInRow + 1 : 0;
    if (this.#wordsInRow > 4) this.#wrappings += 1;
    if (isMember) return this.#startOperand();
    if (infixWords.has(word)) this.#sawLineBreak = false;
    if (word === 'else' && this.#last !== 'brace') this.#keep();
    this.#startOperand();
    if (openWords.has(word)) {
      this.#addOperator();
      this.#last = patternWords.has(word) ? 'operator' : 'ambiguous';
    }
    if (word === 'else' || word === 'do') this.#level.isWrapped = true;
    this.#wasDo = word === 'do';
    this.#lastWord = word === 'await' && before === 'for' ? 'for' : word;
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
    if (this.#wasDo && opener !== '{') this.#keep();
    this.#wasDo = false;
    this.#levels.push(newLevel(opener, isHead));
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
    // The head of a statement wants its body, so `if(a)if(a)…` goes on nesting; and `a()()…` nests as well.
    this.#addOperator();
    if (level.isHead) this.#level.isWrapped = true;
    this.#last = level.isHead ? 'operator' : closer === '}' ? 'brace' : 'operand';
    this.#lastWord = '';
    this.#sawLineBreak = closer === '}';
    return true;
  }

  #leave(): void {
    this.#endRun();
    this.#operators -= this.#level.kept;
    this.#levels.pop();
  }

  #skipLine(): void {
    const rest = /[\n\r\u2028\u2029]/g;
    rest.lastIndex = this.#at;
    this.#at = rest.exec(this.#text)?.index ?? this.#text.length;
  }

  #slash(): boolean {
    const next = this.#text[this.#at + 1];
    if (next === '/') {
      this.#skipLine();
      return true;
    }
    if (next === '*') {
      const end = this.#text.indexOf('*/', this.#at + 2);
      if (end < 0) return false;
      if (/[\n\r\u2028\u2029]/.test(this.#text.slice(this.#at, end))) this.#sawLineBreak = true;
      this.#at = end + 2;
      return true;
    }
    // After a brace a slash divides or starts a pattern depending on what the brace closed: only a parser can tell.
    if (this.#last === 'brace' || this.#last === 'ambiguous') return false;
    if (this.#last === 'operand') return this.#operator('/');
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
    // A template goes on with the operand before it, even on another line.
    this.#addOperator();
    this.#wasDo = false;
    this.#lastWord = '';
    this.#levels.push(newLevel('`'));
    return this.#templateRest(true);
  }

  /** Reads template text up to the next hole (a level of its own) or to the closing backtick. */
  #templateRest(isStart = false): boolean {
    if (!isStart) this.#levels.push(newLevel('`'));
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

/** Words that may wrap what follows them. */
const wrappingWords =
  'abstract as asserts async await case class declare delete do else export extends for function if implements import ' +
  'in infer instanceof interface is keyof module namespace new of override private protected public readonly return ' +
  'satisfies static switch throw try type typeof unique void while with yield';
const mayWrap = new RegExp(`[^\\w\\s,;)\\]}>'"$]|\\b(?:${wrappingWords.replaceAll(' ', '|')})\\b`, 'g');

/** Whether a text has so few tokens that might wrap something that they cannot nest dangerously, however read. */
function hasFewTokens(text: string): boolean {
  mayWrap.lastIndex = 0;
  for (let count = 0; mayWrap.exec(text) !== null; count += 1) if (count >= harmlessTokens) return false;
  return true;
}

/**
 * Whether a recursive-descent parser can certainly read a JavaScript or TypeScript text without running out of native
 * stack, which would take the whole process with it. False only means that the text alone does not prove it.
 */
export function isSurelyShallow(text: string, withJsx: boolean): boolean {
  if (text.length <= harmlessLength || hasFewTokens(text)) return true;
  // Text between tags follows no rules that a scanner could use.
  if (withJsx && /<[\p{ID_Start}$_>]/u.test(text)) return false;
  return new NestingScanner(text).isBounded();
}
