// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are code under test.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { planCase } from './plan-case.js';

const head = "import { exec, execSync, spawn } from 'node:child_process';\n";

const fixed: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    'a template',
    '⟦execSync(`convert ${a} -resize 10x10 "${b}.png"`)⟧;',
    "execFileSync('convert', [String(a), '-resize', '10x10', `${b}.png`]);",
  ],
  [
    'a sum',
    "function done() {}\n⟦exec('git log --author=' + who, done)⟧;",
    "execFile('git', ['log', `--author=${who}`], done);",
  ],
  [
    'options and a callback',
    '⟦exec(`ls ${a}`, { cwd: b }, (error) => error)⟧;',
    "execFile('ls', [String(a)], { cwd: b }, (error) => error);",
  ],
  [
    'quotes of both kinds and escapes',
    '⟦exec(`echo \'a b\' "c d" e\\\\ f ${a}`)⟧;',
    "execFile('echo', ['a b', 'c d', 'e f', String(a)]);",
  ],
  [
    'text that is certain',
    '⟦exec(`ls ${String(a)} ${`x`} ${a.trim()}`)⟧;',
    "execFile('ls', [String(a), `x`, a.trim()]);",
  ],
  ['an empty word', "⟦exec(`ls '' ${a}`)⟧;", "execFile('ls', ['', String(a)]);"],
  ['a variable of its own', 'const line = `ls ${a}`;\n⟦exec(line)⟧;', "execFile('ls', [String(a)]);"],
  [
    'an option that turns the shell on',
    '⟦spawn(`ls ${a}`, { shell: true, cwd: b })⟧;',
    "spawn('ls', [String(a)], { cwd: b });",
  ],
  ['a shell for listed arguments', "⟦spawn('ls', [a], { cwd: b, shell: true })⟧;", "spawn('ls', [a], { cwd: b });"],
  ['nothing but the shell option', "⟦spawn('ls', [a], { shell: true })⟧;", "spawn('ls', [a], {});"],
  [
    'a shell that is started by name',
    "⟦spawn('sh', ['-c', `ls ${a}`], { cwd: b })⟧;",
    "spawn('ls', [String(a)], { cwd: b });",
  ],
];

const refused: readonly (readonly [name: string, code: string, before: string])[] = [
  ['a pipe', 'needs-shell', '⟦exec(`ls ${a} | sort`)⟧;'],
  ['a redirection', 'needs-shell', '⟦exec(`ls ${a} > out`)⟧;'],
  ['an expansion', 'needs-shell', '⟦exec(`ls "$HOME" ${a}`)⟧;'],
  ['a wildcard', 'needs-shell', '⟦exec(`ls *.txt ${a}`)⟧;'],
  ['a built-in', 'needs-shell', '⟦exec(`cd ${a}`)⟧;'],
  ['an assignment', 'needs-shell', '⟦exec(`A=1 ls ${a}`)⟧;'],
  ['two commands', 'needs-shell', '⟦exec(`ls ${a}; id`)⟧;'],
  ['a program from outside', 'unsupported-shape', '⟦exec(`${a} -l`)⟧;'],
  ['a quote that does not end', 'unsupported-shape', "⟦exec(`ls 'x ${a}`)⟧;"],
  ['a backslash before a value', 'unsupported-shape', '⟦exec(`ls \\\\${a}`)⟧;'],
  ['an empty line', 'unsupported-shape', '⟦exec("" + "")⟧;'],
  ['a line from elsewhere', 'unsupported-shape', '⟦exec(build(a))⟧;'],
  ['a shell named in the options', 'unsupported-shape', "⟦exec(`ls ${a}`, { shell: '/bin/zsh' })⟧;"],
  ['options from elsewhere', 'unsupported-shape', '⟦exec(`ls ${a}`, { ...options })⟧;'],
  ['options in a variable', 'unsupported-shape', 'const options = load();\n⟦exec(`ls ${a}`, options, done, more)⟧;'],
  ['a variable that is read twice', 'unsupported-shape', 'const line = `ls ${a}`;\nlog(line);\n⟦exec(line)⟧;'],
  ['a variable whose value is computed late', 'unsupported-shape', 'const line = `ls ${read()}`;\n⟦exec(line)⟧;'],
  ['a variable on a line with others', 'unsupported-shape', 'f(); const line = `ls ${a}`;\n⟦exec(line)⟧;'],
  ['a spawn without a shell', 'unsupported-shape', "⟦spawn('ls', [a], { cwd: b })⟧;"],
  ['a function of another module', 'unsupported-shape', 'import { run } from "./run.js";\n⟦run(`ls ${a}`)⟧;'],
  ['no call', 'unsupported-shape', 'const x = ⟦a⟧;'],
];

describe('running programs without a shell in JavaScript', () => {
  it.each(fixed)('rewrites %s', async (_, before, after) => {
    const { after: text, plan } = await planCase('CWE-78', 'a.js', head + before);
    expect(plan.refused).toEqual([]);
    expect(text).toContain(after);
  });

  it.each(refused)('refuses %s', async (_, code, before) => {
    const { plan } = await planCase('CWE-78', 'a.js', head + before);
    expect(plan.refused.map((refusal) => refusal.code)).toEqual([code]);
  });

  it.each([
    [
      "import { exec } from 'child_process';\n⟦exec(`ls ${a}`)⟧;\n",
      "import { execFile } from 'child_process';\nexecFile('ls', [String(a)]);\n",
    ],
    [
      "import { exec } from 'node:child_process';\nexec('ls | sort');\n⟦exec(`ls ${a}`)⟧;\n",
      "import { exec, execFile } from 'node:child_process';\nexec('ls | sort');\nexecFile('ls', [String(a)]);\n",
    ],
    [
      "import * as cp from 'node:child_process';\n⟦cp.exec(`ls ${a}`)⟧;\n",
      "import * as cp from 'node:child_process';\ncp.execFile('ls', [String(a)]);\n",
    ],
    [
      "const { exec } = require('child_process');\n⟦exec(`ls ${a}`)⟧;\n",
      "const { execFile } = require('child_process');\nexecFile('ls', [String(a)]);\n",
    ],
    [
      "const cp = require('child_process');\n⟦cp.execSync(`ls ${a}`)⟧;\n",
      "const cp = require('child_process');\ncp.execFileSync('ls', [String(a)]);\n",
    ],
    ["⟦require('child_process').execSync(`ls ${a}`)⟧;\n", "const { execFileSync } = require('node:child_process');\n"],
    [
      "import { exec as run } from 'node:child_process';\n⟦run(`ls ${a}`)⟧;\n",
      "import { execFile } from 'node:child_process';\nexecFile('ls', [String(a)]);\n",
    ],
    [
      "import { exec, execFile } from 'node:child_process';\nexecFile('x');\n⟦exec(`ls ${a}`)⟧;\n",
      "import { execFile } from 'node:child_process';\nexecFile('x');\nexecFile('ls', [String(a)]);\n",
    ],
    [
      "import {\n  exec,\n  spawn,\n} from 'node:child_process';\nspawn('x');\n⟦exec(`ls ${a}`)⟧;\n",
      "import {\n  execFile,\n  spawn,\n} from 'node:child_process';\nspawn('x');\nexecFile('ls', [String(a)]);\n",
    ],
    [
      "import { exec } from 'node:child_process';\nimport { promisify } from 'node:util';\nconst run = promisify(exec);\nawait ⟦run(`ls ${a}`)⟧;\n",
      "await promisify(execFile)('ls', [String(a)]);\n",
    ],
    [
      "import { exec } from 'node:child_process';\nconst execFile = 1;\n⟦exec(`ls ${a}`)⟧;\n",
      "import { execFile as childProcessExecFile } from 'node:child_process';\nconst execFile = 1;\nchildProcessExecFile('ls', [String(a)]);\n",
    ],
  ])('keeps the imports in order: %j', async (before, after) => {
    expect((await planCase('CWE-78', 'a.js', before)).after).toContain(after);
  });

  it('does the same for harmless input, and no longer runs what is hidden in it', async () => {
    const source = `import { execSync } from 'node:child_process';
export const show = (word, count) => ⟦execSync(\`printf "%s-%s" \${word} "\${count}"\`)⟧.toString();
`;
    const { before, after } = await planCase('CWE-78', 'show.mjs', source);
    expect(await run(before, "show('plain', 3)")).toBe('plain-3');
    expect(await run(after, "show('plain', 3)")).toBe('plain-3');
    expect(await run(before, "show('x; echo injected #', 3)")).toContain('injected\n');
    expect(await run(after, "show('x; echo injected #', 3)")).toBe('x; echo injected #-3');
  });
});

/** Runs an expression over a module's exports in a process of its own and gives what it prints. */
async function run(source: string, expression: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trocar-remedy-'));
  try {
    await writeFile(join(folder, 'show.mjs'), source);
    await writeFile(
      join(folder, 'main.mjs'),
      `import * as m from './show.mjs';\nconst { show } = m;\nprocess.stdout.write(String(${expression}));\n`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.mjs')]);
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
