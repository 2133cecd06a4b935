/** A client of `trocar mcp` that also sees what the process costs. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

const CLOCK_TICK_MS = 10;

/**
 * Starts a server on a folder.
 * @param {string} program the built command
 * @param {string} folder
 * @param {string} home where the journal goes
 */
export function startServer(program, folder, home) {
  const startedMs = performance.now();
  const env = { ...process.env, TROCAR_HOME: home, NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, 'mcp', folder], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  let lastId = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  const request = (method, params = {}) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params })}\n`);
    });
  return {
    request,
    /** Shakes hands; resolves with how long the process has lived by then. */
    async initialize() {
      const clientInfo = { name: 'benchmark', version: '1' };
      await request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
      return { wallMs: performance.now() - startedMs, cpuMs: cpuMsOf(child.pid) };
    },
    /** User and system time so far. */
    cpuMs: () => cpuMsOf(child.pid),
    /** Resident and peak resident memory, in megabytes (Linux). */
    memoryMb: () => memoryOf(child.pid),
    call: async (name, input) => (await request('tools/call', { name, arguments: input })).structuredContent,
    stop: () =>
      new Promise((resolve) => {
        child.once('close', resolve);
        child.stdin.end();
      }),
  };
}

/** User and system time of a process so far, in steps of 10 ms (Linux). */
function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}
