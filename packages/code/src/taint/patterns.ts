import { allDangers, dangerBits } from './taint.js';

/** Characters that a text may still hold after it matched a pattern from end to end; undefined where that is open. */
function alphabetOf(pattern: string): Set<string> | undefined {
  const alphabet = new Set<string>();
  let at = 0;
  const classEscapes: Readonly<Record<string, string>> = {
    d: '0123456789',
    w: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_',
    s: ' \t\n',
  };
  const addEscape = (): boolean => {
    const char = pattern[at + 1] ?? '';
    at += 2;
    const members = classEscapes[char];
    if (members !== undefined) for (const member of members) alphabet.add(member);
    else if (/[a-zA-Z0-9]/.test(char)) return char === 'b';
    else alphabet.add(char);
    return true;
  };
  const addClass = (): boolean => {
    at += 1;
    if (pattern[at] === '^') return false;
    while (at < pattern.length && pattern[at] !== ']') {
      if (pattern[at] === '\\') {
        if (!addEscape()) return false;
      } else if (pattern[at + 1] === '-' && pattern[at + 2] !== undefined && pattern[at + 2] !== ']') {
        const last = pattern.charCodeAt(at + 2);
        if (last > 0x7f) return false;
        for (let code = pattern.charCodeAt(at); code <= last; code += 1) alphabet.add(String.fromCharCode(code));
        at += 3;
      } else {
        alphabet.add(pattern[at] as string);
        at += 1;
      }
    }
    at += 1;
    return true;
  };
  while (at < pattern.length) {
    const char = pattern[at] as string;
    if (char === '\\') {
      if (!addEscape()) return undefined;
    } else if (char === '[') {
      if (!addClass()) return undefined;
    } else if (char === '.') {
      return undefined;
    } else if (char === '(') {
      const group = /^\((?:\?:|\?P?<\w+>|(?!\?))/.exec(pattern.slice(at));
      if (group === null) return undefined;
      at += group[0].length;
    } else if (char === '{') {
      at = pattern.indexOf('}', at) + 1 || pattern.length;
    } else {
      if (!/[)|*+?]/.test(char)) alphabet.add(char);
      at += 1;
    }
  }
  return alphabet;
}

const hasAny = (alphabet: ReadonlySet<string>, characters: string): boolean =>
  [...characters].some((character) => alphabet.has(character));

/** Dangers that are ruled out for a text of an alphabet. */
function dangersWithout(alphabet: ReadonlySet<string>): number {
  if ([...alphabet].every((character) => /[\w.-]/.test(character))) return allDangers & ~dangerBits(['trust']);
  let cleared = 0;
  if (!hasAny(alphabet, '/\\')) cleared |= dangerBits(['path']);
  if (!hasAny(alphabet, '\'"`\\;( ')) cleared |= dangerBits(['sql', 'xpath']);
  if (!hasAny(alphabet, '<>&"\'')) cleared |= dangerBits(['html']);
  if (!hasAny(alphabet, '()*\\|&=')) cleared |= dangerBits(['ldap']);
  if (!hasAny(alphabet, ';|&$`<>\n(){}!\'"\\ *?#~[]')) cleared |= dangerBits(['command']);
  if (!hasAny(alphabet, '/\\')) cleared |= dangerBits(['url', 'redirect']);
  if (!hasAny(alphabet, '\r\n')) cleared |= dangerBits(['header', 'log']);
  if (!hasAny(alphabet, '(')) cleared |= dangerBits(['code', 'template']);
  if (!hasAny(alphabet, '_')) cleared |= dangerBits(['prototype']);
  return cleared;
}

/** The inner pattern of an expression that matches whole texts only, undefined where something may stand around it. */
function anchoredBody(pattern: string, isWhole: boolean, isFromStart: boolean): string | undefined {
  const start = /^(?:\^|\\A)/.exec(pattern)?.[0] ?? '';
  const end = /(?:(?<!\\)\$|\\Z|\\z)$/.exec(pattern)?.[0] ?? '';
  if (!isWhole && end === '') return undefined;
  if (!isWhole && !isFromStart && start === '') return undefined;
  const body = pattern.slice(start.length, pattern.length - end.length);
  // Anchors bind tighter than alternatives: `^a|b$` holds anything.
  let depth = 0;
  for (let i = 0; i < body.length; i += 1) {
    if (body[i] === '\\') i += 1;
    else if (body[i] === '[') i = Math.max(body.indexOf(']', i + 1), i);
    else if (body[i] === '(') depth += 1;
    else if (body[i] === ')') depth -= 1;
    else if (body[i] === '|' && depth === 0 && start + end !== '') return undefined;
  }
  return body;
}

/** How a pattern is applied: to the whole text, from its start, or anywhere in it. */
export type MatchMode = 'whole' | 'start' | 'search';

/** Dangers that are ruled out in a text that matched a pattern. */
export function dangersRuledOut(pattern: string, mode: MatchMode): number {
  const body = anchoredBody(pattern, mode === 'whole', mode === 'start');
  const alphabet = body === undefined ? undefined : alphabetOf(body);
  return alphabet === undefined ? 0 : dangersWithout(alphabet);
}

/** Dangers that are ruled out once every match of a pattern was replaced by a harmless text. */
export function dangersRemoved(pattern: string): number {
  const negated = /^\[\^((?:[^\]\\]|\\.)*)\]\+?$/.exec(pattern)?.[1];
  if (negated !== undefined) return dangersRuledOut(`[${negated}]*`, 'whole');
  const removed =
    /^\[((?:[^\]\\^]|\\.)(?:[^\]\\]|\\.)*)\]\+?$/.exec(pattern)?.[1] ?? (/^\\?.$/.test(pattern) ? pattern : '');
  const letters = new Set(alphabetOf(`[${removed}]`) ?? []);
  let cleared = 0;
  if (letters.has('/') && letters.has('\\')) cleared |= dangerBits(['path']);
  if (letters.has("'")) cleared |= dangerBits(['sql', 'xpath']);
  if (letters.has('<')) cleared |= dangerBits(['html']);
  return cleared;
}
