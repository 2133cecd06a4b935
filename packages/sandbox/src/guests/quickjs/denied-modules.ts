/**
 * Modules of Node that open doors to the machine. A guest may import them by name, so that code which merely imports
 * them loads; every call throws and is remembered. Names ending in `()` make servers, which throw when they listen.
 */
export const deniedModules: Readonly<Record<string, readonly string[]>> = {
  child_process: ['ChildProcess', 'exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'],
  cluster: ['fork', 'setupPrimary', 'disconnect'],
  dgram: ['createSocket', 'Socket'],
  dns: ['lookup', 'resolve', 'resolve4', 'resolve6', 'reverse', 'promises'],
  'dns/promises': ['lookup', 'resolve', 'resolve4', 'resolve6', 'reverse'],
  http2: ['connect', 'createServer()', 'createSecureServer()'],
  https: ['Agent', 'createServer()', 'get', 'request', 'Server', 'globalAgent'],
  inspector: ['open', 'close', 'url', 'Session'],
  net: ['connect', 'createConnection', 'createServer()', 'isIP', 'isIPv4', 'isIPv6', 'Server', 'Socket'],
  readline: ['createInterface', 'clearLine', 'cursorTo', 'Interface'],
  'readline/promises': ['createInterface', 'Interface'],
  repl: ['start'],
  tls: ['connect', 'createServer()', 'createSecureContext', 'TLSSocket'],
  v8: ['deserialize', 'getHeapStatistics', 'serialize', 'setFlagsFromString', 'writeHeapSnapshot'],
  vm: ['createContext', 'isContext', 'runInContext', 'runInNewContext', 'runInThisContext', 'Script'],
  wasi: ['WASI'],
  worker_threads: ['BroadcastChannel', 'MessageChannel', 'MessagePort', 'Worker', 'parentPort', 'workerData'],
};

/** The source of a denied module. */
export function createDeniedSource(name: string): string {
  const lines = ["import { createDenied, createDeniedServer } from 'trocar:denied';"];
  const names: string[] = [];
  for (const entry of deniedModules[name] ?? []) {
    const server = entry.endsWith('()');
    const bare = server ? entry.slice(0, -2) : entry;
    names.push(bare);
    lines.push(`export const ${bare} = ${server ? 'createDeniedServer' : 'createDenied'}('${name}.${entry}');`);
  }
  lines.push(`export default { ${names.join(', ')} };`);
  return lines.join('\n');
}
