import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParseLimits } from '../../src/syntax/parse-result.js';
import { answerRequest } from '../../src/syntax/parser-answer.js';
import { parseApart } from '../../src/syntax/parser-process.js';

const limits = defaultParseLimits;

describe('parseApart', () => {
  it.each([
    ['parsed', 'let a = `b${c}`; // d\n'],
    ['recovered', 'let a = 1; let a = 2; return 1;'],
    ['failed', 'let a = ;'],
  ] as const)('gives what this process would give: %s', async (status, text) => {
    const input = { language: 'typescript', text, limits } as const;
    const apart = parseApart(input);
    const answer = await answerRequest(input);
    expect([apart.status, answer.status]).toEqual([status, status]);
    expect(answer.diagnostics).toEqual(apart.diagnostics);
    if (apart.status === 'failed' || answer.status === 'failed') return;
    expect(apart.tree.text).toBe(text);
    expect(Array.from(apart.tree.kind)).toEqual(Array.from(answer.tree.columns.kind));
    expect(apart.tree.textOf(0)).toContain('let a');
  });

  it('ends a parse that takes too long', () => {
    const input = { language: 'javascript', text: 'a;'.repeat(500_000), limits } as const;
    expect(parseApart(input, { timeoutMs: 1 })).toMatchObject({ status: 'failed', failure: 'budget' });
  });
});

describe('texts nested as deep as their length allows', () => {
  const forms = [
    ...[
      'if(a)',
      'if(a){}else ',
      'if(a);else ',
      'for(;;)',
      'for(a of b)',
      'for await(a of b)\n',
      'while(a)',
      'do ',
      'with(a)',
    ],
    ...[
      'a:',
      'a=>',
      'async a=>',
      '!',
      '-',
      'new ',
      'await ',
      'typeof\n',
      'void ',
      'a**',
      'a=',
      'a?b:',
      'a?',
      'a??',
      'a,',
    ],
    ...[
      '`${',
      '(',
      '[',
      '{',
      '{a:',
      'a(',
      'a?.',
      '<a>',
      '@a ',
      '@(',
      'class A{a(){',
      'class A extends ',
      'class A{a=',
      'B<1,',
    ],
    ...[
      'keyof ',
      'unique ',
      'infer ',
      'a extends b?c:',
      'switch(a){case 1:',
      'try{',
      'catch({a=',
      'x; ',
      'else ',
      '}',
      ')',
      ']',
    ],
    ...[
      'yield ',
      'import(',
      'function(){',
      '()=>{',
      'let a=',
      'export ',
      'of/',
      '/',
      '"',
      '\n',
      '++',
      '<!--',
      '...',
      '<a b={',
      '{}',
    ],
  ];
  const texts = fc
    .array(
      fc.tuple(fc.array(fc.constantFrom(...forms), { minLength: 1, maxLength: 4 }), fc.constantFrom(40, 400, 4_000)),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => {
      const unit = parts.map(([words, times]) => words.join('').repeat(parts.length > 1 ? times / 10 : 1)).join('');
      // Short enough for this process, so that the judgement of the tokens is put to the test.
      return unit.repeat(Math.ceil(95_000 / unit.length)).slice(0, 95_000);
    });

  it('never end the process', () => {
    const program = `
      import { readFileSync } from 'node:fs';
      import { parse } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      for (const [language, text] of JSON.parse(readFileSync(0, 'utf8'))) parse(language, text);
      process.exitCode = 7;`;
    const languages = fc.constantFrom('javascript', 'jsx', 'typescript', 'tsx');
    const runs = Number(process.env.TROCAR_FUZZ_RUNS ?? 40);
    const cases = fc.sample(fc.tuple(languages, texts), runs);
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { input: JSON.stringify(cases) });
    const seen = cases.map(([language, text]) => `${language} ${JSON.stringify(text.slice(0, 200))}`);
    expect(ended.status, seen.join('\n')).toBe(7);
  }, 600_000);
});
