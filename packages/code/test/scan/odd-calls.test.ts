import { describe, expect, it } from 'vitest';
import { createMemoryTree, scan } from '../../src/index.js';

const methods = [
  ...['at', 'charAt', 'concat', 'copyWithin', 'endsWith', 'entries', 'every', 'exec', 'fill', 'filter', 'find'],
  ...['findIndex', 'findLast', 'flat', 'flatMap', 'forEach', 'get', 'getAll', 'has', 'includes', 'indexOf', 'join'],
  ...['keys', 'map', 'match', 'matchAll', 'normalize', 'padEnd', 'padStart', 'pop', 'push', 'reduce', 'reduceRight'],
  ...['repeat', 'replace', 'replaceAll', 'reverse', 'set', 'add', 'delete', 'shift', 'slice', 'some', 'sort', 'splice'],
  ...['split', 'startsWith', 'substring', 'substr', 'test', 'then', 'catch', 'finally', 'toLowerCase', 'toString'],
  ...['toUpperCase', 'trim', 'unshift', 'values', 'valueOf', 'call', 'apply', 'bind', 'append', 'toJSON', 'update'],
];

const functions = [
  ...['Object.assign', 'Object.create', 'Object.defineProperty', 'Object.entries', 'Object.freeze', 'Object.keys'],
  ...['Object.fromEntries', 'Object.values', 'Array.from', 'Array.of', 'Array.isArray', 'JSON.parse', 'JSON.stringify'],
  ...['String', 'Number', 'Boolean', 'parseInt', 'parseFloat', 'encodeURIComponent', 'decodeURIComponent', 'Symbol'],
  ...['Promise.all', 'Promise.resolve', 'Promise.race', 'Promise.allSettled', 'structuredClone', 'Buffer.from'],
  ...['Buffer.concat', 'path.join', 'path.resolve', 'path.basename', 'path.normalize', 'path.relative', 'util.format'],
  ...['util.promisify', 'new Map', 'new Set', 'new Array', 'new URL', 'new URLSearchParams', 'new RegExp', 'new Error'],
  ...['Reflect.get', 'Reflect.set', 'Reflect.ownKeys', 'String.raw', 'Math.max', 'Date.now', 'console.log'],
];

const receivers = ['q', 'list', 'record', 'map', 'set', 'pattern', 'missing', "'text'", '[q, 1]', 'callback', 'buffer'];

/** A server in which `lines` stand between the entry of a query parameter and a command line made of it. */
function serverWith(lines: readonly string[]): string {
  return `import { exec } from 'node:child_process';
import { createServer } from 'node:http';
import path from 'node:path';
import util from 'node:util';
createServer((req, res) => {
  const q = new URL(req.url, 'http://localhost').searchParams.get('q');
  const rest = globalThis.unknownThings;
  const callback = (value, ...others) => value;
  const list = [q, 'a', { b: q }], record = { a: q, 'b': [1] }, map = new Map([['k', q]]), set = new Set([q]);
  const pattern = /a(b)?/gm, buffer = Buffer.from('abc'), missing = undefined;
${lines.map((line) => `  try { ${line} } catch {}`).join('\n')}
  exec('convert ' + q);
}).listen(0);
`;
}

async function commandFindings(files: Record<string, string>) {
  const report = await scan(createMemoryTree(files));
  expect(report.complete, JSON.stringify(report.coverage.skipped)).toBe(true);
  const again = await scan(createMemoryTree(files));
  expect(again).toEqual(report);
  return report.findings.filter(({ cwe }) => cwe === 'CWE-78');
}

describe('built-ins that are called in odd ways', () => {
  const argumentLists = [
    '',
    'q',
    '...rest',
    "'a', q",
    'callback',
    'callback, q',
    'pattern, callback',
    '0, 1, q',
    '...list',
  ];

  it.each(argumentLists)('do not disturb the analysis of JavaScript: methods with (%s)', async (given) => {
    for (const receiver of receivers) {
      const lines = methods.map((method) => `${receiver}.${method}(${given});`);
      const findings = await commandFindings({ 'server.js': serverWith(lines) });
      expect(
        findings.some(({ message }) => message.includes('command line')),
        receiver,
      ).toBe(true);
    }
  });

  it.each([...argumentLists, 'record, map', 'list, callback', 'record, q, { value: q }', '[[q, q]]', "'a', '..', 'b'"])(
    'do not disturb the analysis of JavaScript: functions with (%s)',
    async (given) => {
      const lines = functions.map(
        (name, index) => `const made${index} = ${name}(${given}); made${index}?.a; made${index}?.[q];`,
      );
      const findings = await commandFindings({ 'server.js': serverWith(lines) });
      expect(findings.length).toBeGreaterThan(0);
    },
  );

  it.each(['', 'q', '*rest', "'a', q", 'key=q', '**rest', 'str, q', '0, q', '[q], q', 'lambda value: value, [q]'])(
    'do not disturb the analysis of Python: (%s)',
    async (given) => {
      const names = [
        ...[
          'str',
          'int',
          'len',
          'list',
          'dict',
          'set',
          'tuple',
          'sorted',
          'reversed',
          'enumerate',
          'zip',
          'map',
          'filter',
        ],
        ...[
          'sum',
          'max',
          'min',
          'any',
          'all',
          'isinstance',
          'getattr',
          'setattr',
          'hasattr',
          'repr',
          'format',
          'print',
        ],
        ...['iter', 'next', 'range', 'abs', 'bytes', 'chr', 'ord', 'type', 'super', 'vars', 'hash', 'id', 'round'],
        ...['os.path.join', 'os.path.abspath', 'os.path.basename', 'os.path.normpath', 'json.loads', 'json.dumps'],
        ...[
          'urllib.parse.quote',
          'urllib.parse.unquote',
          're.sub',
          're.match',
          're.compile',
          'html.escape',
          'copy.copy',
        ],
      ];
      const members = [
        ...[
          'append',
          'copy',
          'count',
          'decode',
          'encode',
          'endswith',
          'extend',
          'find',
          'format',
          'get',
          'index',
          'insert',
        ],
        ...[
          'items',
          'join',
          'keys',
          'lower',
          'partition',
          'pop',
          'popitem',
          'remove',
          'replace',
          'rsplit',
          'setdefault',
        ],
        ...[
          'sort',
          'split',
          'splitlines',
          'startswith',
          'strip',
          'title',
          'translate',
          'update',
          'upper',
          'values',
          'zfill',
        ],
      ];
      const calls = [
        ...names.map((name) => `${name}(${given})`),
        ...members.flatMap((name) =>
          ['q', 'things', 'record', "'text'", 'nothing'].map((on) => `${on}.${name}(${given})`),
        ),
      ];
      const program = `import copy, html, json, os, re, urllib.parse
from urllib.parse import parse_qs
from unknown_package import rest, nothing

def application(environ, start_response):
    q = parse_qs(environ['QUERY_STRING']).get('q', [''])[0]
    things = [q, 'a', {'b': q}]
    record = {'a': q, 'b': [1]}
${calls.map((call) => `    try:\n        made = ${call}\n        made[0]\n    except Exception:\n        pass`).join('\n')}
    os.system('convert ' + q)
    return []
`;
      expect((await commandFindings({ 'app.py': program })).length).toBeGreaterThan(0);
    },
  );
});
