/** Characters that a person does not see but a model reads. */
export interface HiddenText {
  /** Where: names of fields, joined by dots. */
  readonly field: string;
  /** Code points such as `U+202E`, each once, sorted. */
  readonly characters: readonly string[];
}

// Ranges of code points that render as nothing, or turn the direction of what follows.
const ranges = [
  [0xad, 0xad], // soft hyphen
  [0x34f, 0x34f], // grapheme joiner
  [0x61c, 0x61c], // direction mark
  [0x115f, 0x1160], // fillers
  [0x17b4, 0x17b5], // vowels without a form
  [0x180b, 0x180f], // variation selectors
  [0x200b, 0x200c], // zero-width space and non-joiner; the joiner after them is needed in emoji
  [0x200e, 0x200f], // direction marks
  [0x202a, 0x202e], // direction overrides
  [0x2060, 0x206f], // invisible operators, direction isolates
  [0x3164, 0x3164], // filler
  [0xfe00, 0xfe0d], // variation selectors that emoji do not use
  [0xfeff, 0xfeff], // byte-order mark inside a text
  [0xffa0, 0xffa0], // filler
  [0xfff9, 0xfffb], // annotation marks
  [0x1d173, 0x1d17a], // musical format marks
  [0xe0000, 0xe0fff], // tags: a whole hidden alphabet, and variation selectors
] as const;

const toEscape = (codePoint: number) => `\\u{${codePoint.toString(16)}}`;
const hidden = new RegExp(`[${ranges.map(([from, to]) => `${toEscape(from)}-${toEscape(to)}`).join('')}]`, 'gu');

const maximumPlaces = 10;
const maximumKinds = 8;
const maximumDepth = 64;

/** Finds hidden characters in every string of a JSON value, at most ten places. A byte-order mark at a start is none. */
export function findHiddenText(value: unknown): HiddenText[] {
  const found: HiddenText[] = [];
  visit(value, [], found);
  return found;
}

function visit(value: unknown, path: readonly string[], found: HiddenText[]): void {
  if (found.length >= maximumPlaces || path.length > maximumDepth) return;
  if (typeof value === 'string') {
    const characters = hiddenIn(value);
    if (characters.length > 0) found.push({ field: path.join('.') || 'text', characters });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) visit(member, [...path, key], found);
}

function hiddenIn(text: string): string[] {
  const kinds = new Set<string>();
  for (const match of text.matchAll(hidden)) {
    if (match.index === 0 && match[0] === '\uFEFF') continue;
    kinds.add(`U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
    if (kinds.size >= maximumKinds) break;
  }
  return [...kinds].sort();
}
