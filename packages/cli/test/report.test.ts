import type { OperateResult } from '@trocar/workflows';
import { describe, expect, it } from 'vitest';
import { formatAttacks } from '../src/report/attack-text.js';
import { formatDiff } from '../src/report/diff-text.js';
import { formatCoverage } from '../src/report/finding-text.js';
import { formatOperateReport } from '../src/report/operate-report.js';
import { createProgress } from '../src/report/progress.js';
import { createStyle, toVisibleLine, toVisibleText } from '../src/report/style.js';
import { formatVerdict } from '../src/report/verdict-text.js';
import { createMemoryTerminal } from './memory-terminal.js';

const plain = createStyle(false);
const tests = { passed: 3, failed: 0, skipped: 1, tier: 'wasm' as const, fuelUnits: 12_345, failures: [] };
const finding = {
  id: 'f1',
  rule: 'sql-injection',
  cwe: 'CWE-89',
  severity: 'high' as const,
  confidence: 'high' as const,
  file: 'src/store.js',
  line: 7,
  message: 'Request data becomes SQL.',
  witness: [
    { file: 'src/server.js', line: 3, note: 'query parameter' },
    { file: 'src/store.js', line: 7, note: 'db.query' },
  ],
  sink: { file: 'src/store.js', start: 1, end: 2, api: 'db.query' },
};
const applied: OperateResult = {
  run: 'run-1',
  status: 'applied',
  findings: [finding],
  fixed: [finding],
  remaining: [],
  refused: [],
  edits: [
    { file: 'src/store.js', added: 1, removed: 1, diff: '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n', findings: ['f1'] },
  ],
  tests: { before: tests, after: tests, verdict: 'yes' },
  coverage: { files: 2, analysed: 2, skipped: [] },
  complete: true,
  record: { entries: 12, verified: true },
};

describe('the report of operate', () => {
  it('tells findings, changes, tests, coverage, record and what to do next', () => {
    const text = formatOperateReport(applied, plain);
    for (const part of [
      'Findings: 1, fixed 1, remaining 0',
      '1. high CWE-89 Request data becomes SQL.',
      'src/server.js:3  query parameter',
      'Changes: 1 file, +1 -1 lines',
      '3 passed, 0 failed, 1 skipped, 12,345 units of fuel',
      'behaviour kept: yes',
      '2 of 2 files analysed, complete',
      'Applied: 1 file changed.',
      '12 entries in the journal, verified',
      'trocar verify run-1',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('trocar approve');
  });

  it.each([
    [{ status: 'awaiting-approval' as const }, 'trocar approve run-1'],
    [{ status: 'nothing-to-do' as const, findings: [], edits: [] }, 'Nothing to do'],
    [{ status: 'incomplete' as const, complete: false }, 'Incomplete: nothing was changed'],
    [{ status: 'failed' as const, problem: { code: 'x', message: 'because' } }, 'Failed, nothing was changed: because'],
    [{ status: 'failed' as const }, 'unknown reason'],
    [{ record: { entries: 1, verified: false } }, 'NOT verified'],
    [{ refused: [{ finding: 'f1', reason: 'needs a shell' }] }, 'src/store.js:7: needs a shell'],
    [{ refused: [{ finding: 'gone', reason: 'none' }] }, 'gone: none'],
    [{ tests: { before: tests, after: tests, verdict: 'unknown' as const } }, 'behaviour kept: unknown'],
    [
      {
        tests: {
          before: { ...tests, tier: 'none' as const, reason: 'no guest' },
          after: { ...tests, failures: [{ file: 'a', name: 'b', message: 'c\nd' }], reason: 'partly' },
          verdict: 'no' as const,
        },
      },
      'failed  a b: c',
    ],
    [
      { tests: { before: { ...tests, tier: 'none' as const }, after: tests, verdict: 'no' as const } },
      'there are no tests',
    ],
    [{ edits: [...applied.edits, ...applied.edits] }, 'Changes: 2 files, +2 -2 lines'],
  ])('says %j', (part, text) => {
    expect(formatOperateReport({ ...applied, ...part }, plain)).toContain(text);
  });
});

describe('coverage', () => {
  it('names at most as many skipped files as asked for, and counts the rest', () => {
    const skipped = [1, 2, 3].map((n) => ({ file: `f${n}`, reason: 'binary', code: 'binary-source' as const }));
    const text = formatCoverage({ files: 5, analysed: 2, skipped }, false, plain, 2);
    const prose = { file: 'README.md', reason: 'not source code', code: 'not-source' as const };
    expect(formatCoverage({ files: 1, analysed: 0, skipped: [prose] }, true, plain)).toContain('out of scope: 1');
    expect(text).toContain('NOT complete');
    expect(text).toContain('f2: binary');
    expect(text).not.toContain('f3');
    expect(text).toContain('and 1 more');
    expect(text).not.toContain('out of scope');
  });
});

describe('the verdict on the journal', () => {
  it.each([
    [{ ok: true, entries: 3 }, 'Verified: 3 entries'],
    [{ ok: false, entries: 3, firstBad: { run: 'run-1', seq: 2, index: 9, reason: 'hash' } }, 'entry 2 of run-1: hash'],
    [{ ok: false, entries: 3, firstBad: { run: 'run-1', seq: null, index: 9, reason: 'x' } }, 'entry unknown of run-1'],
    [{ ok: false, entries: 3, firstBad: { run: null, seq: null, index: 9, reason: 'x' } }, 'entry 9 of the journal'],
    [{ ok: false, entries: 0, firstBad: { run: null, seq: null, index: null, reason: 'x' } }, 'entry unknown of the'],
  ] as const)('%j', (verdict, text) => {
    expect(formatVerdict(verdict, plain)).toContain(text);
  });
});

describe('the verdicts on attacks', () => {
  it('show a wall that broke', () => {
    const attack = {
      target: 'overlay' as const,
      name: 'dots',
      what: 'climbs',
      expected: 'refused',
      observed: 'written',
    };
    const text = formatAttacks(
      [
        { ...attack, ok: false },
        { ...attack, ok: true, observed: 'refused' },
      ],
      plain,
    );
    expect(text).toBe(
      'BROKEN overlay dots  climbs: written\nheld   overlay dots  climbs: refused\n1 of 2 attacks held off.\n',
    );
  });
});

describe('text of unknown origin', () => {
  it('cannot move the cursor, hide or turn around', () => {
    expect(toVisibleText('a\u001b[2Jb\u202ec\u200bd\re\tf\n😀')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{200b}d\\u{d}e\tf\n😀');
    expect(formatDiff('--- a\n+++ b\n+x\u001b[1A\r\n-y\n@@ z\n w', plain)).toBe(
      '--- a\n+++ b\n+x\\u{1b}[1A\n-y\n@@ z\n w',
    );
  });
});

describe('a name', () => {
  it('stays on its line', () => {
    expect(toVisibleLine('a\nClean.\tb')).toBe('a\\nClean.\\tb');
  });
});

describe('style', () => {
  it('marks text only where there are colours', () => {
    const color = createStyle(true);
    for (const name of ['strong', 'faint', 'good', 'bad', 'warning', 'place'] as const) {
      expect(plain[name]('x')).toBe('x');
      expect(color[name]('x')).toMatch(/^\W\[\d+mx\W\[\d+m$/);
    }
  });
});

describe('progress', () => {
  it('is a line for each finished step on a pipe', () => {
    const terminal = createMemoryTerminal();
    using progress = createProgress(terminal, false);
    progress.begin('scan');
    progress.end('scan', '3 findings');
    progress.end('apply');
    expect(terminal.notes).toBe('  scan  3 findings\n  apply\n');
  });

  it('redraws one line on a terminal and leaves it clean', async () => {
    const terminal = createMemoryTerminal({ canRedraw: true });
    {
      using progress = createProgress(terminal, false);
      progress.begin('scan');
      await new Promise((resolve) => setTimeout(resolve, 200));
      progress.end('scan');
    }
    expect(terminal.notes.split('scan').length).toBeGreaterThan(2);
    expect(terminal.notes).toContain('✓ scan\n');
    expect(terminal.notes.endsWith('\u001b[2K')).toBe(true);
  });

  it('is silent where asked to be', () => {
    const terminal = createMemoryTerminal({ canRedraw: true });
    using progress = createProgress(terminal, true);
    progress.begin('scan');
    progress.end('scan');
    expect(terminal.notes).toBe('');
  });
});
