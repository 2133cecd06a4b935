import { describe, expect, it } from 'vitest';
import { createMemoryTree, scan } from '../../src/index.js';
import { flaskView, type ScanCase } from './cases.js';

const cases: readonly ScanCase[] = [
  flaskView('SQL by f-string', 'db.execute(f"SELECT a FROM t WHERE b = \'{q}\'")', 'sql-injection @6'),
  flaskView('SQL by percent', 'db.execute("SELECT a FROM t WHERE b = \'%s\'" % q)', 'sql-injection @6'),
  flaskView('SQL by percent with a number', 'db.execute("SELECT a FROM t WHERE b = %d" % int(q))'),
  flaskView('SQL by format', 'db.execute("SELECT a FROM t WHERE b = \'{}\'".format(q))', 'sql-injection @6'),
  flaskView('SQL with values', 'db.execute("SELECT a FROM t WHERE b = ?", (q,))'),
  flaskView(
    'SQL with a looked-up column',
    'C = {"a": "x"}\nc = C.get(q)\nif c is None:\n    raise ValueError()\ndb.execute(f"SELECT a FROM t ORDER BY {c}")',
  ),
  flaskView('SQL with digits', 'if not q.isdecimal():\n    return "no"\ndb.execute(f"SELECT a FROM t LIMIT {q}")'),
  flaskView(
    'SQL after a pattern',
    'if not re.fullmatch(r"[a-z]+", q):\n    return "no"\ndb.execute(f"SELECT a FROM t ORDER BY {q}")',
  ),
  flaskView(
    'SQL after a compiled pattern',
    'P = re.compile(r"[a-z]+$")\nif P.match(q) is None:\n    return "no"\ndb.execute(f"SELECT a FROM t ORDER BY {q}")',
  ),
  flaskView(
    'SQL in a dead branch',
    'n = 106\nbar = q if (7 * 18) + n <= 200 else "fixed"\ndb.execute(f"SELECT \'{bar}\'")',
  ),
  flaskView(
    'SQL in a live branch',
    'n = 106\nbar = q if (7 * 18) + n > 200 else "fixed"\ndb.execute(f"SELECT \'{bar}\'")',
    'sql-injection @8',
  ),
  flaskView('SQL from another key', 'm = {}\nm["a"] = "x"\nm["b"] = q\nbar = m["a"]\ndb.execute(f"SELECT \'{bar}\'")'),
  flaskView(
    'SQL from the key',
    'm = {}\nm["a"] = "x"\nm["b"] = q\nbar = m["b"]\ndb.execute(f"SELECT \'{bar}\'")',
    'sql-injection @10',
  ),
  flaskView(
    'SQL from a list after pop',
    'v = []\nv.append("a")\nv.append(q)\nv.append("b")\nv.pop(0)\nbar = v[1]\ndb.execute(f"SELECT \'{bar}\'")',
  ),
  flaskView(
    'SQL from a list position',
    'v = []\nv.append("a")\nv.append(q)\nv.append("b")\nv.pop(0)\nbar = v[0]\ndb.execute(f"SELECT \'{bar}\'")',
    'sql-injection @12',
  ),
  flaskView(
    'SQL by match',
    'guess = "ABC"[1]\nmatch guess:\n    case "A":\n        bar = q\n    case "B":\n        bar = "x"\n    case _:\n        bar = q\ndb.execute(f"SELECT \'{bar}\'")',
  ),
  flaskView(
    'SQL by a matching case',
    'guess = "ABC"[0]\nmatch guess:\n    case "A" | "D":\n        bar = q\n    case _:\n        bar = "x"\ndb.execute(f"SELECT \'{bar}\'")',
    'sql-injection @12',
  ),
  flaskView('path', 'open("/srv/" + q)', 'path-traversal @6'),
  flaskView(
    'path in its folder',
    'f = (Path("/srv") / q).resolve()\nif not f.is_relative_to("/srv"):\n    return "no"\nreturn f.read_text()',
  ),
  flaskView('path by pathlib', 'return (Path("/srv") / q).read_text()', 'path-traversal @6'),
  flaskView(
    'path by realpath',
    'f = os.path.realpath(os.path.join("/srv", q))\nif os.path.commonpath(["/srv", f]) != "/srv":\n    return "no"\nopen(f)',
  ),
  flaskView(
    'path by prefix of a normalised path',
    'f = os.path.normpath(os.path.join("/srv", q))\nif not f.startswith("/srv/"):\n    return "no"\nopen(f)',
  ),
  flaskView(
    'path by prefix of a raw path',
    'f = os.path.join("/srv", q)\nif not f.startswith("/srv/"):\n    return "no"\nopen(f)',
    'path-traversal @9',
  ),
  flaskView('path by base name', 'open(os.path.join("/srv", os.path.basename(q)))'),
  flaskView('command', 'os.system("ls " + q)', 'command-injection @6'),
  flaskView('command with shell', 'subprocess.run(f"ls {q}", shell=True)', 'command-injection @6'),
  flaskView('command as list', 'subprocess.run(["ls", q], check=True)'),
  flaskView('command quoted', 'os.system("ls " + shlex.quote(q))'),
  flaskView('eval', 'eval(q)', 'code-injection @6'),
  flaskView('literal', 'ast.literal_eval(q)'),
  flaskView('pickle', 'pickle.loads(request.get_data())', 'unsafe-deserialization @6'),
  flaskView('redirect', 'return redirect(q)', 'open-redirect @6'),
  flaskView('redirect inside', 'return redirect("/x/" + q)'),
  flaskView(
    'comprehensions',
    'xs = [x.strip() for x in q.split(",") if x]\nd = {k: v for k, v in [("a", q)]}\nos.system(xs[0])\nos.remove(d["a"])',
    'command-injection @8',
    'path-traversal @9',
  ),
  flaskView(
    'generator and lambda',
    'def g():\n    yield q\n    yield from ["a"]\nf = lambda x, *a, k=1, **kw: x\nfor x in g():\n    os.system(f(x))',
    'command-injection @11',
  ),
  flaskView(
    'with, try and finally',
    'x = "a"\ntry:\n    with open("f") as h:\n        x = q\n    raise KeyError(x)\nexcept (KeyError, ValueError) as e:\n    pass\nelse:\n    x = "b"\nfinally:\n    os.system(x)',
    'command-injection @16',
  ),
  flaskView('unpacking', 'a, (b, *c), d = 1, (2, q, 3), 4\nos.system(c[0])\nos.remove(str(d))', 'command-injection @7'),
  flaskView(
    'keyword arguments',
    'def f(*args, a=1, **kw):\n    return kw["z"]\nos.system(f(1, a=2, **{"z": q}))',
    'command-injection @8',
  ),
  flaskView(
    'loops with else',
    'for i in range(3):\n    if i == 2:\n        break\n    if i == 1:\n        continue\nelse:\n    q = "x"\nwhile q:\n    os.system(q)\n    break',
    'command-injection @14',
  ),
  flaskView(
    'walrus, conditions and global',
    'global seen\nif (n := q.strip()) and not n.startswith("x") or False:\n    seen = n\n    os.system(seen)\nassert q == "a"\nos.system(q)',
    'command-injection @9',
  ),
  flaskView('isinstance', 'if not isinstance(q, int):\n    return "no"\nos.system(f"x {q}")'),
  flaskView('string with number format', 'os.system(f"x {float(q):05.2f}" "y")'),
  flaskView('html escaped', 'return html.escape(q)'),
  {
    name: 'across a package',
    files: {
      'pkg/__init__.py': 'from .deep import *\n',
      'pkg/deep/__init__.py': 'from .inner import run as launch\n',
      'pkg/deep/inner.py':
        'import os\nclass Base:\n    kind = "b"\n    @staticmethod\n    def s(x): return x\n    @classmethod\n    def make(cls, x): return cls(x)\n    def __init__(self, x): self.x = x\n    @property\n    def both(self): return self.s(self.x)\nclass Child(Base):\n    def __init__(self, x):\n        super().__init__(x)\n    def __call__(self): os.system(self.both)\ndef run(x): Child.make(x)()\n',
      'main.py':
        'import pkg.deep\nfrom pkg import launch\nfrom http.server import BaseHTTPRequestHandler\nclass H(BaseHTTPRequestHandler):\n    def do_GET(self):\n        launch(self.path)\n',
    },
    findings: ['command-injection pkg/deep/inner.py:14'],
  },
  {
    name: 'WSGI',
    files: {
      'app.py':
        'import os\nfrom wsgiref.simple_server import make_server\nfrom dataclasses import dataclass\n@dataclass\nclass R:\n    path: str\n    host: str = ""\ndef app(environ, start_response):\n    r = R(environ["PATH_INFO"], host=environ.get("HTTP_HOST"))\n    os.system(r.host)\n    os.remove(r.path)\n    os.system(environ["SERVER_NAME"])\nif __name__ == "__main__":\n    make_server("", 8000, app).serve_forever()\n',
    },
    findings: ['command-injection app.py:10', 'path-traversal app.py:11'],
  },
];

describe('scan of Python', () => {
  it.each(cases)('$name', async ({ files, findings }) => {
    const report = await scan(createMemoryTree(files));
    expect(report.coverage.skipped).toEqual([]);
    expect(report.findings.map((finding) => `${finding.rule} ${finding.file}:${finding.line}`)).toEqual(findings);
  });
});
