import { process } from 'trocar:process';

export const {
  argv,
  arch,
  chdir,
  cwd,
  emitWarning,
  env,
  execArgv,
  execPath,
  exit,
  hrtime,
  memoryUsage,
  nextTick,
  pid,
  platform,
  release,
  stderr,
  stdin,
  stdout,
  umask,
  uptime,
  version,
  versions,
} = process;
export default process;
