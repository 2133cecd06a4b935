import { diffLines, type LineChange } from './line-diff.js';

/** How a diff is labelled and how much of the unchanged text surrounds each change. */
export interface UnifiedDiffOptions {
  /** The file's path relative to the root, with forward slashes. Without it the diff has no file header. */
  readonly path?: string;
  /** Unchanged lines before and after each change. Default: 3. */
  readonly context?: number;
}

/**
 * The difference between two texts in the unified format that `patch` and `git apply` read; empty where they are equal.
 *
 * `undefined` stands for a file that does not exist. Lines end at `\n`; a `\r` before it and a byte order mark are part
 * of their line, so that a change of line ends shows; a missing final newline is marked the way `diff` marks it.
 */
export function unifiedDiff(
  before: string | undefined,
  after: string | undefined,
  options: UnifiedDiffOptions = {},
): string {
  const beforeLines = splitLines(before ?? '');
  const afterLines = splitLines(after ?? '');
  const changes = diffLines(beforeLines, afterLines);
  const header = options.path === undefined ? '' : fileHeader(options.path, before, after);
  if (changes.length === 0) return (before === undefined) === (after === undefined) ? '' : header;
  const context = Math.max(0, options.context ?? 3);
  return (
    header +
    groupChanges(changes, context)
      .map((group) => renderHunk(group, beforeLines, afterLines, context))
      .join('')
  );
}

/** Splits after each `\n`, keeping it. An empty text has no lines. */
function splitLines(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return lines.length === 1 && lines[0] === '' ? [] : lines;
}

function fileHeader(path: string, before: string | undefined, after: string | undefined): string {
  const label = (side: string, text: string | undefined) =>
    text === undefined ? '/dev/null' : quotePath(`${side}/${path}`);
  return `--- ${label('a', before)}\n+++ ${label('b', after)}\n`;
}

/** Git's rules: C-style quotes where a control character, quote or backslash stands in it, a tab after a space. */
function quotePath(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be quoted.
  if (!/[\u0000-\u001f\u007f"\\]/.test(path)) return path.includes(' ') ? `${path}\t` : path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see above.
  const quoted = path.replace(/[\u0000-\u001f\u007f"\\]/g, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${quoted}"`;
}

/** Changes whose surroundings touch share a hunk. */
function groupChanges(changes: readonly LineChange[], context: number): LineChange[][] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const group = groups[groups.length - 1];
    const last = group?.[group.length - 1];
    if (group !== undefined && last !== undefined && change.beforeStart - last.beforeEnd <= 2 * context)
      group.push(change);
    else groups.push([change]);
  }
  return groups;
}

function renderHunk(
  group: readonly LineChange[],
  before: readonly string[],
  after: readonly string[],
  context: number,
): string {
  const first = group[0] as LineChange;
  const last = group[group.length - 1] as LineChange;
  const lead = Math.min(context, first.beforeStart);
  const trail = Math.min(context, before.length - last.beforeEnd);
  const start = first.beforeStart - lead;
  const lines: string[] = [];
  let reached = start;
  for (const change of group) {
    for (; reached < change.beforeStart; reached += 1) lines.push(renderLine(' ', before[reached] as string));
    for (; reached < change.beforeEnd; reached += 1) lines.push(renderLine('-', before[reached] as string));
    for (let index = change.afterStart; index < change.afterEnd; index += 1)
      lines.push(renderLine('+', after[index] as string));
  }
  for (; reached < last.beforeEnd + trail; reached += 1) lines.push(renderLine(' ', before[reached] as string));
  const beforeRange = renderRange(start, last.beforeEnd + trail);
  const afterRange = renderRange(first.afterStart - lead, last.afterEnd + trail);
  return `@@ -${beforeRange} +${afterRange} @@\n${lines.join('')}`;
}

function renderLine(mark: string, line: string): string {
  return line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** An empty range names the line before it, as in POSIX `diff -u`. */
function renderRange(start: number, end: number): string {
  const length = end - start;
  if (length === 1) return `${start + 1}`;
  return length === 0 ? `${start},0` : `${start + 1},${length}`;
}
