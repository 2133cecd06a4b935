export const EOL = '\n';
export const devNull = '/dev/null';
export const tmpdir = () => '/tmp';
export const homedir = () => '/home/guest';
export const hostname = () => 'guest';
export const platform = () => 'linux';
export const type = () => 'Linux';
export const arch = () => 'wasm32';
export const release = () => '0';
export const endianness = () => 'LE';
export const cpus = () => [{ model: 'guest', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } }];
export const availableParallelism = () => 1;
export const totalmem = () => 128 * 1024 * 1024;
export const freemem = () => 64 * 1024 * 1024;
export const uptime = () => 0;
export const loadavg = () => [0, 0, 0];
export const networkInterfaces = () => ({});
export const userInfo = () => ({ username: 'guest', uid: 0, gid: 0, shell: null, homedir: homedir() });
export const constants = { signals: { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }, errno: {} };
export default {
  arch,
  availableParallelism,
  constants,
  cpus,
  devNull,
  endianness,
  EOL,
  freemem,
  homedir,
  hostname,
  loadavg,
  networkInterfaces,
  platform,
  release,
  tmpdir,
  totalmem,
  type,
  uptime,
  userInfo,
};
