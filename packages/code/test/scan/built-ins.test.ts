import { describe, expect, it } from 'vitest';
import { createMemoryTree, scan } from '../../src/index.js';

const node = (body: string): Record<string, string> => ({
  'a.mjs': `import http from 'http'; import { exec } from 'child_process'; import path from 'path';\nhttp.createServer((req) => { const q = new URL(req.url, 'x').search; ${body} });\n`,
});
const python = (body: string): Record<string, string> => ({
  'a.py': `import os, re, copy, json, collections\nfrom flask import request\ndef view():\n    q = request.args["q"]\n    ${body.replaceAll('\n', '\n    ')}\n`,
});
const lines = async (files: Record<string, string>): Promise<number> =>
  (await scan(createMemoryTree(files))).findings.length;

describe('built-ins of JavaScript that pass data on', () => {
  it.each([
    'exec(q.trim().toLowerCase().toUpperCase().trimStart().trimEnd().toString())',
    "exec(q.replace('a', (m) => m))",
    "exec(q.replace(/a/g, 'b').slice(1).concat('x'))",
    "exec('a'.concat(q))",
    "exec(['a'].concat([q]).join(' '))",
    "exec([q].concat('a').reverse().sort()[0])",
    'exec([[q]].flat()[0])',
    'exec([q].flatMap((x) => [x])[0])',
    'exec([q].filter(Boolean)[0])',
    'exec([q].find((x) => x))',
    'exec([q].findLast((x) => x))',
    'exec([q].at(-1))',
    "exec([q].reduce((a, b) => a + b, ''))",
    'exec([q].slice(0)[0])',
    'exec([q].splice(0)[0])',
    'const a = []; a.unshift(q); exec(a.shift())',
    'const a = []; a.push(...[q]); exec(a.pop())',
    "const a = ['x']; a.push(q); exec(a.pop())",
    '[q].forEach((x) => exec(x))',
    '[q].some((x) => exec(x))',
    '[q].every((x) => exec(x))',
    "exec(Object.fromEntries([['a', q]]).a)",
    'exec(Object.entries({ a: q })[0][1])',
    'for (const [k, v] of new Map([[1, q]])) exec(v)',
    'for (const v of new Set([q])) exec(v)',
    'const m = new Map(); m.set(q, 1); for (const k of m.keys()) exec(k)',
    'exec([...new Map([[1, q]]).values()][0])',
    'exec([...new Map([[1, q]]).entries()][0][1])',
    'exec(Array.from([q], (x) => x)[0])',
    'exec(Array.from(new Set([q]))[0])',
    'exec(Object.freeze({ q }).q)',
    "const o = {}; Object.defineProperty(o, 'a', { value: q }); exec(o.a)",
    'exec(structuredClone(q))',
    'exec(String(q))',
    'exec(JSON.parse(q).a.b[0])',
    'exec(JSON.stringify({ q }))',
    'Promise.resolve(q).then((x) => exec(x))',
    'Promise.all([q]).then(([x]) => exec(x))',
    'Promise.race([q]).then((x) => exec(x))',
    'exec((a => a)`${q}`.x ?? q)',
    'exec(q.split("/")[1])',
    'let x; x ??= q; exec(x)',
    'let x = ""; x ||= q; exec(x)',
    'let x = 1; x &&= q; exec(x)',
    'let x = ""; x += q; exec(x)',
    'let x; [x] = [q]; exec(x)',
    'let o = {}; ({ a: o.b } = { a: q }); exec(o.b)',
    'const { [q]: z = q } = {}; exec(z)',
    'exec((0, q))',
    'exec(q ? q : 1)',
    'exec(!0 && q)',
    'const f = function g(n) { return n ? g(0) : q; }; exec(f(1))',
    'const o = { get a() { return q; }, set a(v) {}, [`b`]: 1, ...{ c: 2 } }; exec(o.a)',
    "const o = {}; o['a-b'] = q; exec(o['a-b'])",
    'const k = Math.random() > 1 ? "a" : "b"; const o = { a: q, b: 1 }; exec(o[k])',
    'switch (q.length) { case 1: exec(q); default: }',
    'for (const k in { a: 1 }) { exec(q + k); }',
    'let i = 0; while (i < 3) { i++; if (i === 2) break; exec(q); }',
    'a: { if (q) break a; exec("x"); } exec(q)',
    'try { throw q; } catch (e) { exec(e); }',
    'try { f(); } catch { exec(q); } function f() { throw new Error(); }',
    'async function* g() { yield q; } (async () => { for await (const x of g()) exec(x); })()',
    'class A { static x = q; static { exec(A.x); } }',
    'const A = class { ["m"]() { return q; } }; exec(new A().m())',
    'import("./b.mjs").then((m) => exec(q))',
    'const f = (...a) => exec(a[0]); f(q)',
    'const f = (a = q) => exec(a); f()',
    'const f = ({ a } = { a: q }) => exec(a); f()',
    'setTimeout(() => exec(q), 1)',
    'exec(typeof q === "string" ? q : "")',
    'const o = { m() { return this.v; }, v: q }; exec(o.m())',
    'exec(decodeURIComponent(q))',
    'exec(new String(q))',
    'function F(v) { this.v = v; } exec(new F(q).v)',
    'arguments; new.target; exec(q)',
  ])('%s', async (body) => {
    expect(await lines(node(body))).toBe(1);
  });

  it.each([
    'exec(parseInt(q, 10) + 1)',
    'exec(q.length)',
    'exec(q.indexOf("a"))',
    'exec(Boolean(q))',
    'exec(q === "a")',
    'exec(Math.max(q, 1))',
    'if (Number.isNaN(Number(q))) exec(Number(q))',
    'if (!isNaN(q)) exec("x" + q)',
    'if (["a"].includes(q)) exec(q)',
    'if (new Set(["a"]).has(q)) exec(q)',
    'if (q === "a") exec(q)',
    'if ("a" === q) exec(q)',
    'switch (q) { case "a": exec(q); }',
    'if (q !== "a") throw 1; exec(q)',
    'if (/^\\d+$/.test(q)) exec(q)',
    'const ok = /^\\d+$/; if (!ok.test(q)) return; exec(q)',
    'const safe = (x) => /^\\d+$/.test(x) && x.length < 9; if (safe(q)) exec(q)',
    'exec(q.replace(/[^a-z]/g, ""))',
    'if (typeof q === "number") exec("x" + q)',
    'const o = Object.create(null); o.a = 1; exec(Object.keys({ a: 1 }).join(","))',
    'exec(`${"a"}` + 1 + null)',
    'process.exit(); exec(q.length + 1)',
    'const fail = () => { throw new Error(q); }; fail(); exec(q)',
    'const { a, ...r } = { a: q, b: "x" }; exec(r.b)',
    'let x = q; x = "a"; exec(x)',
    'const f = (x) => { if (x) return "a"; return q; }; exec(f(true))',
  ])('silent: %s', async (body) => {
    expect(await lines(node(body))).toBe(0);
  });
});

describe('built-ins of Python that pass data on', () => {
  it.each([
    'os.system(q.strip().lower().upper().lstrip().rstrip("x"))',
    'os.system(q.strip("x").encode().decode())',
    'os.system(" ".join([q]))',
    'os.system(" ".join(x for x in [q]))',
    'os.system("{x} {0!r}".format(1, x=q))',
    'os.system("{0[a]}".format({"a": q}))',
    'os.system("%(a)s" % {"a": q})',
    'os.system("a" "b" + q)',
    'os.system(q[1:])',
    'os.system(q * 2)',
    'os.system([q, 1][0])',
    'os.system((1, q)[-1])',
    'a = {}\na.setdefault("x", q)\nos.system(a["x"])',
    'a = dict(x=q)\nos.system(a.get("x"))',
    'a = {"x": 1}\na.update({"y": q}, z=1)\nos.system(a["y"])',
    'a = {**{"x": q}}\nos.system(a.pop("x"))',
    'for k, v in {"a": q}.items():\n    os.system(v)',
    'for v in {"a": q}.values():\n    os.system(v)',
    'for k in {q: 1}:\n    os.system(k)',
    'a = []\na.extend([q])\nos.system(a[0])',
    'a = [1]\na += [q]\nfor x in a: os.system(x)',
    'os.system(sorted([q])[0])',
    'os.system(list(map(lambda x: x, [q]))[0])',
    'os.system(list(filter(None, [q]))[0])',
    'for i, x in enumerate([q]):\n    os.system(x)',
    'for a, b in zip([1], [q]):\n    os.system(b)',
    'os.system(next(iter([q])))',
    'os.system({x for x in [q]}.pop())',
    'os.system(copy.deepcopy(q))',
    'os.system(json.loads(q)["a"])',
    'os.system(json.dumps(q))',
    'os.system(re.sub("a", "b", q))',
    'os.system(str(q))',
    'class A: pass\na = A()\nsetattr(a, "x", q)\nos.system(getattr(a, "x"))',
    'class A:\n    def __init__(self): self.x = q\nos.system(A().x)',
    'x = y = q\nos.system(y)',
    'x: str = q\nos.system(x)',
    'def f(a, b=q, *c, d, **e): return b\nos.system(f(1, d=2))',
    'def f(*a): return a[1]\nos.system(f(*[1, q]))',
    'x = "a"\ndef f():\n    nonlocal x\n    x = q\nf()\nos.system(x)',
    'if q and not None:\n    os.system(q)',
    'os.system(q if 1 < 2 < 3 else "a")',
    'os.system("a" if 1 > 2 else q)',
    'while True:\n    os.system(q)\n    break',
    'try:\n    pass\nexcept A:\n    pass\nexcept B as e:\n    raise\nelse:\n    os.system(q)',
    'with open("x") as f, open("y"):\n    os.system(q)',
    'match q:\n    case {"a": b}:\n        os.system(q)',
    'match q:\n    case x if x:\n        os.system(x)',
    'z = [q]\nmatch z:\n    case [x, *y]:\n        os.system(x)',
    'import os.path as p, sys\nos.system(p.join("a", q))',
    'async def f():\n    return await g(q)\nos.system(f())',
    'print(q, file=1)\ndel q[0]\nos.system(q)',
    'os.system(1 if not q else q)',
    'a, *b = [1, q, 3]\nos.system(b[0])',
    '(a, b) = (1, q)\nos.system(b)',
    '[a, b] = [1, q]\nos.system(b)',
    'a = {}\na["x"]: str = q\nos.system(a["x"])',
    'lst = [1, 2, 3]\nlst[0:2] = [q]\nos.system(lst[0])',
    'os.system(0x1f + 1_000 and 1.5e3 and 1j and q)',
  ])('%s', async (body) => {
    expect(await lines(python(body))).toBe(1);
  });

  it.each([
    'os.system(str(int(q)))',
    'os.system(str(len(q)))',
    'if q.isdigit(): os.system(q)',
    'if q in ("a", "b"): os.system(q)',
    'if q not in {"a": 1}: raise ValueError\nos.system(q)',
    'if isinstance(q, (int, float)): os.system(str(q))',
    'if re.match(r"^[a-z]+$", q): os.system(q)',
    'if re.compile("[a-z]+").fullmatch(q) is not None: os.system(q)',
    'if q == "a": os.system(q)',
    'if "x" in "abc": os.system(q)',
    'if 1 > 2:\n    os.system(q)\nelif 3 > 4:\n    os.system(q)\nelse:\n    os.system("a")',
    'os.system("%d %x" % (q, q))',
    'os.system(f"{q:d}")',
    'q = "a"\nos.system(q)',
    'x = {"a": q, "b": "c"}\nos.system(x["b"])',
    'raise ValueError(q)\nos.system(q)',
    'assert q.isalnum()\nos.system(q)',
    'def fail():\n    raise ValueError()\nfail()\nos.system(q)',
    'for x in []:\n    os.system(q)',
    'bool(q) or os.system("x")',
  ])('silent: %s', async (body) => {
    expect(await lines(python(body))).toBe(0);
  });
});

describe('modules', () => {
  it('finds files as Node, TypeScript and bundlers do', async () => {
    const files = {
      'a.ts':
        "import http from 'http'; import d, * as n from './b.js'; import { r as x } from './c'; import './missing'; import type { T } from './t'; import { up } from '../up'; import { e as f } from './e.mjs';\nexport { d as again }; export * as ns from './c'; export type Q = 1; export default class {}\nhttp.createServer((q) => { d(q.url); n.two(q.url); x(q.url); f(q.url); up(q.url); });",
      'b.ts':
        "import { exec } from 'child_process';\nexport default (x: string) => { exec(x); };\nexport function two(x: string) {\n  exec(x); }",
      'c/index.tsx': "export { run as r } from '../d';\nimport { two } from '../b';\nexport { two };",
      'd.js':
        "const { exec } = require('child_process');\nmodule.exports = { run(x) { exec(x); } };\nexports.unused = 1;",
      'e.mts':
        "import cp from 'child_process';\nexport const e = (x) => cp.exec(x), other = 1;\nexport * from './e.mjs';",
      't.d.ts': 'export type T = string; declare const z: T; declare module "m" {} declare class K {}',
    };
    const report = await scan(createMemoryTree(files));
    expect(report.findings.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'b.ts:2',
      'b.ts:4',
      'd.js:2',
      'e.mts:2',
    ]);
  });

  it('finds Python modules relative to packages and folders', async () => {
    const files = {
      'src/app/__init__.py': '',
      'src/app/web.py':
        'from ..app.run import go\nfrom . import run as r\nfrom .... import far\nimport app.run\nfrom app import run\nimport missing.mod\ndef application(environ, start_response):\n    go(environ["PATH_INFO"])\n    r.two(environ["PATH_INFO"])\n    app.run.three(environ["PATH_INFO"])\n    run.four(environ["PATH_INFO"])\n    missing.mod.x()\n',
      'src/app/run.py':
        'import os\ndef go(x):\n    os.system(x)\ndef two(x):\n    os.system(x)\ndef three(x):\n    os.system(x)\ndef four(x):\n    os.system(x)\n',
    };
    const report = await scan(createMemoryTree(files));
    expect(report.findings.map((finding) => finding.line)).toEqual([3, 5, 7, 9]);
  });
});
