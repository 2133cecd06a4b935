import { elapsed } from 'trocar:clock';
import { call } from 'trocar:host';
import { format, inspect } from 'trocar:inspect';

let indent = '';
const counts = new Map();
const marks = new Map();

function write(stream, args) {
  const text = format(...args);
  call('write', [stream, `${indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`)}\n`]);
}

export const console = {
  log: (...args) => write(1, args),
  info: (...args) => write(1, args),
  debug: (...args) => write(1, args),
  error: (...args) => write(2, args),
  warn: (...args) => write(2, args),
  trace: (...args) => write(2, ['Trace:', ...args]),
  dir: (value, options) => write(1, [inspect(value, options)]),
  dirxml: (...args) => write(1, args),
  table: (value) => write(1, [value]),
  assert(condition, ...args) {
    if (!condition) write(2, args.length === 0 ? ['Assertion failed'] : ['Assertion failed:', ...args]);
  },
  group(...args) {
    if (args.length > 0) write(1, args);
    indent += '  ';
  },
  groupEnd() {
    indent = indent.slice(2);
  },
  count(label = 'default') {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    write(1, [`${label}: ${counts.get(label)}`]);
  },
  countReset: (label = 'default') => counts.delete(label),
  time: (label = 'default') => marks.set(label, elapsed()),
  timeLog: (label = 'default') => write(1, [`${label}: ${elapsed() - (marks.get(label) ?? 0)}ms`]),
  timeEnd(label = 'default') {
    write(1, [`${label}: ${elapsed() - (marks.get(label) ?? 0)}ms`]);
    marks.delete(label);
  },
};
console.groupCollapsed = console.group;
