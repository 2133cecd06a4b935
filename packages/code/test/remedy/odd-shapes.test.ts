// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are code under test.
import { beforeAll, describe, expect, it } from 'vitest';
import { initSyntax } from '../../src/syntax/parse.js';
import { planCase } from './plan-case.js';

beforeAll(() => initSyntax());

const exec = "import { exec } from 'node:child_process';\n";
const pg = "import pg from 'pg';\n";

type Case = readonly [name: string, cwe: string, path: string, before: string, after: string];

const fixed: readonly Case[] = [
  [
    'escapes inside double quotes of a shell',
    'CWE-78',
    'a.js',
    `${exec}⟦exec(\`echo "a\\\\"b\\\\x" \${c}\`)⟧;`,
    "execFile('echo', ['a\"b\\\\x', String(c)]);",
  ],
  ['a hash inside a word', 'CWE-78', 'a.js', `${exec}⟦exec(\`echo a#b \${c}\`)⟧;`, "['a#b', String(c)]"],
  ['a quote in a literal word', 'CWE-78', 'a.js', `${exec}⟦exec(\`echo "it's" \${c}\`)⟧;`, "['it\\'s', String(c)]"],
  [
    'options in TypeScript with a cast',
    'CWE-78',
    'a.ts',
    `${exec}⟦exec(\`ls \${c as string}\`, { cwd: d } as object)⟧;`,
    "execFile('ls', [String(c as string)], { cwd: d } as object);",
  ],
  [
    'sums in parentheses',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(('SELECT 1 WHERE a = ' + a) + (' AND b = ' + b))⟧;`,
    "(('SELECT 1 WHERE a = $1 AND b = $2'), [a, b])",
  ],
  [
    'numbers that are added inside a text',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query('SELECT 1 WHERE a = ' + (a + b))⟧;`,
    "('SELECT 1 WHERE a = $1', [(a + b)])",
  ],
  [
    'an empty list of values',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(\`SELECT 1 WHERE a = \${a}\`, [])⟧;`,
    '(`SELECT 1 WHERE a = $1`, [a])',
  ],
  [
    'constants of several kinds',
    'CWE-89',
    'a.js',
    `${pg}const N = -1, M = N ? 'a' : \`b\${N}\`, P = 'x' + 'y';\n⟦db.query(\`SELECT \${M} FROM \${P} WHERE a = \${a} LIMIT \${+n}\`)⟧;`,
    'WHERE a = $1 LIMIT ${+n}`, [a])',
  ],
  [
    'Python choices between constants',
    'CWE-89',
    'a.py',
    "import sqlite3\n⟦db.execute(f\"SELECT 1 WHERE a = {a} ORDER BY b {'DESC' if d else 'ASC'} LIMIT {int(n)}\")⟧",
    "a = ? ORDER BY b {'DESC' if d else 'ASC'} LIMIT {int(n)}\", (a,))",
  ],
  [
    'Python constants of several kinds',
    'CWE-89',
    'a.py',
    'import sqlite3\nT = "a" "b"\nN = 1.5\n⟦db.execute(f"SELECT {N} FROM {T} WHERE a = {a}")⟧',
    'WHERE a = ?", (a,))',
  ],
  [
    'raw texts',
    'CWE-89',
    'a.py',
    "import sqlite3\n⟦db.execute(rf'SELECT 1 WHERE a = {a}')⟧",
    "(r'SELECT 1 WHERE a = ?', (a,))",
  ],
  [
    'a class of pathlib',
    'CWE-22',
    'a.py',
    'from pathlib import Path\ndef f(a):\n    return ⟦open(Path("x") / a)⟧\n',
    '    path = (Path("x") / a).resolve()\n',
  ],
  [
    'a folder and a literal as a sum',
    'CWE-22',
    'a.py',
    'import os\ndef f(a):\n    return ⟦open(D + "/x/" + a)⟧\n',
    'os.path.abspath(D + "/x")',
  ],
];

const refused: readonly Case[] = [
  [
    'a value that is escaped',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(\`SELECT 1 WHERE a = \${db.escape(a)}\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a value whose quotes are doubled',
    'CWE-89',
    'a.js',
    `${pg}const b = a.replace(/'/g, "''");\n⟦db.query(\`SELECT 1 WHERE a = '\${b}'\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a value with quotes of its own',
    'CWE-89',
    'a.js',
    `${pg}const b = "'" + a + "'";\n⟦db.query(\`SELECT 1 WHERE a = \${b}\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a keyword in the place of a value',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(\`UPDATE t SET a = \${a ?? 'NULL'}\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a number compared with a computed one',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(\`SELECT 1 GROUP BY a HAVING count(*) > \${n}\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a bare argument of a function',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(\`SELECT 1 WHERE a = date(\${n})\`)⟧;`,
    'identifier-position',
  ],
  [
    'a Python value whose quotes are doubled',
    'CWE-89',
    'a.py',
    `import sqlite3\nb = a.replace("'", "''")\n⟦db.execute(f"SELECT 1 WHERE a = '{b}'")⟧`,
    'unsupported-shape',
  ],
  ['an argument that is quoted', 'CWE-78', 'a.js', `${exec}⟦exec(\`ls \${shellQuote(c)}\`)⟧;`, 'unsupported-shape'],
  [
    'a constant of several words',
    'CWE-78',
    'a.js',
    `${exec}const O = '-o raw';\n⟦exec(\`lp \${O} \${c}\`)⟧;`,
    'unsupported-shape',
  ],
  ['a list of arguments', 'CWE-78', 'a.js', `${exec}⟦exec(\`ls \${list.join(' ')}\`)⟧;`, 'unsupported-shape'],
  ['options by their name', 'CWE-78', 'a.js', `${exec}⟦exec(\`ls \${extraFlags} \${c}\`)⟧;`, 'unsupported-shape'],
  [
    'an argument that may be absent',
    'CWE-78',
    'a.js',
    `${exec}⟦exec(\`ls \${v ? '-v' : ''} \${c}\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a Python argument that may be absent',
    'CWE-78',
    'a.py',
    'import os\nv = "-v" if verbose else ""\n⟦os.system(f"ls {v} {c}")⟧',
    'unsupported-shape',
  ],
  [
    'a Python argument that something else quotes',
    'CWE-78',
    'a.py',
    'import os\n⟦os.system(f"ls {my_quote(c)}")⟧',
    'unsupported-shape',
  ],
  ['an octal escape', 'CWE-89', 'a.js', `${pg}⟦db.query('SELECT \\1' + a)⟧;`, 'unsupported-shape'],
  [
    'a comment in a splice',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(\`SELECT 1 WHERE a = \${/* } */ a}\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a statement that is assigned twice',
    'CWE-89',
    'a.js',
    `${pg}let s = 'SELECT 1 WHERE a = ' + a;\ns += ' AND b = ' + b;\n⟦db.query(s)⟧;`,
    'unsupported-shape',
  ],
  ['a parameter as a statement', 'CWE-89', 'a.js', `${pg}function f(s) { ⟦db.query(s)⟧; }`, 'unsupported-shape'],
  ['a statement without arguments', 'CWE-89', 'a.js', `${pg}⟦db.query()⟧;`, 'unsupported-shape'],
  ['a value at the start', 'CWE-89', 'a.js', `${pg}⟦db.query(a + ' WHERE b = 1')⟧;`, 'identifier-position'],
  [
    'percent placeholders in JavaScript',
    'CWE-89',
    'a.js',
    `${pg}⟦db.query(\`SELECT 1 WHERE a = %s AND b = \${b}\`)⟧;`,
    'driver-unknown',
  ],
  [
    'a dollar in double quotes of a shell',
    'CWE-78',
    'a.js',
    `${exec}⟦exec(\`echo "\\\`id\\\`" \${c}\`)⟧;`,
    'needs-shell',
  ],
  [
    'a backslash at the end of a quoted part',
    'CWE-78',
    'a.js',
    `${exec}⟦exec(\`echo "\\\\\${c}"\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'exec with a name that is taken twice',
    'CWE-78',
    'a.js',
    `${exec}const execFile = 1, childProcessExecFile = 2;\n⟦exec(\`ls \${c}\`)⟧;`,
    'unsupported-shape',
  ],
  [
    'a spawn with options from elsewhere',
    'CWE-78',
    'a.js',
    "import { spawn } from 'child_process';\n⟦spawn(`ls ${c}`, { ...o, shell: true })⟧;",
    'unsupported-shape',
  ],
  [
    'a spawn of a line from elsewhere',
    'CWE-78',
    'a.js',
    "import { spawn } from 'child_process';\n⟦spawn(build(c), { shell: true })⟧;",
    'unsupported-shape',
  ],
  [
    'a shell that is given a line from elsewhere',
    'CWE-78',
    'a.js',
    "import { spawn } from 'child_process';\n⟦spawn('sh', ['-c', build(c)])⟧;",
    'unsupported-shape',
  ],
  [
    'a Python tuple of places that do not match',
    'CWE-89',
    'a.py',
    'import sqlite3\n⟦db.execute("SELECT 1 WHERE a = %s" % (a, b))⟧',
    'unsupported-shape',
  ],
  [
    'a Python format with a splat',
    'CWE-89',
    'a.py',
    'import sqlite3\n⟦db.execute("SELECT 1 WHERE a = {}".format(*a))⟧',
    'unsupported-shape',
  ],
  [
    'a Python value that names itself',
    'CWE-89',
    'a.py',
    'import sqlite3\n⟦db.execute(f"SELECT 1 WHERE {a=}")⟧',
    'unsupported-shape',
  ],
  ['a Python call without arguments', 'CWE-89', 'a.py', 'import sqlite3\n⟦db.execute()⟧', 'unsupported-shape'],
  ['a Python path without arguments', 'CWE-22', 'a.py', '⟦open()⟧', 'unsupported-shape'],
  ['a Python path that is no call', 'CWE-22', 'a.py', '⟦a⟧', 'unsupported-shape'],
  ['a Python path at the root of the disk', 'CWE-22', 'a.py', 'def f(a):\n    ⟦open("/" + a)⟧\n', 'no-base-folder'],
  [
    'a Python join of one part',
    'CWE-22',
    'a.py',
    'import os\ndef f(a):\n    ⟦open(os.path.join(a))⟧\n',
    'no-base-folder',
  ],
];

describe('shapes that are rare', () => {
  it.each(fixed)('rewrites %s', async (_, cwe, path, before, after) => {
    const { after: text, plan } = await planCase(cwe, path, before);
    expect(plan.refused).toEqual([]);
    expect(text).toContain(after);
  });

  it.each(refused)('refuses %s', async (_, cwe, path, before, code) => {
    const { plan } = await planCase(cwe, path, before);
    expect(plan.refused.map((refusal) => refusal.code)).toEqual([code]);
  });

  it('reads the dependencies of Python projects, and passes over what it cannot read', async () => {
    const others = {
      'requirements.txt': 'flask==3.0\n# x\npsycopg2-binary>=2\n',
      'pyproject.toml': '[project]\ndependencies = ["x"]\n',
      'big.py': `x = "${'y'.repeat(1_000_001)}"\n`,
      'broken.js': 'let (',
    };
    expect((await planCase('CWE-89', 'a.py', '⟦db.q(f"SELECT 1 WHERE a = {a}")⟧', others)).refused).toBe(
      'driver-unknown',
    );
  });
});
