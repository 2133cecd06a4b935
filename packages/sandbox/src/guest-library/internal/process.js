import { EventEmitter } from 'node:events';
import { elapsed } from 'trocar:clock';
import { createDeniedError } from 'trocar:errors';
import { call } from 'trocar:host';

const createStream = (fd) =>
  Object.assign(new EventEmitter(), {
    fd,
    isTTY: false,
    writable: true,
    columns: 80,
    write(text, ...rest) {
      call('write', [fd, typeof text === 'string' ? text : String(text)]);
      const done = rest.find((value) => typeof value === 'function');
      if (done !== undefined) queueMicrotask(done);
      return true;
    },
    end(text) {
      if (text !== undefined) this.write(text);
    },
  });

const hrtime = (since) => {
  const nowMs = elapsed();
  const time = [Math.floor(nowMs / 1000), (nowMs % 1000) * 1e6];
  if (since === undefined) return time;
  const borrow = time[1] < since[1] ? 1 : 0;
  return [time[0] - since[0] - borrow, time[1] - since[1] + borrow * 1e9];
};
hrtime.bigint = () => BigInt(elapsed()) * 1_000_000n;

let directory = '/project';

export const process = Object.assign(new EventEmitter(), {
  argv: ['/usr/bin/node', '/project'],
  argv0: 'node',
  execPath: '/usr/bin/node',
  execArgv: [],
  env: { TZ: 'UTC', NODE_ENV: 'test' },
  pid: 1,
  ppid: 0,
  platform: 'linux',
  arch: 'wasm32',
  version: 'v20.19.0',
  versions: { node: '20.19.0', quickjs: '2025' },
  release: { name: 'node' },
  title: 'node',
  exitCode: undefined,
  stdout: createStream(1),
  stderr: createStream(2),
  stdin: Object.assign(new EventEmitter(), { fd: 0, isTTY: false, setEncoding() {}, resume() {}, pause() {} }),
  cwd: () => directory,
  chdir(path) {
    directory = call('fs', ['realpath', path]);
  },
  exit(code) {
    call('exit', Number(code ?? process.exitCode ?? 0));
    // The host has taken the fuel away; this loop ends at its first turn.
    for (;;);
  },
  abort: () => process.exit(134),
  uptime: () => elapsed() / 1000,
  hrtime,
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  cpuUsage: () => ({ user: 0, system: 0 }),
  nextTick: (callback, ...args) => queueMicrotask(() => callback(...args)),
  emitWarning: (warning) => call('write', [2, `Warning: ${warning?.message ?? warning}\n`]),
  umask: () => 0o022,
  getuid: () => 0,
  getgid: () => 0,
  kill() {
    throw createDeniedError('process.kill');
  },
  features: {},
  config: {},
});
