import { describe, expect, it } from 'vitest';
import { createMemoryTree, scan } from '../../src/index.js';
import { flaskView, nodeHandler, type ScanCase } from './cases.js';

const expressApp = (name: string, body: string, ...findings: string[]): ScanCase => ({
  name: `express: ${name}`,
  files: {
    'app.js': `const crypto = require('crypto'); const path = require('path'); const fs = require('fs'); const app = require('express')();\napp.get('/', (req, res) => {\n${body}\n});\n`,
  },
  findings: findings.map((entry) => entry.replace('@', 'app.js:')),
});

const cases: readonly ScanCase[] = [
  nodeHandler('a document store called db', 'const store = make(); function f(db) { db.get(q); db.all(q); } f(store);'),
  nodeHandler('a known driver and a whole statement', 'db.query(q);', 'sql-injection @3'),
  nodeHandler(
    'a generic verb with a statement',
    "function f(db) { db.all('SELECT a FROM t WHERE b = ' + q); } f(make());",
    'sql-injection @3',
  ),
  nodeHandler(
    'a path whose beginning is compared',
    "const root = '/srv/'; const p = path.normalize(path.join(root, q)); if (p.slice(0, root.length) !== root) return; fs.readFileSync(p);",
  ),
  nodeHandler(
    'a path whose beginning is compared the wrong way round',
    "const root = '/srv/'; const p = path.normalize(path.join(root, q)); if (p.slice(0, root.length) === root) return; fs.readFileSync(p);",
    'path-traversal @3',
  ),
  nodeHandler(
    'a path whose beginning is compared before it is resolved',
    "const root = '/srv/'; if (q.slice(0, root.length) !== root) return; fs.readFileSync(q);",
    'path-traversal @3',
  ),
  nodeHandler(
    'a path whose middle is compared',
    "const root = '/srv/'; const p = path.resolve(root, q); if (p.slice(1, root.length) !== root) return; fs.readFileSync(p);",
    'path-traversal @3',
  ),
  nodeHandler(
    'a path that is checked in its absolute form',
    "const p = '/srv/' + q; if (!path.resolve(p).startsWith('/srv/')) return; fs.readFileSync(p);",
  ),
  {
    name: 'containment by a package',
    files: {
      'app.js':
        "const inside = require('path-is-inside'); const isPathInside = require('is-path-inside'); const fs = require('fs'); const path = require('path');\n" +
        "require('http').createServer((req, res) => {\n" +
        "const p = path.join('/srv', req.url); if (inside(p, '/srv')) fs.readFileSync(p);\n" +
        "if (inside(req.url, '/srv')) fs.readFileSync(req.url);\n" +
        "const u = '/srv' + req.url; if (isPathInside(u, '/srv')) fs.readFileSync(u);\n" +
        '});\n',
    },
    findings: ['path-traversal app.js:4'],
  },
  expressApp(
    'markup escaped through a table',
    "const map = { '&': '&amp;', '<': '&lt;' }; res.send('<b>' + req.query.a.replace(/[&<>\"']/g, (c) => map[c]) + '</b>');",
  ),
  expressApp(
    'only some markup escaped',
    "const map = { '&': '&amp;' }; res.send('<b>' + req.query.a.replace(/[&]/g, (c) => map[c]) + '</b>');",
    'cross-site-scripting @3',
  ),
  expressApp(
    'a password hashed by a broken algorithm',
    "crypto.createHash('md5').update(req.body.password).digest('hex');",
    'weak-hash @3',
  ),
  expressApp('a password hashed well', "crypto.createHash('sha256').update(req.body.password).digest('hex');"),
  expressApp('a checksum of a file', "crypto.createHash('md5').update(fs.readFileSync('a')).digest('hex');"),
  expressApp(
    'a token that can be guessed',
    "req.session.token = Math.random().toString(36); res.cookie('sid', Math.random().toString(36), { secure: true });",
    'weak-randomness @3',
  ),
  expressApp('numbers that nobody has to guess', 'const delay = Math.random() * 100; const o = {}; o.delay = delay;'),
  expressApp('a cookie without the flag', "res.cookie('a', 'b');", 'insecure-cookie @3'),
  expressApp('a cookie with the flag off', "res.cookie('a', 'b', { secure: false });", 'insecure-cookie @3'),
  expressApp('a cookie with options of elsewhere', "res.cookie('a', 'b', options); res.cookie('a', '', {});"),
  expressApp(
    'XML with entities',
    "require('libxmljs').parseXml(req.body, { noent: true });",
    'xml-external-entities @3',
  ),
  expressApp('XML without entities', "require('libxmljs').parseXml(req.body, { noent: false });"),
  flaskView('a broken hash', 'import hashlib\nhashlib.md5(q.encode())', 'weak-hash @7'),
  flaskView('a broken hash by name', "import hashlib\nh = hashlib.new('SHA1')\nh.update(q.encode())", 'weak-hash @8'),
  flaskView(
    'a hash that is no protection',
    'import hashlib\nhashlib.md5(q.encode(), usedforsecurity=False)\nh = hashlib.md5(usedforsecurity=False)\nh.update(q.encode())',
  ),
  flaskView(
    'a token that can be guessed',
    "import random\nsession['token'] = str(random.randint(0, 9))",
    'weak-randomness @7',
  ),
  flaskView(
    'a token from the system',
    "import random, secrets\nsession['token'] = secrets.token_hex()\nsession['t'] = random.SystemRandom().random()",
  ),
  flaskView('a random colour', "import random\nstyle = {}\nstyle['colour'] = random.choice(['a', 'b'])"),
  flaskView(
    'cookies',
    "from flask import make_response\nr = make_response('a')\nr.set_cookie('a', 'b', secure=False)\nr.set_cookie('a', 'b', secure=True)\nr.set_cookie('a', 'b', **options)\nr.set_cookie('a', '', secure=False)",
    'insecure-cookie @8',
  ),
  flaskView(
    'entities switched on',
    'import xml.sax, xml.sax.handler, xml.dom.minidom\np = xml.sax.make_parser()\nxml.dom.minidom.parseString(q, p)\np.setFeature(xml.sax.handler.feature_external_ges, True)\nxml.dom.minidom.parseString(q, p)',
    'xml-external-entities @10',
  ),
  flaskView(
    'entities resolved by lxml',
    'import lxml.etree\nlxml.etree.fromstring(q, lxml.etree.XMLParser(resolve_entities=True))\nlxml.etree.fromstring(q, lxml.etree.XMLParser(resolve_entities=False))',
    'xml-external-entities @7',
  ),
  flaskView(
    'a text that grows',
    "import io\nb = io.StringIO('a')\nb.write('b')\nos.system(b.getvalue())\nb.write(q)\nos.system(b.getvalue())",
    'command-injection @11',
  ),
  flaskView(
    'options by section',
    "import configparser\nc = configparser.ConfigParser()\nc.add_section('s')\nc.set('s', 'a', 'x')\nc.set('s', 'b', q)\nos.system(c.get('s', 'a'))\nos.system(c.get('s', 'b'))\nos.system(c.get('s', 'z', fallback='x'))",
    'command-injection @12',
  ),
  flaskView(
    'options by unknown section',
    "import configparser\nc = configparser.ConfigParser()\nc.set(unknown(), 'a', q)\nos.system(c.get('s', 'a'))\nd = configparser.ConfigParser()\nd.set('s', 'a', q)\nos.system(d.get('s', unknown()))",
    'command-injection @9',
    'command-injection @12',
  ),
  flaskView(
    'a quoted literal',
    'if not q.startswith("\'") or not q.endswith("\'") or "\'" in q[1:-1]:\n    return \'no\'\neval(q)',
  ),
  flaskView('a half-quoted text', "if \"'\" in q[1:]:\n    return 'no'\neval(q)", 'code-injection @8'),
  {
    name: 'a package without __init__.py',
    files: {
      'lib/shell.py': 'import os\ndef run(x):\n    os.system(x)\n',
      'web/app.py':
        'from flask import request\nimport lib.shell\nfrom lib import shell as other\ndef init(app):\n    @app.route("/")\n    def view():\n        lib.shell.run(request.args["q"])\n        other.run("ls")\n',
    },
    findings: ['command-injection lib/shell.py:3'],
  },
];

describe('evidence', () => {
  it.each(cases)('$name', async ({ files, findings }) => {
    const report = await scan(createMemoryTree(files));
    const found = report.findings.map((finding) => `${finding.rule} ${finding.file}:${finding.line}`);
    expect([...new Set(found)].sort()).toEqual([...findings].sort());
    expect(report.complete).toBe(true);
  });
});

describe('many instances', () => {
  it('keep what their constructor stored, each its own', async () => {
    const calls = Array.from({ length: 60 }, (_, index) => `    Box(${index}, ${index === 59 ? 'q' : "'ls'"}).run()\n`);
    const { files } = flaskView('many', 'pass');
    const text = `import os\nclass Box:\n    def __init__(self, n, v):\n        self.v = v\n    def run(self):\n        os.system(self.v)\n${files['app.py']}${calls.join('')}`;
    const { findings } = await scan(createMemoryTree({ 'app.py': text }));
    expect(findings.map(({ rule, line }) => `${rule} ${line}`)).toEqual(['command-injection 6']);
  });
});

describe('one huge function', () => {
  it('is named as over budget instead of filling the memory', async () => {
    const text = `function f(x) {${'if(x){x=x+1}else{x=1+x}\n'.repeat(20_000)}}\nf(g());`;
    const before = process.memoryUsage().rss;
    const report = await scan(createMemoryTree({ 'a.js': text }));
    expect(report.coverage.skipped.map(({ code }) => code)).toEqual(['budget']);
    expect(process.memoryUsage().rss - before).toBeLessThan(900_000_000);
  });
});
