/** The highest Unicode code point. */
export const maximumCodePoint = 0x10ffff;

/** A set of code points: sorted, disjoint, inclusive ranges as `[low, high, low, high, …]`. */
export type CharSet = readonly number[];

/** Every code point. */
export const anyChar: CharSet = [0, maximumCodePoint];

/** The set of the ranges given in any order, overlapping or not. */
export function toCharSet(ranges: readonly (readonly [number, number])[]): CharSet {
  const sorted = [...ranges].sort((left, right) => left[0] - right[0]);
  const result: number[] = [];
  for (const [low, high] of sorted) {
    const last = result.length - 1;
    if (last > 0 && low <= result[last]! + 1) result[last] = Math.max(result[last]!, high);
    else result.push(low, high);
  }
  return result;
}

/** All code points in `left` or in `right`. */
export function uniteChars(left: CharSet, right: CharSet): CharSet {
  const ranges: [number, number][] = [];
  for (const set of [left, right]) {
    for (let i = 0; i < set.length; i += 2) ranges.push([set[i]!, set[i + 1]!]);
  }
  return toCharSet(ranges);
}

/** All code points that are not in `set`. */
export function complementChars(set: CharSet): CharSet {
  const result: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > next) result.push(next, set[i]! - 1);
    next = set[i + 1]! + 1;
  }
  if (next <= maximumCodePoint) result.push(next, maximumCodePoint);
  return result;
}

/** All code points in both sets. */
export function intersectChars(left: CharSet, right: CharSet): CharSet {
  return complementChars(uniteChars(complementChars(left), complementChars(right)));
}

/** Whether `set` contains `codePoint`; a binary search. */
export function hasChar(set: CharSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (set[2 * middle + 1]! < codePoint) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && set[2 * low]! <= codePoint;
}
