// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are code under test.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { planCase } from './plan-case.js';

const head =
  "import { readFile, readFileSync, createReadStream } from 'node:fs';\nimport { join, resolve } from 'node:path';\n";
const check = (base: string, name: string, indent = '  ') =>
  `${indent}const way = relative(${base}, ${name});\n${indent}if (way === '..' || way.startsWith('../') || way.startsWith('..\\\\') || isAbsolute(way)) {\n`;
const thrown = "    throw Object.assign(new Error('The path leaves its folder.'), { code: 'ENOENT' });\n  }\n";

const fixed: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    'a path in a variable',
    'export async function f(d, a) {\n  const p = join(d, a);\n  return ⟦readFile(p)⟧;\n}\n',
    `  const p = join(d, a);\n${check('d', 'p')}${thrown}  return readFile(p);\n`,
  ],
  [
    'a path in the call',
    "export function f(d, a) {\n  return ⟦readFileSync(join(d, 'x', a), 'utf8')⟧;\n}\n",
    `  const file = join(d, 'x', a);\n${check("join(d, 'x')", 'file')}${thrown}  return readFileSync(file, 'utf8');\n`,
  ],
  [
    'a resolved path, which may name another drive',
    'export function f(d, a) {\n  return ⟦readFileSync(resolve(d, a))⟧;\n}\n',
    check('d', 'file'),
  ],
  [
    'a template',
    'export function f(a) {\n  return ⟦readFileSync(`${ROOT}/x/${a}.txt`)⟧;\n}\n',
    check('`${ROOT}/x`', 'file'),
  ],
  [
    'a template from the root folder',
    'export function f(a) {\n  return ⟦readFileSync(`${ROOT}/${a}`)⟧;\n}\n',
    check('ROOT', 'file'),
  ],
  ['a sum', "export function f(a) {\n  return ⟦readFileSync('./data/' + a)⟧;\n}\n", check("'./data'", 'file')],
  [
    'a name that is taken',
    'export function f(file, a) {\n  return ⟦readFileSync(join(file, a))⟧;\n}\n',
    '  const filePath = join(file, a);\n',
  ],
  [
    'a callback inside a promise',
    'export const f = (d, a) =>\n  new Promise((done, failed) => {\n    ⟦readFile(join(d, a), (error, text) => (error ? failed(error) : done(text)))⟧;\n  });\n',
    '    const file = join(d, a);\n',
  ],
  [
    'a stream in a try block',
    'export function f(d, a) {\n  try {\n    return ⟦createReadStream(join(d, a))⟧;\n  } catch {\n    return null;\n  }\n}\n',
    '    const file = join(d, a);\n',
  ],
];

const refused: readonly (readonly [name: string, code: string, before: string])[] = [
  ['a path without a folder', 'no-base-folder', 'function f(a) {\n  return ⟦readFileSync(a)⟧;\n}\n'],
  ['a path that starts with data', 'no-base-folder', 'function f(a) {\n  return ⟦readFileSync(`${a}.txt`)⟧;\n}\n'],
  ['a path from the root of the disk', 'no-base-folder', "function f(a) {\n  return ⟦readFileSync('/' + a)⟧;\n}\n"],
  [
    'a join of another module',
    'no-base-folder',
    "import { join as j } from './j.js';\nfunction f(a) {\n  return ⟦readFileSync(j(D, a))⟧;\n}\n",
  ],
  ['spread parts', 'no-base-folder', 'function f(a) {\n  return ⟦readFileSync(join(D, ...a))⟧;\n}\n'],
  ['a folder that is computed', 'no-base-folder', 'function f(a) {\n  return ⟦readFileSync(join(g(), a))⟧;\n}\n'],
  [
    'a path of another function',
    'unsupported-shape',
    'const p = join(D, a);\nfunction f() {\n  return ⟦readFileSync(p)⟧;\n}\n',
  ],
  ['an arrow function without a block', 'unsupported-shape', 'const f = (a) => ⟦readFileSync(join(D, a))⟧;\n'],
  [
    'a path that may not be needed',
    'unsupported-shape',
    'function f(a) {\n  return a ? ⟦readFileSync(join(D, a))⟧ : null;\n}\n',
  ],
  [
    'a path that is computed by calls',
    'unsupported-shape',
    'function f(a) {\n  return h(k(), ⟦readFileSync(join(D, g(a)))⟧);\n}\n',
  ],
  ['a path in a condition', 'unsupported-shape', 'function f(a) {\n  while (⟦readFileSync(join(D, a))⟧) g();\n}\n'],
  [
    'a callback with no promise around',
    'no-error-channel',
    'function f(a, done) {\n  ⟦readFile(join(D, a), done)⟧;\n}\n',
  ],
  ['a stream', 'no-error-channel', 'function f(a) {\n  return ⟦createReadStream(join(D, a))⟧;\n}\n'],
  ['a line with other statements', 'unsupported-shape', 'function f(a) { return ⟦readFileSync(join(D, a))⟧; }\n'],
  ['no argument', 'unsupported-shape', 'function f(a) {\n  return ⟦readFileSync()⟧;\n}\n'],
  ['no call', 'unsupported-shape', '⟦a⟧;\n'],
];

describe('containing paths in JavaScript', () => {
  it.each(fixed)('checks %s', async (_, before, after) => {
    const { after: text, plan } = await planCase('CWE-22', 'a.js', head + before);
    expect(plan.refused).toEqual([]);
    expect(text).toContain(after);
  });

  it.each(refused)('refuses %s', async (_, code, before) => {
    const { plan } = await planCase('CWE-22', 'a.js', head + before);
    expect(plan.refused.map((refusal) => refusal.code)).toEqual([code]);
  });

  it.each([
    ["import * as path from 'path';\n", 'const way = path.relative(D, file);'],
    ["const path = require('path');\n", 'const way = path.relative(D, file);'],
    ["import path, { relative as rel } from 'node:path';\n", 'const way = rel(D, file);'],
  ])('uses the import that is there: %s', async (imports, after) => {
    const source = `${imports}const fs = require('fs');\nfunction f(a) {\n  return ⟦fs.readFileSync(path.join(D, a))⟧;\n}\n`;
    expect((await planCase('CWE-22', 'a.js', source)).after).toContain(after);
  });

  it.each([
    [
      'a script without imports',
      "'use strict';\nfunction f(a) {\n  return ⟦fs.readFileSync('x/' + a)⟧;\n}\nmodule.exports = f;\n",
      "'use strict';\nconst { isAbsolute, relative } = require('node:path');\n\nfunction",
    ],
    [
      'a module without imports',
      "#!/usr/bin/env node\nexport function f(a) {\n  return ⟦fs.readFileSync('x/' + a)⟧\n}\n",
      "#!/usr/bin/env node\nimport { isAbsolute, relative } from 'node:path';\n\nexport",
    ],
    [
      'double quotes and no semicolons',
      'import fs from "fs"\nimport z from "z"\nexport function f(a) {\n  return ⟦fs.readFileSync("x/" + a)⟧\n}\n',
      'import fs from "fs"\nimport { isAbsolute, relative } from "path"\nimport z from "z"\n',
    ],
    [
      'packages before it',
      "import a1 from 'a1';\nexport function f(a) {\n  return ⟦fs.readFileSync('x/' + a)⟧;\n}\n",
      "import { isAbsolute, relative } from 'node:path';\nimport a1 from 'a1';\n",
    ],
    [
      'Windows line ends',
      "import fs from 'node:fs';\r\nexport function f(a) {\r\n  return ⟦fs.readFileSync('x/' + a)⟧;\r\n}\r\n",
      "import fs from 'node:fs';\r\nimport { isAbsolute, relative } from 'node:path';\r\nexport",
    ],
  ])('adds an import to %s', async (_, before, after) => {
    expect((await planCase('CWE-22', 'a.js', before)).after).toContain(after);
  });

  it('reads the same files as before, and treats every other one as missing', async () => {
    const source = `import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
export async function read(folder, name) {
  try {
    return await ⟦readFile(join(folder, name), 'utf8')⟧;
  } catch (error) {
    return error.code;
  }
}
`;
    const place = await mkdtemp(join(tmpdir(), 'trocar-remedy-'));
    try {
      await mkdir(join(place, 'data', 'inner'), { recursive: true });
      await writeFile(join(place, 'secret'), 'secret');
      await writeFile(join(place, 'data', 'a.txt'), 'a');
      await writeFile(join(place, 'data', '..b'), 'dots');
      await writeFile(join(place, 'data', 'inner', 'b.txt'), 'b');
      const { before, after } = await planCase('CWE-22', 'read.mjs', source);
      const load = async (name: string, code: string) => {
        await writeFile(join(place, name), code);
        const module = (await import(/* @vite-ignore */ pathToFileURL(join(place, name)).href)) as {
          read(folder: string, name: string): Promise<string>;
        };
        return (file: string) => module.read(join(place, 'data'), file);
      };
      const unfixed = await load('before.mjs', before);
      const fixed = await load('after.mjs', after);
      for (const name of ['a.txt', '..b', 'inner/b.txt', 'inner/../a.txt', './a.txt', 'missing', '/a.txt']) {
        expect([name, await fixed(name)]).toEqual([name, await unfixed(name)]);
      }
      for (const name of ['../secret', 'inner/../../secret', '..']) {
        expect(await fixed(name)).toBe('ENOENT');
      }
      expect(await unfixed('../secret')).toBe('secret');
    } finally {
      await rm(place, { recursive: true });
    }
  });
});
