import { createManualClock, createSeededRandom, TrocarError } from '@trocar/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerFields, toAnswer, toFailure } from '../../src/answer/answer.js';
import { boundField, boundSkipped } from '../../src/answer/bounded.js';
import { answerToProblem, answerToThrown } from '../../src/answer/failure.js';
import { findHiddenText } from '../../src/answer/hidden-text.js';
import { hintFor } from '../../src/answer/hint.js';
import { createRestStore } from '../../src/answer/rest-store.js';
import { estimateTokens } from '../../src/answer/token-estimate.js';

describe('an answer', () => {
  it('is one flat object, as structure and as text, without nulls', () => {
    const answer = toAnswer({ a: 1, b: null, c: undefined, d: [{ e: null, f: [null, 2] }], g: '' });
    expect(answer.structuredContent).toEqual({ success: true, a: 1, d: [{ f: [null, 2] }], g: '' });
    expect(answer.content).toEqual([{ type: 'text', text: JSON.stringify(answer.structuredContent) }]);
    expect(answer.isError).toBeUndefined();
  });

  it('that is a failure says so twice, and what to do', () => {
    const failure = toFailure({ error: 'No.', code: 'denied', hint: 'Ask.', run: 'run-1' });
    expect(failure.isError).toBe(true);
    expect(failure.structuredContent).toEqual({
      success: false,
      error: 'No.',
      code: 'denied',
      hint: 'Ask.',
      run: 'run-1',
    });
  });
});

describe('a thrown problem', () => {
  it('becomes a failure with the facts that help', () => {
    const thrown = new TrocarError('symbol-missing', 'There is no symbol f.', {
      data: { candidates: ['g'], secret: 'x' },
    });
    expect(answerToThrown(thrown).structuredContent).toEqual({
      success: false,
      error: 'There is no symbol f.',
      code: 'symbol-missing',
      hint: hintFor('symbol-missing'),
      candidates: ['g'],
    });
  });

  it('that nobody expected is internal, and has a hint as well', () => {
    expect(answerToThrown(new TypeError('x is undefined')).structuredContent).toMatchObject({ code: 'internal' });
    expect(answerToProblem({ code: 'never-heard-of', message: 'm' }).structuredContent).toMatchObject({
      hint: expect.stringMatching(/tell the user/),
    });
  });
});

describe('hidden text', () => {
  it.each([
    ['a direction override', 'a\u202Eb', ['U+202E']],
    ['a zero-width space', 'a\u200Bb', ['U+200B']],
    ['tag characters', 'a\u{E0041}\u{E0042}', ['U+E0041', 'U+E0042']],
    ['a soft hyphen', 'a\u00ADb', ['U+00AD']],
    ['a byte-order mark inside', 'a\uFEFFb', ['U+FEFF']],
    ['two kinds, each once', '\u200Ba\u200E\u200B', ['U+200B', 'U+200E']],
  ])('%s is found', (_, text, characters) => {
    expect(findHiddenText({ code: [text] })).toEqual([{ field: 'code.0', characters }]);
    expect(findHiddenText(text)).toEqual([{ field: 'text', characters }]);
  });

  it.each([
    ['plain text', 'let a = 1;\n\t'],
    ['other scripts', 'größe 変数 переменная متغير'],
    ['emoji with joiners', '👩‍💻 ❤️'],
    ['a byte-order mark at the start', '\uFEFFlet a'],
    ['what is no text', 7],
  ])('%s has none', (_, text) => {
    expect(findHiddenText({ text })).toEqual([]);
  });

  it('is bounded in number, kinds and depth', () => {
    expect(findHiddenText(Array.from({ length: 100 }, () => '\u200B'))).toHaveLength(10);
    const many = Array.from({ length: 100 }, (_, index) => String.fromCodePoint(0xe0000 + index)).join('');
    expect(findHiddenText(many)[0]?.characters).toHaveLength(8);
    let deep: unknown = '\u200B';
    for (let depth = 0; depth < 10_000; depth += 1) deep = [deep];
    expect(findHiddenText(deep)).toEqual([]);
  });
});

describe('a list that is too long for the bound', () => {
  const rests = () => createRestStore(createManualClock(0), createSeededRandom('rests'));

  it('is cut and goes on behind cursors, nothing lost and in order', () => {
    const list = fc.array(
      fc.nat(400).map((length) => 'ä'.repeat(length)),
      { minLength: 5, maxLength: 40, size: 'max' },
    );
    let cuts = 0;
    fc.assert(
      fc.property(list, fc.integer({ min: 80, max: 1_500 }), (items, maxTokens) => {
        const store = rests();
        const bound = { tool: 't', maxTokens, rests: store };
        const seen: unknown[] = [];
        let page: AnswerFields = boundField({ complete: true, items }, 'items', bound);
        expect(page.complete).toBe(true);
        for (;;) {
          const given = page.items as unknown[];
          seen.push(...given);
          if (given.length > 1) expect(estimateTokens(JSON.stringify(page))).toBeLessThanOrEqual(maxTokens);
          if (page.cursor === undefined) break;
          cuts += 1;
          expect(page.more).toBe(items.length - seen.length);
          const rest = store.get(String(page.cursor));
          page = boundField({ items: rest?.value ?? [] }, 'items', bound);
        }
        expect(seen).toEqual(items);
      }),
    );
    expect(cuts).toBeGreaterThan(100);
  });

  it('is left alone when there is none', () => {
    const fields = { items: 7 };
    expect(boundField(fields, 'items', { tool: 't', maxTokens: 1, rests: rests() })).toBe(fields);
  });

  it('may be a text: it is cut between lines', () => {
    const code = Array.from({ length: 200 }, (_, line) => `line ${line} of the text\n`).join('');
    const store = rests();
    const bound = { tool: 't', maxTokens: 300, rests: store };
    let page: AnswerFields = boundField({ code }, 'code', bound);
    let seen = '';
    for (;;) {
      expect(page.code).toMatch(/\n$/);
      seen += String(page.code);
      if (page.cursor === undefined) break;
      page = boundField({ code: store.get(String(page.cursor))?.value ?? '' }, 'code', bound);
    }
    expect(seen).toBe(code);
  });

  it('of what was skipped is cut as well, and counted', () => {
    const skipped = Array.from({ length: 100 }, (_, index) => ({ file: `f${index}`, reason: 'a reason' }));
    const bounded = boundSkipped({ coverage: { files: 100, skipped } }, 600) as {
      coverage: { skipped: unknown[]; more_skipped: number };
    };
    expect(bounded.coverage.skipped).toEqual(skipped.slice(0, bounded.coverage.skipped.length));
    expect(bounded.coverage.skipped.length + bounded.coverage.more_skipped).toBe(100);
    expect(estimateTokens(JSON.stringify(bounded.coverage.skipped))).toBeLessThanOrEqual(200);
    for (const whole of [
      { coverage: { skipped } },
      { coverage: { skipped: 1 } },
      { coverage: 1 },
      { coverage: {} },
      {},
    ]) {
      expect(boundSkipped(whole, 100_000)).toBe(whole);
    }
  });

  it('is forgotten when many others came after it', () => {
    const store = rests();
    const first = store.put({ tool: 't', field: 'f', value: [1] });
    for (let index = 0; index < 32; index += 1) store.put({ tool: 't', field: 'f', value: [] });
    expect(store.get(first)).toBeUndefined();
  });
});
