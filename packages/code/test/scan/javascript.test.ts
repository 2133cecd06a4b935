import { describe, expect, it } from 'vitest';
import { createMemoryTree, scan } from '../../src/index.js';
import { nodeHandler, type ScanCase } from './cases.js';

const cases: readonly ScanCase[] = [
  nodeHandler('SQL by concatenation', "db.query('SELECT a FROM t WHERE b = ' + q);", 'sql-injection @3'),
  nodeHandler('SQL with placeholder', "db.query('SELECT a FROM t WHERE b = $1', [q]);"),
  nodeHandler('SQL with a number', "db.query('SELECT a FROM t WHERE b = ' + Number(q));"),
  nodeHandler(
    'SQL with a chosen column',
    "const C = { a: 'x', b: 'y' }; if (!Object.hasOwn(C, q)) return; db.query(`SELECT a FROM t ORDER BY ${C[q]}`);",
  ),
  nodeHandler(
    'SQL with an allowed word',
    "const OK = ['a', 'b']; if (!OK.includes(q)) return; db.query(`SELECT a FROM t ORDER BY ${q}`);",
  ),
  nodeHandler(
    'SQL with a forbidden word',
    "const OK = ['a', 'b']; if (OK.includes(q)) return; db.query(`SELECT a FROM t ORDER BY ${q}`);",
    'sql-injection @3',
  ),
  nodeHandler(
    'SQL after a pattern',
    "if (!/^[a-z]+$/.test(q)) throw new Error('no'); db.query(`SELECT a FROM t ORDER BY ${q}`);",
  ),
  nodeHandler(
    'SQL after an unanchored pattern',
    "if (!/[a-z]+/.test(q)) throw new Error('no'); db.query(`SELECT a FROM t ORDER BY ${q}`);",
    'sql-injection @3',
  ),
  nodeHandler('SQL with an escape function', 'db.query(`SELECT a FROM t WHERE b = ${pg.escapeLiteral(q)}`);'),
  nodeHandler(
    'SQL through a switch',
    "let c; switch (q) { case 'a': c = 'x'; break; default: c = 'y'; } db.query(`SELECT a FROM t ORDER BY ${c}`);",
  ),
  nodeHandler(
    'SQL in a dead branch',
    "const on = false; let s = 'SELECT 1'; if (on) { s = 'SELECT ' + q; } db.query(s);",
  ),
  nodeHandler(
    'SQL in a live branch',
    "const on = 3 > 2; let s = 'SELECT 1'; if (on) { s = 'SELECT ' + q; } db.query(s);",
    'sql-injection @3',
  ),
  nodeHandler('SQL from another key', "const m = { a: q, b: 'x' }; db.query('SELECT ' + m.b);"),
  nodeHandler(
    'SQL from the same key',
    "const m = { a: q, b: 'x' }; const k = 'a'; db.query('SELECT ' + m[k]);",
    'sql-injection @3',
  ),
  nodeHandler('SQL from a replaced key', "const m = { a: q }; m.a = 'x'; db.query('SELECT ' + m.a);"),
  nodeHandler('SQL from an array position', "const a = ['x', q]; db.query('SELECT ' + a[0]);"),
  nodeHandler(
    'SQL from a mapped array',
    "const a = [q].map((x) => x.trim()); db.query('SELECT ' + a.join(','));",
    'sql-injection @3',
  ),
  nodeHandler(
    'SQL from a Map',
    "const m = new Map(); m.set('a', q); m.set('b', 'x'); db.query('SELECT ' + m.get('a'));",
    'sql-injection @3',
  ),
  nodeHandler(
    'SQL from another entry of a Map',
    "const m = new Map([['a', 'y']]); m.set('b', q); db.query('SELECT ' + m.get('a'));",
  ),
  nodeHandler('path without a check', "fs.readFile(path.join('/srv', q), () => {});", 'path-traversal @3'),
  nodeHandler(
    'path inside its folder',
    "const f = path.resolve('/srv', q); if (!f.startsWith('/srv' + path.sep)) return; fs.readFile(f, () => {});",
  ),
  nodeHandler(
    'path inside by relative',
    "const f = path.resolve('/srv', q); if (path.relative('/srv', f).startsWith('..')) return; fs.readFile(f, () => {});",
  ),
  nodeHandler('path by base name', "fs.readFile(path.join('/srv', path.basename(q)), () => {});"),
  nodeHandler(
    'prefix of an unresolved path',
    "const f = '/srv/' + q; if (!f.startsWith('/srv/')) return; fs.readFile(f, () => {});",
    'path-traversal @3',
  ),
  nodeHandler('path with dots refused', "if (q.includes('..')) return; fs.readFile(path.join('/srv', q), () => {});"),
  nodeHandler(
    'path checked by a helper that throws',
    "check(q); fs.readFile(path.join('/srv', q), () => {}); function check(n) { if (n.includes('..')) throw new Error('no'); }",
  ),
  nodeHandler(
    'path checked by a helper that answers',
    "if (!ok(q)) return; fs.readFile(path.join('/srv', q), () => {}); function ok(n) { return /^[\\w-]+$/.test(n); }",
  ),
  nodeHandler(
    'path checked by a helper in two steps',
    "if (!ok(q)) return; fs.readFile(path.join('/srv', q), () => {}); function ok(n) { if (n.length > 9) return false; return !n.includes('..'); }",
  ),
  nodeHandler('command line', 'exec(`ls ${q}`);', 'command-injection @3'),
  nodeHandler('command with arguments', "execFile('ls', [q]);"),
  nodeHandler('command with arguments in a shell', "spawn('ls', [q], { shell: true });", 'command-injection @3'),
  nodeHandler('eval', 'eval(q);', 'code-injection @3'),
  nodeHandler('page', 'res.end(`<p>${q}</p>`);', 'cross-site-scripting @3'),
  nodeHandler('JSON', 'res.end(JSON.stringify({ q }));'),
  nodeHandler('request to a chosen host', 'fetch(q);', 'server-side-request-forgery @3'),
  nodeHandler('request to a fixed host', "fetch('https://api.example/x/' + q);"),
  nodeHandler(
    'pollution',
    'const t = {}; const o = JSON.parse(q); for (const k in o) { t[k] = t[k] || {}; t[k][o[k].a] = 1; }',
    'prototype-pollution @3',
  ),
  nodeHandler(
    'pollution guarded',
    "const t = {}; const o = JSON.parse(q); for (const k in o) { if (k === '__proto__') continue; t[k][o[k].a] = 1; }",
  ),
  nodeHandler(
    'pollution of a bare object',
    'const t = Object.create(null); const o = JSON.parse(q); for (const k in o) { t[k] = 1; }',
  ),
  nodeHandler('regular expression', 'new RegExp(q);', 'regex-injection @3'),
  nodeHandler('closure', 'const f = (x) => () => exec(x); f(q)();', 'command-injection @3'),
  nodeHandler(
    'destructuring',
    'const { a: [, b = 1], ...rest } = { a: [1, q], c: 2 }; exec(b); exec(rest.c);',
    'command-injection @3',
  ),
  nodeHandler(
    'class with a getter',
    'class A { #v; constructor(v) { this.#v = v; } get v() { return this.#v; } static of(v) { return new A(v); } } exec(A.of(q).v);',
    'command-injection @3',
  ),
  nodeHandler(
    'inheritance',
    'class A { constructor(v) { this.v = v; } run() { return this.v; } } class B extends A { run() { return super.run() + "x"; } } exec(new B(q).run());',
    'command-injection @3',
  ),
  nodeHandler(
    'generator',
    'function* g() { yield q; yield* ["a"]; } for (const x of g()) exec(x);',
    'command-injection @3',
  ),
  nodeHandler(
    'async and promises',
    'const f = async () => q; f().then((x) => exec(x)); new Promise((ok) => ok(q)).then((x) => fs.unlink(x, () => {})).catch(() => 0).finally(() => 0);',
    'command-injection @3',
    'path-traversal @3',
  ),
  nodeHandler(
    'finally',
    "let x = 'a'; try { x = q; throw new Error(x); } catch (e) { x += 'b'; } finally { exec(x); }",
    'command-injection @3',
  ),
  nodeHandler(
    'finally after return',
    "const f = () => { try { return q; } finally { exec('fixed'); } }; exec(f());",
    'command-injection @3',
  ),
  nodeHandler(
    'loops and labels',
    "let s = ''; outer: for (let i = 0; i < 3; i += 1) { do { if (i === 1) continue outer; if (i === 2) break outer; s += q; } while (false); } exec(s);",
    'command-injection @3',
  ),
  nodeHandler('tagged template', 'const sql = (strings, ...values) => strings.join("?"); db.query(sql`SELECT ${q}`);'),
  nodeHandler(
    'optional chaining and nullish',
    "const o = { a: { b: q } }; exec(o?.a?.['b'] ?? 'x');",
    'command-injection @3',
  ),
  nodeHandler(
    'spread arguments',
    'const a = [1, q]; const f = (x, ...y) => y[0]; exec(f(...a));',
    'command-injection @3',
  ),
  nodeHandler(
    'apply, call and bind',
    'function f(x) { exec(x); } f.call(null, q); f.apply(null, [q]); f.bind(null, q)();',
    'command-injection @3',
  ),
  nodeHandler(
    'Object functions',
    'const o = Object.assign({}, { a: q }); exec(Object.values(o)[0]); for (const [k, v] of Object.entries(o)) fs.rmSync(v);',
    'command-injection @3',
    'path-traversal @3',
  ),
  nodeHandler('number checks', "if (!Number.isInteger(q) || typeof q !== 'number') return; exec('x' + q);"),
  nodeHandler('unknown validator does not count', "looksFine(q); exec('x' + q);", 'command-injection @3'),
  {
    name: 'across modules: default, named, namespace and star exports',
    files: {
      'a.mjs':
        "import http from 'http'; import run, { pass as p } from './b.mjs'; import * as c from './c/index.mjs';\nhttp.createServer((req) => { run(p(c.deep(req.url))); });",
      'b.mjs':
        "import { exec } from 'child_process';\nexport default function (x) { exec(x); }\nexport const pass = (x) => x;",
      'c/index.mjs': "export * from './d.mjs';",
      'c/d.mjs': "const deep = (x) => x + 'y'; export { deep };",
    },
    findings: ['command-injection b.mjs:2'],
  },
  {
    name: 'across CommonJS modules',
    files: {
      'a.cjs':
        "const http = require('http'); const { run } = require('./b'); const other = require('./c.cjs');\nhttp.createServer((req) => { run(req.url); other(req.headers.host); });",
      'b.js': "const cp = require('child_process');\nexports.run = (x) => cp.exec(x);",
      'c.cjs': "module.exports = function (x) { require('fs').unlinkSync(x); };",
    },
    findings: ['command-injection b.js:2', 'path-traversal c.cjs:1'],
  },
  {
    name: 'Express in TypeScript',
    files: {
      'app.ts':
        "import express, { type Request } from 'express';\nimport { show } from './show.js';\nenum Mode { A, B = 'b' }\nconst app = express();\napp.get('/x/:id', show);\napp.post('/r', (req: Request, res) => { res.redirect(req.query.to as string); res.send(req.body.name); res.redirect('/x/' + req.body.id); });",
      'show.ts':
        "import { readFile } from 'node:fs/promises';\nexport class Store { constructor(private readonly root: string) {} read(n: string) { return readFile(this.root + n); } }\nexport async function show(req: any, res: any): Promise<void> { res.json(await new Store('/d').read(req.params.id)); }",
    },
    findings: ['open-redirect app.ts:6', 'cross-site-scripting app.ts:6', 'path-traversal show.ts:2'],
  },
  {
    name: 'React',
    files: {
      'page.tsx':
        'export function handler(req: any, res: any) { const el = <Box html={req.query.a}>{req.query.b}<br/></Box>; return <>{el}</>; }\nfunction Box(props: any) { return <div dangerouslySetInnerHTML={{ __html: props.html }} {...props}>{props.children}</div>; }',
    },
    findings: ['cross-site-scripting page.tsx:2'],
  },
];

describe('scan of JavaScript', () => {
  it.each(cases)('$name', async ({ files, findings }) => {
    const report = await scan(createMemoryTree(files));
    expect(report.coverage.skipped).toEqual([]);
    expect(report.findings.map((finding) => `${finding.rule} ${finding.file}:${finding.line}`)).toEqual(findings);
  });
});
