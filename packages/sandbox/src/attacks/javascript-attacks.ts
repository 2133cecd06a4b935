import type { GuestLimits } from '../limits.js';
import type { Attack } from './attack.js';

const limits: Partial<GuestLimits> = { fuelUnits: 400_000_000, memoryBytes: 32 * 1024 * 1024, wallMs: 20_000 };

/** `body` is the body of an async function whose result is what was observed. */
function attackWith(name: string, what: string, expected: string, body: string): Attack {
  const source = new TextEncoder().encode(`export async function run() {${body}\n}`);
  return {
    name,
    what,
    expected,
    attempt: async (sandbox) => {
      const { values, trap } = await sandbox.runJavaScript({
        files: new Map([['attack.mjs', source]]),
        entry: 'attack.mjs',
        invoke: 'run',
        limits,
      });
      if (trap !== undefined) return `trap: ${trap.kind}`;
      return typeof values[0] === 'string' ? values[0] : JSON.stringify(values[0] ?? null);
    },
  };
}

const codeOf = (expression: string) =>
  `try { ${expression}; return 'it worked'; } catch (error) { return error.code ?? error.name; }`;

/** Attacks with JavaScript programs. */
export const javascriptAttacks: readonly Attack[] = [
  attackWith(
    'swallowed-stop',
    'spins inside try and catch, so as to swallow the stop',
    'trap: fuel',
    'for (;;) { try { for (;;); } catch {} }',
  ),
  attackWith(
    'hungry-pattern',
    'matches a regular expression of exponential cost',
    'trap: fuel',
    "return /^(a+)+$/.test('a'.repeat(60) + 'b') + '';",
  ),
  attackWith(
    'heap-bomb',
    'allocates until there is no memory',
    'trap: memory',
    'const kept = []; for (;;) kept.push(new Uint8Array(1 << 20));',
  ),
  attackWith(
    'read-host-file',
    "reads a file of the host's",
    'ENOENT',
    `const fs = await import('node:fs'); ${codeOf("fs.readFileSync('/etc/passwd')")}`,
  ),
  attackWith(
    'leave-by-dots',
    'climbs out of the project by ..',
    'ENOENT',
    `const fs = await import('node:fs'); ${codeOf("fs.readFileSync('/project/../../../../../etc/passwd')")}`,
  ),
  attackWith(
    'leave-by-link',
    'makes a link that points outside and reads through it',
    'ENOENT',
    `const fs = await import('node:fs'); fs.symlinkSync('/etc/passwd', '/tmp/out'); ${codeOf("fs.readFileSync('/tmp/out')")}`,
  ),
  attackWith(
    'start-process',
    'starts a process',
    'ERR_ACCESS_DENIED',
    `const cp = await import('node:child_process'); ${codeOf("cp.execSync('id')")}`,
  ),
  attackWith(
    'open-socket',
    'opens a connection',
    'ERR_ACCESS_DENIED',
    `const net = await import('node:net'); ${codeOf("net.connect(80, '169.254.169.254')")}`,
  ),
  attackWith(
    'fetch-metadata',
    'fetches the address where clouds keep credentials',
    'ERR_ACCESS_DENIED',
    codeOf("await fetch('http://169.254.169.254/')"),
  ),
  attackWith(
    'reach-constructor',
    'climbs from a host function to the constructor of host code',
    'guest',
    'const make = process.stdout.write.constructor; return make(\'return typeof this.process.binding === "undefined" && this === globalThis ? "guest" : "host"\')();',
  ),
  attackWith(
    'read-environment',
    "looks for the host's environment",
    'NODE_ENV,TZ',
    "return Object.keys(process.env).sort().join(',');",
  ),
  attackWith(
    'measure-time',
    'measures time finely, to read side channels',
    '0',
    'const start = performance.now(); let n = 0; for (let i = 0; i < 1e5; i += 1) n += i; return String(performance.now() - start + Date.now() - Date.now());',
  ),
  attackWith(
    'read-host-paths',
    'looks for paths of the host in a stack trace',
    'guest paths only',
    "const stack = new Error('x').stack; return /(file:|node_modules|\\.ts|dist\\/)/.test(stack) ? stack : 'guest paths only';",
  ),
  {
    name: 'pollute-host',
    what: 'returns an object whose keys reach for prototypes',
    expected: 'host untouched',
    attempt: async (sandbox) => {
      const keys = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
      const source = new TextEncoder().encode(`export const run = () => JSON.parse('${keys}');`);
      const call = { files: new Map([['attack.mjs', source]]), entry: 'attack.mjs', invoke: 'run', limits };
      const { trap } = await sandbox.runJavaScript(call);
      if (trap !== undefined) return `trap: ${trap.kind}`;
      return 'polluted' in {} ? 'host polluted' : 'host untouched';
    },
  },
];
