/** A run of lines that differs: lines `beforeStart..beforeEnd` became lines `afterStart..afterEnd` (ends exclusive). */
export interface LineChange {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/**
 * Up to this many inserted and deleted lines the diff is the shortest one; beyond it the whole differing middle is one
 * change. Memory grows with the square of it: 1,000 costs about 4 MB.
 */
const maximumEditDistance = 1_000;

/**
 * The changed runs between two lists of lines, in order. The greedy algorithm of Myers, "An O(ND) Difference Algorithm
 * and Its Variations" (1986), after the common start and end have been set aside.
 */
export function diffLines(before: readonly string[], after: readonly string[]): LineChange[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;

  const numbers = new Map<string, number>();
  const left = toNumbers(before, start, before.length - tail, numbers);
  const right = toNumbers(after, start, after.length - tail, numbers);
  if (left.length === 0 && right.length === 0) return [];
  const changes = left.length === 0 || right.length === 0 ? undefined : findShortest(left, right);
  const found = changes ?? [{ beforeStart: 0, beforeEnd: left.length, afterStart: 0, afterEnd: right.length }];
  return found.map((change) => ({
    beforeStart: change.beforeStart + start,
    beforeEnd: change.beforeEnd + start,
    afterStart: change.afterStart + start,
    afterEnd: change.afterEnd + start,
  }));
}

/** Lines as small integers, so that the inner loop compares numbers. */
function toNumbers(lines: readonly string[], from: number, to: number, numbers: Map<string, number>): Int32Array {
  const result = new Int32Array(to - from);
  for (let index = from; index < to; index += 1) {
    const line = lines[index] as string;
    let number = numbers.get(line);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(line, number);
    }
    result[index - from] = number;
  }
  return result;
}

/** The shortest edit script, or undefined where it is longer than the bound. */
function findShortest(left: Int32Array, right: Int32Array): LineChange[] | undefined {
  const limit = Math.min(left.length + right.length, maximumEditDistance);
  const offset = limit + 1;
  const furthest = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let distance = 0; distance <= limit; distance += 1) {
    trace.push(furthest.slice(offset - distance, offset + distance + 1));
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const down =
        diagonal === -distance ||
        (diagonal !== distance && at(furthest, offset + diagonal - 1) < at(furthest, offset + diagonal + 1));
      let x = down ? at(furthest, offset + diagonal + 1) : at(furthest, offset + diagonal - 1) + 1;
      let y = x - diagonal;
      while (x < left.length && y < right.length && left[x] === right[y]) {
        x += 1;
        y += 1;
      }
      furthest[offset + diagonal] = x;
      if (x >= left.length && y >= right.length) return backtrack(trace, left.length, right.length);
    }
  }
  return undefined;
}

/** Walks the recorded frontiers back from the end and joins neighbouring single-line steps into runs. */
function backtrack(trace: readonly Int32Array[], leftLength: number, rightLength: number): LineChange[] {
  const changes: LineChange[] = [];
  let x = leftLength;
  let y = rightLength;
  for (let distance = trace.length - 1; distance > 0; distance -= 1) {
    // The frontier before this step: diagonal d stands at index d + distance.
    const frontier = trace[distance] as Int32Array;
    const diagonal = x - y;
    const reach = (d: number) => at(frontier, d + distance);
    const down = diagonal === -distance || (diagonal !== distance && reach(diagonal - 1) < reach(diagonal + 1));
    const previousX = down ? reach(diagonal + 1) : reach(diagonal - 1);
    const previousY = previousX - (down ? diagonal + 1 : diagonal - 1);
    const step: LineChange = {
      beforeStart: previousX,
      beforeEnd: down ? previousX : previousX + 1,
      afterStart: previousY,
      afterEnd: down ? previousY + 1 : previousY,
    };
    const next = changes[changes.length - 1];
    if (next !== undefined && next.beforeStart === step.beforeEnd && next.afterStart === step.afterEnd) {
      changes[changes.length - 1] = { ...next, beforeStart: step.beforeStart, afterStart: step.afterStart };
    } else {
      changes.push(step);
    }
    x = previousX;
    y = previousY;
  }
  return changes.reverse();
}

function at(array: Int32Array, index: number): number {
  return array[index] as number;
}
