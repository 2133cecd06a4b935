// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are code under test.
import { beforeAll, describe, expect, it } from 'vitest';
import { initSyntax } from '../../src/syntax/parse.js';
import { planCase } from './plan-case.js';

beforeAll(() => initSyntax());

const sqlite = 'import sqlite3\n';
const postgres = 'import psycopg2\n';
const system = 'import os\nimport subprocess\n';

type Case = readonly [name: string, cwe: string, before: string, after: string];

const fixed: readonly Case[] = [
  [
    'an f-string',
    'CWE-89',
    `${sqlite}⟦db.execute(f"SELECT * FROM t WHERE a = '{a}'")⟧`,
    '("SELECT * FROM t WHERE a = ?", (a,))',
  ],
  [
    'an f-string with a constant left',
    'CWE-89',
    `${sqlite}T = "t"\n⟦db.execute(f"SELECT * FROM {T} WHERE a = {a} AND b LIKE '%{b}%'")⟧`,
    '(f"SELECT * FROM {T} WHERE a = ? AND b LIKE ?", (a, f"%{b}%"))',
  ],
  [
    'a sum',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = '" + a + "' AND b = " + b)⟧`,
    '("SELECT * FROM t WHERE a = ? AND b = ?", (a, b))',
  ],
  [
    'neighbouring texts',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t "\n  f"WHERE a = {a}")⟧`,
    '("SELECT * FROM t "\n  "WHERE a = ?", (a,))',
  ],
  [
    'percent formatting',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = '%s'" % a)⟧`,
    '("SELECT * FROM t WHERE a = ?", (a,))',
  ],
  [
    'percent formatting with a number left',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = '%s' AND b = %d" % (a, b))⟧`,
    '("SELECT * FROM t WHERE a = ? AND b = %d" % (b,), (a,))',
  ],
  [
    'percent formatting for a driver that reads it too',
    'CWE-89',
    `${postgres}⟦db.execute("SELECT * FROM t WHERE a LIKE 'x%%' AND b = '%s'" % b)⟧`,
    '("SELECT * FROM t WHERE a LIKE \'x%%\' AND b = %s", (b,))',
  ],
  [
    'percent signs around a value',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a LIKE '%%%s%%'" % a)⟧`,
    '("SELECT * FROM t WHERE a LIKE ?", (f"%{a}%",))',
  ],
  [
    'percent formatting that stays, for a driver that reads it too',
    'CWE-89',
    `${postgres}T = 't'\n⟦db.execute('SELECT * FROM %s WHERE b = %s' % (T, b))⟧`,
    "('SELECT * FROM %s WHERE b = %%s' % (T,), (b,))",
  ],
  [
    'str.format',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = '{}' AND b = {}".format(a, b))⟧`,
    '("SELECT * FROM t WHERE a = ? AND b = ?", (a, b))',
  ],
  [
    'a variable',
    'CWE-89',
    `${postgres}def f(a):\n    sql = f"SELECT * FROM t WHERE a = {a}"\n    ⟦db.execute(sql)⟧\n`,
    '    sql = "SELECT * FROM t WHERE a = %s"\n    db.execute(sql, (a,))\n',
  ],
  [
    'values that are bound already',
    'CWE-89',
    `${sqlite}⟦db.execute(f"SELECT * FROM t WHERE a = {a} AND b = ? AND c = {c}", [b])⟧`,
    'AND b = ? AND c = ?", [a, b, c])',
  ],
  [
    'arguments of asyncpg',
    'CWE-89',
    'import asyncpg\n⟦db.fetch(f"SELECT * FROM t WHERE a = {a} AND b = $1", b)⟧',
    '("SELECT * FROM t WHERE a = $2 AND b = $1", b, a)',
  ],
  [
    'a call on several lines',
    'CWE-89',
    `${sqlite}⟦db.execute(\n    f"SELECT * FROM t WHERE a = {a}"\n)⟧`,
    '(\n    "SELECT * FROM t WHERE a = ?",\n    (a,)\n)',
  ],
  [
    'a query that others show how to write',
    'CWE-89',
    'db.run("SELECT 1 WHERE a = ?", (1,))\n⟦db.run(f"SELECT * FROM t WHERE a = {a}")⟧',
    'db.run("SELECT * FROM t WHERE a = ?", (a,))',
  ],

  [
    'shell=True',
    'CWE-78',
    `${system}⟦subprocess.run(f"ls -l {a} '{b}.txt'", shell=True, check=True)⟧`,
    'subprocess.run(["ls", "-l", str(a), f"{b}.txt"], check=True)',
  ],
  [
    'shell=True as the last argument',
    'CWE-78',
    `${system}⟦subprocess.run("ls " + str(a), shell=True)⟧`,
    'subprocess.run(["ls", str(a)])',
  ],
  [
    'shell=True in between',
    'CWE-78',
    `${system}⟦subprocess.run(shell=True, args="ls " + str(a))⟧`,
    'subprocess.run(args=["ls", str(a)])',
  ],
  [
    'a name imported alone',
    'CWE-78',
    'from subprocess import check_output as co\n⟦co("ls %s" % a, shell=True)⟧',
    'co(["ls", str(a)])',
  ],
  [
    'os.system',
    'CWE-78',
    `import os\n⟦os.system("ls {}".format(a))⟧\n`,
    'import os\nimport subprocess\nsubprocess.call(["ls", str(a)])\n',
  ],
  [
    'os.system compared with zero',
    'CWE-78',
    `${system}if ⟦os.system(f"ls {a}")⟧ != 0:\n    pass`,
    'if subprocess.call(["ls", str(a)]) != 0:',
  ],
  [
    'os.popen that is read',
    'CWE-78',
    `${system}x = ⟦os.popen(f"ls {a}")⟧.read()`,
    'x = subprocess.run(["ls", str(a)], stdout=subprocess.PIPE, text=True).stdout',
  ],
  [
    'quoting that only a shell needs',
    'CWE-78',
    `${system}import shlex\n⟦subprocess.call(f"ls {shlex.quote(a)}", shell=True)⟧`,
    'subprocess.call(["ls", str(a)])',
  ],
  [
    'a parameter known to be text',
    'CWE-78',
    `${system}def f(a: str):\n    line = f"ls {a}"\n    ⟦subprocess.call(line, shell=True)⟧`,
    '    line = ["ls", a]\n    subprocess.call(line)',
  ],

  [
    'a joined path',
    'CWE-22',
    'import os\ndef f(d, a):\n    ⟦open(os.path.join(d, "x", a))⟧\n',
    '    path = os.path.abspath(os.path.join(d, "x", a))\n    if not path.startswith(os.path.join(os.path.abspath(os.path.join(d, "x")), "")):\n        raise FileNotFoundError(path)\n    open(path)\n',
  ],
  [
    'a joined path in a variable',
    'CWE-22',
    'from os.path import join\ndef f(d, a):\n    p = join(d, a)\n    with ⟦open(p)⟧ as x:\n        pass\n',
    '    p = os.path.abspath(join(d, a))\n    if not p.startswith(join(os.path.abspath(d), "")):\n        raise FileNotFoundError(p)\n    with open(p) as x:\n',
  ],
  [
    'a path in an f-string',
    'CWE-22',
    "import os\ndef f(a):\n    ⟦open(f'{ROOT}/x/{a}.txt')⟧\n",
    "    path = os.path.abspath(f'{ROOT}/x/{a}.txt')\n    if not path.startswith(os.path.join(os.path.abspath(ROOT + '/x'), '')):\n",
  ],
  [
    'a path as a sum',
    'CWE-22',
    'import os\ndef f(a):\n    ⟦open("data/" + a)⟧\n',
    'if not path.startswith(os.path.join(os.path.abspath("data"), "")):',
  ],
  [
    'a path of pathlib',
    'CWE-22',
    'from pathlib import Path\ndef f(d, a):\n    p = d / "x" / a\n    return ⟦‹p›.read_text()⟧\n',
    '    p = (d / "x" / a).resolve()\n    if not p.is_relative_to((d / "x").resolve()):\n        raise FileNotFoundError(p)\n    return p.read_text()\n',
  ],
  [
    'a folder that is listed',
    'CWE-22',
    'import os\ndef f(d, a):\n    return ⟦os.listdir(os.path.join(d, a))⟧\n',
    'if not os.path.join(path, "").startswith(',
  ],

  ['eval of a text', 'CWE-94', 'import os\nx = ⟦eval(text)⟧\n', 'import ast\nimport os\nx = ast.literal_eval(text)\n'],
  [
    'eval behind a docstring',
    'CWE-95',
    '#!/usr/bin/env python\n"""What."""\n\nfrom __future__ import annotations\nx = ⟦eval(text)⟧\n',
    'annotations\nimport ast\n\nx = ast',
  ],
  ['yaml.load', 'CWE-502', 'import yaml\n⟦yaml.load(text, Loader=yaml.Loader)⟧', 'yaml.safe_load(text)'],
  [
    'yaml.load with its loader in place',
    'CWE-502',
    'from yaml import load, Loader, safe_load\n⟦load(text, Loader)⟧',
    'safe_load(text)',
  ],
];

const refused: readonly Case[] = [
  ['a table name', 'CWE-89', `${sqlite}⟦db.execute(f"SELECT * FROM {t}")⟧`, 'identifier-position'],
  [
    'a conversion in the text',
    'CWE-89',
    `${sqlite}⟦db.execute(f"SELECT * FROM t WHERE a = {a!r}")⟧`,
    'unsupported-shape',
  ],
  [
    'a format that is not understood',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = %5.2f" % a)⟧`,
    'unsupported-shape',
  ],
  [
    'named values of a format',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = {a}".format(a=a))⟧`,
    'unsupported-shape',
  ],
  [
    'a dictionary of values',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = %(a)s" % {"a": a})⟧`,
    'unsupported-shape',
  ],
  [
    'too few values',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a = %s AND b = %s" % a)⟧`,
    'unsupported-shape',
  ],
  [
    'a percent sign that would be read',
    'CWE-89',
    `${postgres}⟦db.execute(f"SELECT * FROM t WHERE a LIKE 'x%' AND b = {b}")⟧`,
    'unsupported-shape',
  ],
  [
    'a doubled percent sign that would stay',
    'CWE-89',
    `${sqlite}⟦db.execute("SELECT * FROM t WHERE a LIKE 'x%%' AND b = %s" % b)⟧`,
    'unsupported-shape',
  ],
  ['an unknown driver', 'CWE-89', '⟦db.execute(f"SELECT * FROM t WHERE a = {a}")⟧', 'driver-unknown'],
  ['two drivers', 'CWE-89', `${sqlite}${postgres}⟦db.execute(f"SELECT * FROM t WHERE a = {a}")⟧`, 'driver-unknown'],
  [
    'a statement read twice',
    'CWE-89',
    `${sqlite}sql = f"SELECT * FROM t WHERE a = {a}"\nprint(sql)\n⟦db.execute(sql)⟧`,
    'unsupported-shape',
  ],
  [
    'a value that changes',
    'CWE-89',
    `${sqlite}a = 1\nsql = f"SELECT * FROM t WHERE a = {a}"\na = 2\n⟦db.execute(sql)⟧`,
    'unsupported-shape',
  ],
  [
    'a statement of another function',
    'CWE-89',
    `${sqlite}SQL = f"SELECT * FROM t WHERE a = {a}"\ndef f():\n    ⟦db.execute(SQL)⟧`,
    'unsupported-shape',
  ],
  [
    'values from elsewhere',
    'CWE-89',
    `${sqlite}⟦db.execute(f"SELECT * FROM t WHERE a = ? AND b = {b}", values)⟧`,
    'unsupported-shape',
  ],
  [
    'placeholders whose values are missing',
    'CWE-89',
    `${sqlite}⟦db.execute(f"SELECT * FROM t WHERE a = ? AND b = {b}")⟧`,
    'unsupported-shape',
  ],
  [
    'quotes that do not fit',
    'CWE-89',
    `${sqlite}⟦db.execute(f"""SELECT * FROM t WHERE a = 'x{a["b"] + c['d']}'""")⟧`,
    'unsupported-shape',
  ],
  ['a statement without values', 'CWE-89', `${sqlite}⟦db.execute("SELECT 1")⟧`, 'unsupported-shape'],
  ['bytes', 'CWE-89', `${sqlite}⟦db.execute(b"SELECT 1" + a)⟧`, 'unsupported-shape'],
  ['no call', 'CWE-89', '⟦a⟧', 'unsupported-shape'],

  ['a pipe', 'CWE-78', `${system}⟦subprocess.run(f"ls {a} | sort", shell=True)⟧`, 'needs-shell'],
  ['a shell that may be asked for', 'CWE-78', `${system}⟦subprocess.run(f"ls {a}", shell=flag)⟧`, 'unsupported-shape'],
  [
    'a shell by name',
    'CWE-78',
    `${system}⟦subprocess.run(f"ls {a}", shell=True, executable="zsh")⟧`,
    'unsupported-shape',
  ],
  ['an exit status that is used', 'CWE-78', `${system}x = ⟦os.system(f"ls {a}")⟧`, 'unsupported-shape'],
  ['a pipe object that is kept', 'CWE-78', `${system}x = ⟦os.popen(f"ls {a}")⟧`, 'unsupported-shape'],
  [
    'os.popen where names are imported one by one',
    'CWE-78',
    'import os\nfrom subprocess import run\nx = ⟦os.popen(f"ls {a}")⟧.read()',
    'unsupported-shape',
  ],
  ['a line read twice', 'CWE-78', `${system}line = f"ls {a}"\nprint(line)\n⟦os.system(line)⟧`, 'unsupported-shape'],
  ['a line from elsewhere', 'CWE-78', `${system}⟦os.system(build(a))⟧`, 'unsupported-shape'],
  ['another function', 'CWE-78', 'import pty\n⟦pty.spawn(a)⟧', 'unsupported-shape'],
  ['a name of nobody', 'CWE-78', '⟦system(a)⟧', 'unsupported-shape'],
  ['no argument', 'CWE-78', `${system}⟦os.system()⟧`, 'unsupported-shape'],

  ['a path without a folder', 'CWE-22', 'def f(a):\n    ⟦open(a)⟧\n', 'no-base-folder'],
  [
    'a path that is also shown',
    'CWE-22',
    'import os\ndef f(d, a):\n    p = os.path.join(d, a)\n    ⟦open(p)⟧\n    return p\n',
    'unsupported-shape',
  ],
  [
    'a path of another function',
    'CWE-22',
    'import os\nP = os.path.join(D, a)\ndef f():\n    ⟦open(P)⟧\n',
    'unsupported-shape',
  ],
  ['a path in a lambda', 'CWE-22', 'import os\nf = lambda a: ⟦open(os.path.join(D, a))⟧\n', 'unsupported-shape'],
  [
    'a path that may not be needed',
    'CWE-22',
    'import os\ndef f(a):\n    return ⟦open(os.path.join(D, a))⟧ if a else None\n',
    'unsupported-shape',
  ],
  [
    'a path that is computed by calls',
    'CWE-22',
    'import os\ndef f(a):\n    return h(k(), ⟦open(os.path.join(D, g(a)))⟧)\n',
    'unsupported-shape',
  ],
  ['a line with other statements', 'CWE-22', 'import os\ndef f(a): ⟦open(os.path.join(D, a))⟧\n', 'unsupported-shape'],
  [
    'a module name that is taken',
    'CWE-22',
    'import posixpath as path\ndef f(os, a):\n    ⟦open("x/" + a)⟧\n',
    'unsupported-shape',
  ],

  ['eval with names', 'CWE-94', '⟦eval(text, {})⟧', 'unsupported-shape'],
  ['eval of what is put together', 'CWE-94', '⟦eval("f(" + text + ")")⟧', 'unsupported-shape'],
  ['an eval of the project', 'CWE-94', 'def eval(x): pass\n⟦eval(text)⟧', 'unsupported-shape'],
  ['exec', 'CWE-94', '⟦exec(text)⟧', 'unsupported-shape'],
  ['pickle', 'CWE-502', 'import pickle\n⟦pickle.loads(text)⟧', 'no-recipe'],
  ['a loader of the project', 'CWE-502', 'import yaml\n⟦yaml.load(text, Loader=Mine)⟧', 'unsupported-shape'],
  ['a rule without recipe', 'CWE-1', '⟦a⟧', 'no-recipe'],
];

describe('fixing Python', () => {
  it.each(fixed)('rewrites %s', async (_, cwe, before, after) => {
    const { after: text, plan } = await planCase(cwe, 'a.py', before);
    expect(plan.refused).toEqual([]);
    expect(text).toContain(after);
  });

  it.each(refused)('refuses %s', async (_, cwe, before, code) => {
    const { plan, before: text, after } = await planCase(cwe, 'a.py', before);
    expect(plan.refused.map((refusal) => refusal.code)).toEqual([code]);
    expect(after).toBe(text);
  });

  it('takes the style from the one driver of the project', async () => {
    const query = '⟦db.find(f"SELECT * FROM t WHERE a = {a}")⟧\n';
    const definition = 'import psycopg2\nclass Db:\n    def find(self, sql, values=()):\n        pass\n';
    const shown = await planCase('CWE-89', 'a.py', query, { 'db.py': definition });
    expect(shown.after).toContain('"SELECT * FROM t WHERE a = %s", (a,)');
    expect(shown.plan.edits[0]?.explanation).toContain('db.py:3 takes values');
    const alone = await planCase('CWE-89', 'a.py', query, { 'db.py': 'from django.db import connection\n' });
    expect(alone.after).toContain('a = %s", (a,)');
  });
});
