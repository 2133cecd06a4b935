import { posix, win32 } from 'node:path';
import type { Terminal } from './terminal.js';

/** Where Trocar keeps its state: `$TROCAR_HOME`, else the platform's folder for state. Never the user's tree. */
export function findHome({ environment, platform, workingFolder }: Terminal): string {
  const path = platform === 'win32' ? win32 : posix;
  const own = environment.TROCAR_HOME;
  if (own) return path.resolve(workingFolder, own);
  const user = environment.HOME ?? environment.USERPROFILE ?? workingFolder;
  if (platform === 'win32') return path.join(environment.LOCALAPPDATA ?? path.join(user, 'AppData', 'Local'), 'trocar');
  if (platform === 'darwin') return path.join(user, 'Library', 'Application Support', 'trocar');
  const state = environment.XDG_STATE_HOME;
  return path.join(state && path.isAbsolute(state) ? state : path.join(user, '.local', 'state'), 'trocar');
}
