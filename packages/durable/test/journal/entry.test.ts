import { toCanonicalJson } from '@trocar/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntry, type EntryDraft, encodeEntry, type JournalEntry } from '../../src/journal/entry.js';
import { joinMembers, toPayload } from '../../src/journal/payload.js';
import { foldEntry, nextDueMs, type RunRecord } from '../../src/journal/run-summary.js';

const draft = fc.record(
  {
    runId: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    kind: fc.constantFrom('run-started', 'step-completed', 'signal-awaited') as fc.Arbitrary<EntryDraft['kind']>,
    index: fc.nat(),
    name: fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/),
    dueMs: fc.nat(),
    holder: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    content: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()).map((value) => {
      const text = JSON.stringify(value);
      return toCanonicalJson(JSON.parse(text.isWellFormed() ? text : '{}'));
    }),
  },
  { requiredKeys: ['runId', 'kind', 'content'] },
) as unknown as fc.Arbitrary<EntryDraft>;

describe('an entry', () => {
  it('is written in canonical JSON and read back', () => {
    fc.assert(
      fc.property(draft, fc.nat(), fc.nat(), (entry, seq, atMs) => {
        const body = encodeEntry(entry, { seq, atMs });
        expect(toCanonicalJson(JSON.parse(body))).toBe(body);
        expect(decodeEntry(body)).toEqual({ ...entry, content: JSON.parse(entry.content), seq, atMs });
      }),
    );
  });

  it('is not read from anything else', () => {
    const good = { at: 1, content: {}, kind: 'timer-fired', run: 'r', seq: 0 };
    expect(decodeEntry(JSON.stringify(good))).toBeDefined();
    for (const change of [
      { at: -1 },
      { at: 0.5 },
      { at: '1' },
      { content: [] },
      { content: null },
      { kind: 'other' },
      { run: 7 },
      { seq: null },
      { due: 'x' },
      { index: -1 },
      { holder: 1 },
      { name: {} },
      { more: 1 },
      { key: 'x' },
      { refs: 7 },
      { refs: ['x'] },
    ]) {
      expect(decodeEntry(toCanonicalJson({ ...good, ...change }))).toBeUndefined();
    }
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '7',
      ` ${JSON.stringify(good)}`,
      `${'['.repeat(300)}${']'.repeat(300)}`,
    ]) {
      expect(decodeEntry(text)).toBeUndefined();
    }
  });
});

describe('a payload', () => {
  it('leaves room in the nesting for the entry around it', () => {
    let deep: unknown = null;
    for (let level = 0; level < 245; level += 1) deep = [deep];
    const { text } = toPayload(deep, 10_000);
    const body = encodeEntry(
      { runId: 'r', kind: 'run-completed', content: joinMembers({ output: text }) },
      { seq: 0, atMs: 0 },
    );
    expect(decodeEntry(body)).toBeDefined();
    for (let level = 0; level < 20; level += 1) deep = [deep];
    expect(() => toPayload(deep, 10_000)).toThrow(expect.objectContaining({ code: 'not-json' }));
  });

  it('is refused above the limit, with both sizes', () => {
    expect(toPayload('é', 4).text).toBe('"é"');
    expect(() => toPayload('é', 3)).toThrow(
      expect.objectContaining({ code: 'payload-too-large', data: { sizeBytes: 4, maxSizeBytes: 3 } }),
    );
  });
});

describe('the fold of a run', () => {
  const entry = (seq: number, kind: JournalEntry['kind'], rest: Partial<JournalEntry> = {}): JournalEntry => ({
    runId: 'r',
    seq,
    atMs: seq,
    kind,
    content: {},
    ...rest,
  });
  const fold = (...entries: readonly JournalEntry[]) =>
    entries.reduce<RunRecord | undefined>((record, next) => foldEntry(record, next), undefined);

  it('refuses an entry that cannot follow', () => {
    const started = entry(0, 'run-started', { name: 'w@1', holder: 'h' });
    expect(fold(entry(0, 'timer-fired'))).toBeUndefined();
    expect(fold(entry(1, 'run-started'))).toBeUndefined();
    expect(fold(started, entry(1, 'run-started'))).toBeUndefined();
    expect(fold(started, entry(2, 'run-resumed'))).toBeUndefined();
    expect(fold(started, entry(1, 'run-resumed', { atMs: -1 }))).toBeUndefined();
    const closed = fold(started, entry(1, 'run-failed'));
    expect(closed?.status).toBe('failed');
    expect(foldEntry(closed, entry(2, 'run-resumed'))).toBeUndefined();
  });

  it('knows what the run waits for, and what is due next', () => {
    const record = fold(
      entry(0, 'run-started', { name: 'w@1' }),
      entry(1, 'signal-received', { name: 'early' }),
      entry(2, 'signal-awaited', { index: 0, name: 'early' }),
      entry(3, 'signal-awaited', { index: 1, name: 'late', dueMs: 70 }),
      entry(4, 'timer-started', { index: 2, dueMs: 50 }),
      entry(5, 'timer-started', { index: 3 }),
      entry(6, 'run-parked'),
    ) as RunRecord;
    expect(record).toMatchObject({ status: 'waiting', early: {}, holder: '' });
    expect(record.waits.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(nextDueMs(record)).toBe(50);
    const cancelled = foldEntry(record, entry(7, 'cancel-requested')) as RunRecord;
    expect([cancelled.status, nextDueMs(cancelled)]).toEqual(['running', undefined]);
    const statusAfter = (next: JournalEntry) => foldEntry(record, next)?.status;
    expect(statusAfter(entry(7, 'run-resumed'))).toBe('waiting');
    expect(statusAfter(entry(7, 'signal-received', { name: 'nobody' }))).toBe('waiting');
    expect(statusAfter(entry(7, 'signal-received', { name: 'late' }))).toBe('running');
    expect(statusAfter(entry(7, 'timer-fired', { index: 2 }))).toBe('running');
    expect(foldEntry(cancelled, entry(8, 'run-parked'))?.status).toBe('running');
  });
});
