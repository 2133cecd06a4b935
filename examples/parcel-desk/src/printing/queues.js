import { exec } from 'node:child_process';

/** The printers that the machine behind the counter knows, by name. */
export function listQueues() {
  return new Promise((listed, failed) => {
    exec('lpstat -e | sort', (error, stdout) => {
      if (error) failed(error);
      else listed(stdout.split('\n').filter((line) => line !== ''));
    });
  });
}
