import { execFile } from 'node:child_process';

/** Opens a locker door. The reason ends up in the door's own log, so it is passed on as it was typed. */
export function openDoor(door, reason) {
  return new Promise((opened, failed) => {
    execFile('locker-ctl', ['open', String(door), '--reason', reason], { timeout: 5_000 }, (error) => {
      if (error) failed(error);
      else opened();
    });
  });
}
