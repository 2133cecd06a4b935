/** Memory of a process and its children, sampled through `ps`. */
import { execFile } from 'node:child_process';

const INTERVAL_MS = 100;

/**
 * Starts to watch; `stop` says the most that one process, and that all of them together, held at a sample. Pages that
 * processes share count for each of them.
 * @param {number} rootPid
 */
export function watchMemory(rootPid) {
  let largestBytes = 0;
  let togetherBytes = 0;
  const timer = setInterval(() => {
    execFile('ps', ['-A', '-o', 'pid=,ppid=,rss='], (error, stdout) => {
      if (error) return;
      const sizes = familySizes(rootPid, stdout);
      largestBytes = Math.max(largestBytes, ...sizes);
      togetherBytes = Math.max(
        togetherBytes,
        sizes.reduce((sum, size) => sum + size, 0),
      );
    });
  }, INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      return { largestBytes, togetherBytes };
    },
  };
}

function familySizes(rootPid, listing) {
  const rows = listing
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const family = new Set([rootPid]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const [pid, parent] of rows) if (family.has(parent)) family.add(pid);
  }
  return rows.filter(([pid]) => family.has(pid)).map(([, , kilobytes]) => kilobytes * 1024);
}
