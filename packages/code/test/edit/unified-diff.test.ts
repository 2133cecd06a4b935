import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from '../../src/edit/line-diff.js';
import { unifiedDiff } from '../../src/edit/unified-diff.js';

/** What `patch` does, written against the format's description: applies the hunks of one file strictly. */
function patch(before: string, diff: string): string {
  const lines = before.split(/(?<=\n)/).filter((line) => line !== '');
  const result: string[] = [];
  let reached = 0;
  const rows = diff.split(/(?<=\n)/).filter((row) => row !== '');
  for (let at = 0; at < rows.length; ) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@\n$/.exec(rows[at] as string);
    if (header === null) throw new Error(`no hunk header: ${rows[at]}`);
    const length = Number(header[2] ?? 1);
    const start = length === 0 ? Number(header[1]) : Number(header[1]) - 1;
    while (reached < start) result.push(lines[reached++] as string);
    at += 1;
    while (at < rows.length && !rows[at]?.startsWith('@@')) {
      const row = rows[at] as string;
      const unfinished = rows[at + 1] === '\\ No newline at end of file\n';
      const content = unfinished ? row.slice(1, -1) : row.slice(1);
      if (row.startsWith('+')) result.push(content);
      else {
        expect(lines[reached]).toBe(content);
        if (row.startsWith(' ')) result.push(content);
        reached += 1;
      }
      at += unfinished ? 2 : 1;
    }
  }
  while (reached < lines.length) result.push(lines[reached++] as string);
  return result.join('');
}

describe('unifiedDiff', () => {
  it('shows one changed line with its surroundings', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\n';
    expect(unifiedDiff(before, before.replace('e', 'E'), { path: 'src/x.js' })).toBe(
      '--- a/src/x.js\n+++ b/src/x.js\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
    );
  });

  it('is empty for equal texts', () => {
    expect(unifiedDiff('a\n', 'a\n', { path: 'x' })).toBe('');
    expect(unifiedDiff(undefined, undefined, { path: 'x' })).toBe('');
  });

  it('names a created and a deleted file', () => {
    expect(unifiedDiff(undefined, 'a\n', { path: 'x' })).toBe('--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n');
    expect(unifiedDiff('a\n', undefined, { path: 'x' })).toBe('--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n');
    expect(unifiedDiff(undefined, '', { path: 'x' })).toBe('--- /dev/null\n+++ b/x\n');
  });

  it('marks a missing final newline on either side', () => {
    expect(unifiedDiff('a\nb', 'a\nb\n')).toBe('@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n');
    expect(unifiedDiff('a\nb\n', 'a\nb')).toBe('@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n');
    expect(unifiedDiff('a\nb', 'c\nb')).toBe('@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n');
  });

  it('shows a change of line end and of byte order mark', () => {
    expect(unifiedDiff('a\r\n', 'a\n')).toBe('@@ -1 +1 @@\n-a\r\n+a\n');
    expect(unifiedDiff('\ufeffa\n', 'a\n')).toBe('@@ -1 +1 @@\n-\ufeffa\n+a\n');
  });

  it('quotes paths the way git reads them', () => {
    expect(unifiedDiff('a\n', 'b\n', { path: 'two words' })).toContain('--- a/two words\t\n');
    expect(unifiedDiff('a\n', 'b\n', { path: 'q"\\\n' })).toContain('--- "a/q\\"\\\\\\012"\n');
  });

  it('separates changes that are far apart and joins those that are near', () => {
    const before = Array.from({ length: 30 }, (_, index) => `${index}\n`).join('');
    const after = before.replace('5\n', 'five\n').replace('25\n', 'xxv\n');
    expect(unifiedDiff(before, after).match(/^@@/gm)).toHaveLength(2);
    expect(unifiedDiff(before, after, { context: 30 }).match(/^@@/gm)).toHaveLength(1);
    expect(unifiedDiff(before, after, { context: 0 }).match(/^@@.*$/gm)).toEqual(['@@ -6 +6 @@', '@@ -26 +26 @@']);
  });

  it('turns the first text into the second, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd'), { maxLength: 24 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, fc.nat(4), (before, after, context) => {
        expect(patch(before, unifiedDiff(before, after, { context }))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it('answers within its bound for texts with nothing in common', () => {
    const before = Array.from({ length: 4_000 }, (_, index) => `old ${index}\n`).join('');
    const after = Array.from({ length: 4_000 }, (_, index) => `new ${index}\n`).join('');
    expect(patch(before, unifiedDiff(before, after))).toBe(after);
  });
});

describe('diffLines', () => {
  it('finds a script as short as the one dynamic programming finds', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const cost = diffLines(before, after).reduce(
          (sum, change) => sum + change.beforeEnd - change.beforeStart + change.afterEnd - change.afterStart,
          0,
        );
        expect(cost).toBe(before.length + after.length - 2 * longestCommon(before, after));
      }),
    );
  });
});

function longestCommon(left: readonly string[], right: readonly string[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const item of left) {
    const next = [0];
    for (let index = 0; index < right.length; index += 1) {
      next.push(item === right[index] ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
