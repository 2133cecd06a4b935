import { type CharSet, complementChars, maximumCodePoint, toCharSet } from '../automaton/char-set.js';

/** ECMA-262 `\d`. */
export const digitChars: CharSet = [0x30, 0x39];

/** ECMA-262 `\w`. */
export const wordChars: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];

/** ECMA-262 `\s`: WhiteSpace and LineTerminator. */
export const spaceChars: CharSet = toCharSet([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

/** What `.` matches: everything but line terminators. */
export const dotChars: CharSet = complementChars([0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029]);

const properties = new Map<string, CharSet | undefined>();
const maximumKept = 200;

/**
 * The code points with a Unicode property, written as between the braces of `\p{…}`; undefined for an unknown one.
 * Costs some 50 ms once per property, since every code point is asked.
 */
export function unicodeProperty(name: string): CharSet | undefined {
  if (properties.has(name)) return properties.get(name);
  const set = findProperty(name);
  if (properties.size < maximumKept) properties.set(name, set);
  return set;
}

function findProperty(name: string): CharSet | undefined {
  if (!/^[A-Za-z0-9_]{1,64}(=[A-Za-z0-9_]{1,64})?$/.test(name)) return undefined;
  let test: RegExp;
  try {
    test = new RegExp(`\\p{${name}}`, 'u');
  } catch {
    return undefined;
  }
  const result: number[] = [];
  for (let codePoint = 0; codePoint <= maximumCodePoint; codePoint += 1) {
    if (!test.test(String.fromCodePoint(codePoint))) continue;
    if (result.at(-1) === codePoint - 1) result[result.length - 1] = codePoint;
    else result.push(codePoint, codePoint);
  }
  return result;
}
