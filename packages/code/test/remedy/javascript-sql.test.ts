// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are code under test.
import { describe, expect, it } from 'vitest';
import { planCase } from './plan-case.js';

const pg = "import pg from 'pg';\nconst db = new pg.Pool();\n";
const mysql = "const mysql = require('mysql2');\n";

const fixed: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    'a quoted value in a template',
    "⟦db.query(`SELECT * FROM t WHERE a = '${a}'`)⟧;",
    '(`SELECT * FROM t WHERE a = $1`, [a])',
  ],
  ['a bare value', '⟦db.query(`SELECT * FROM t WHERE a = ${a}`)⟧;', '(`SELECT * FROM t WHERE a = $1`, [a])'],
  [
    'several values, constants and numbers left alone',
    "const T = 'x';\n⟦db.query(`SELECT * FROM ${T} WHERE a = '${a}' AND b > ${b} LIMIT ${Number(n)} OFFSET ${n * 2}`)⟧;",
    '(`SELECT * FROM ${T} WHERE a = $1 AND b > $2 LIMIT ${Number(n)} OFFSET ${n * 2}`, [a, b])',
  ],
  [
    'text around a value',
    "⟦db.query(`SELECT * FROM t WHERE a LIKE '%${a}-${b}$'`)⟧;",
    '(`SELECT * FROM t WHERE a LIKE $1`, [`%${a}-${b}$`])',
  ],
  [
    'a sum',
    '⟦db.query("SELECT * FROM t WHERE a = \'" + a + "\' AND b = " + b)⟧;',
    '("SELECT * FROM t WHERE a = $1 AND b = $2", [a, b])',
  ],
  [
    'a sum that ends with a quote',
    '⟦db.query("SELECT * FROM t WHERE a = \'" + a + "\'")⟧;',
    '("SELECT * FROM t WHERE a = $1", [a])',
  ],
  [
    'a sum over several lines with other quotes',
    "⟦db.query('SELECT * FROM t ' +\n  'WHERE a = \\u0027x\\u0027 AND b = ' +\n  b +\n  \" AND c = 1\")⟧;",
    "('SELECT * FROM t ' +\n  'WHERE a = \\u0027x\\u0027 AND b = $1' +\n  \" AND c = 1\", [b])",
  ],
  [
    'values of an insert',
    "⟦db.query(`INSERT INTO t (a, b) VALUES ('${a}', ${b})`)⟧;",
    '(`INSERT INTO t (a, b) VALUES ($1, $2)`, [a, b])',
  ],
  [
    'an update',
    "⟦db.query(`UPDATE t SET a = '${a}', b = ${b} WHERE c BETWEEN ${c} AND ${d}`)⟧;",
    '(`UPDATE t SET a = $1, b = $2 WHERE c BETWEEN $3 AND $4`, [a, b, c, d])',
  ],
  [
    'a function argument',
    "⟦db.query(`SELECT * FROM t WHERE a = lower('${a}')`)⟧;",
    '(`SELECT * FROM t WHERE a = lower($1)`, [a])',
  ],
  [
    'values that are bound already',
    "⟦db.query(`SELECT * FROM t WHERE a = $1 AND b = '${b}'`, [a])⟧;",
    '(`SELECT * FROM t WHERE a = $1 AND b = $2`, [a, b])',
  ],
  [
    'a callback behind the statement',
    "⟦db.query(`SELECT * FROM t WHERE a = '${a}'`, (error) => error)⟧;",
    '(`SELECT * FROM t WHERE a = $1`, [a], (error) => error)',
  ],
  [
    'a variable that only the query reads',
    "const sql = `SELECT * FROM t WHERE a = '${a}'`;\n⟦db.query(sql)⟧;",
    '`SELECT * FROM t WHERE a = $1`;\ndb.query(sql, [a])',
  ],
  [
    'arguments on lines of their own',
    "⟦db.query(\n  `SELECT * FROM t WHERE a = '${a}'`,\n)⟧;",
    '(\n  `SELECT * FROM t WHERE a = $1`,\n  [a],\n)',
  ],
  [
    'a choice between constants',
    "⟦db.query(`SELECT * FROM t WHERE a = ${a} ORDER BY b ${d ? 'DESC' : 'ASC'}`)⟧;",
    "(`SELECT * FROM t WHERE a = $1 ORDER BY b ${d ? 'DESC' : 'ASC'}`, [a])",
  ],
  [
    'a doubled quote in the text',
    "⟦db.query(`SELECT 'it''s' FROM t WHERE a = '${a}''s'`)⟧;",
    "(`SELECT 'it''s' FROM t WHERE a = $1`, [`${a}'s`])",
  ],
  [
    'comments and quoted names in the text',
    '⟦db.query(`SELECT "a" /* \' */ FROM [t] -- \'\n WHERE a = ${a}`)⟧;',
    "[t] -- '\n WHERE a = $1`, [a])",
  ],
];

const refused: readonly (readonly [name: string, code: string, before: string])[] = [
  ['a table name', 'identifier-position', '⟦db.query(`SELECT * FROM ${t} WHERE a = 1`)⟧;'],
  ['a column to sort by', 'identifier-position', '⟦db.query(`SELECT * FROM t ORDER BY ${c}`)⟧;'],
  ['a quoted name', 'identifier-position', '⟦db.query(`SELECT "${c}" FROM t`)⟧;'],
  ['part of a name', 'identifier-position', '⟦db.query(`SELECT * FROM t WHERE a_${c} = 1`)⟧;'],
  ['a whole condition', 'identifier-position', '⟦db.query(`SELECT * FROM t WHERE a = 1 AND ${condition}`)⟧;'],
  ['a list', 'identifier-position', "⟦db.query(`SELECT * FROM t WHERE a IN (${list.join(',')})`)⟧;"],
  ['columns of an insert', 'identifier-position', '⟦db.query(`INSERT INTO t (${columns}) VALUES (1)`)⟧;'],
  ['a subquery', 'identifier-position', '⟦db.query(`SELECT * FROM t WHERE a = (${query})`)⟧;'],
  ['two values without anything between', 'identifier-position', '⟦db.query(`SELECT * FROM t WHERE a = ${a}${b}`)⟧;'],
  ['a value in a comment', 'unsupported-shape', '⟦db.query(`SELECT 1 /* ${a} */`)⟧;'],
  ['a count', 'unsupported-shape', '⟦db.query(`SELECT * FROM t LIMIT ${n}`)⟧;'],
  ['a quote that does not end', 'unsupported-shape', "⟦db.query(`SELECT * FROM t WHERE a = '${a}`)⟧;"],
  ['an escaped quote', 'unsupported-shape', "⟦db.query('SELECT * FROM t WHERE a = \\'' + a + '\\'')⟧;"],
  [
    'mixed placeholders',
    'unsupported-shape',
    '⟦db.query(`SELECT * FROM t WHERE a = ? AND b = $1 AND c = ${c}`, [a, b])⟧;',
  ],
  ['a statement from elsewhere', 'unsupported-shape', '⟦db.query(build(a))⟧;'],
  [
    'a variable that is read twice',
    'unsupported-shape',
    'const sql = `SELECT * FROM t WHERE a = ${a}`;\nlog(sql);\n⟦db.query(sql)⟧;',
  ],
  [
    'a value that may change before the query',
    'unsupported-shape',
    'let a = b;\nconst sql = `SELECT * FROM t WHERE a = ${a}`;\na = 2;\n⟦db.query(sql)⟧;',
  ],
  [
    'values that are not written in place',
    'unsupported-shape',
    '⟦db.query(`SELECT * FROM t WHERE a = $1 AND b = ${b}`, values)⟧;',
  ],
  [
    'values that are spread',
    'unsupported-shape',
    '⟦db.query(`SELECT * FROM t WHERE a = $1 AND b = ${b}`, [...values])⟧;',
  ],
  ['a statement without values', 'unsupported-shape', "const T = 'x';\n⟦db.query(`SELECT * FROM ${T}`)⟧;"],
  ['numbers that are added', 'unsupported-shape', '⟦db.query(a + b)⟧;'],
  ['no call at all', 'unsupported-shape', 'const x = ⟦a⟧;'],
];

describe('parameterising SQL in JavaScript', () => {
  it.each(fixed)('binds %s', async (_, before, after) => {
    const { after: text, plan } = await planCase('CWE-89', 'a.js', pg + before);
    expect(plan.refused).toEqual([]);
    expect(text).toContain(after);
  });

  it.each(refused)('refuses %s', async (_, code, before) => {
    const { plan, before: text, after } = await planCase('CWE-89', 'a.js', pg + before);
    expect(plan.refused.map((refusal) => refusal.code)).toEqual([code]);
    expect(plan.edits).toEqual([]);
    expect(after).toBe(text);
  });

  it('writes question marks for MySQL and keeps their order', async () => {
    const before = `${mysql}⟦pool.query(\`SELECT * FROM t WHERE a = \${a} AND b = ? AND c = '\${c}'\`, [b])⟧;\n`;
    expect((await planCase('CWE-89', 'a.js', before)).after).toContain('WHERE a = ? AND b = ? AND c = ?`, [a, b, c])');
  });

  it('passes values of a prepared statement to the call that runs it', async () => {
    const before = "⟦db.prepare(`SELECT * FROM t WHERE a = ? AND b = '${b}'`)⟧.pluck().get(1);";
    expect((await planCase('CWE-89', 'a.js', before)).after).toBe(
      'db.prepare(`SELECT * FROM t WHERE a = ? AND b = ?`).pluck().get(1, b);',
    );
    const none = '⟦db.prepare(`SELECT * FROM t WHERE a = ${a}`)⟧.all();';
    expect((await planCase('CWE-89', 'a.js', none)).after).toBe('db.prepare(`SELECT * FROM t WHERE a = ?`).all(a);');
    const unknown = '⟦db.prepare(`SELECT * FROM t WHERE a = ${a}`)⟧.all(values);';
    expect((await planCase('CWE-89', 'a.js', unknown)).refused).toBe('unsupported-shape');
    const apart = 'const s = ⟦db.prepare(`SELECT * FROM t WHERE a = ${a}`)⟧;';
    expect((await planCase('CWE-89', 'a.js', apart)).refused).toBe('driver-unknown');
  });

  const query = "export const find = (db, a) => ⟦db.find(`SELECT * FROM t WHERE a = '${a}'`)⟧;\n";
  const evidence: readonly (readonly [string, Record<string, string>, string | undefined])[] = [
    ['another query that binds values', { 'b.js': "db.find('SELECT 1 WHERE a = ?', [1]);" }, '?'],
    ['another query with numbered values', { 'b.ts': 'db.find(`SELECT 1 WHERE a = $1`, [1]);' }, '$1'],
    ['a dependency', { 'package.json': '{"dependencies":{"pg":"8.0.0"}}' }, '$1'],
    ['a driver that another file imports', { 'b.mjs': "import mysql from 'mysql2/promise';" }, '?'],
    [
      'its own definition beside the driver',
      {
        'b.js':
          "import sqlite3 from 'sqlite3';\nexport class Db { find(sql, params) { return this.d.all(sql, params); } }",
      },
      '?',
    ],
    ['nothing', { 'b.js': 'export {};' }, undefined],
    ['two drivers', { 'package.json': '{"dependencies":{"pg":"8.0.0","mysql2":"3.0.0"}}' }, undefined],
    [
      'queries of both styles',
      { 'b.js': "db.find('SELECT 1 WHERE a = ?', [1]);\ndb.find('SELECT 1 WHERE a = $1', [1]);" },
      undefined,
    ],
    ['a manifest that is no JSON', { 'package.json': '{' }, undefined],
  ];
  it.each(evidence)('takes the style from %s', async (_, others, placeholder) => {
    const { after, refused: code } = await planCase('CWE-89', 'a.js', query, others);
    if (placeholder === undefined) expect(code).toBe('driver-unknown');
    else expect(after).toContain(`WHERE a = ${placeholder}\`, [a])`);
  });

  it('plans both fixes of a file, one for findings that share a sink, and verifies them together', async () => {
    const before = `${pg}export const one = (a) => ⟦⟦db.query(\`SELECT 1 WHERE a = \${a}\`)⟧⟧;\nexport const two = (b) => ⟦db.query(\`SELECT 2 WHERE b = \${b}\`)⟧;\n`;
    const { plan, after } = await planCase('CWE-89', 'a.ts', before);
    expect(plan.edits.map(({ finding }) => finding)).toEqual(['finding-0', 'finding-1', 'finding-2']);
    expect(plan.change.changeSet.files).toHaveLength(1);
    expect(after).toContain('WHERE a = $1`, [a])');
    expect(after).toContain('WHERE b = $1`, [b])');
  });

  it('keeps line ends, byte order mark and comments', async () => {
    const before = `\ufeffimport pg from 'pg'; // driver\r\nexport const f = (db, a) => ⟦db.query(\`SELECT 1 WHERE a = \${a} -- why\`)⟧; // end\r\n`;
    const { after, plan } = await planCase('CWE-89', 'a.js', before.slice(1));
    expect(after).toBe(
      "import pg from 'pg'; // driver\r\nexport const f = (db, a) => db.query(`SELECT 1 WHERE a = $1 -- why`, [a]); // end\r\n",
    );
    expect(plan.edits[0]?.explanation).toContain('a.js imports pg');
  });
});
