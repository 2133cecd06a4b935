/** How every house check ends: what it read, what is wrong, and the exit code. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Prints the verdict of one check and sets the exit code.
 * @param {string} check
 * @param {{ read: string, problems: string[] }} result
 */
export function reportVerdict(check, { read, problems }) {
  for (const problem of problems) process.stdout.write(`${check}: ${problem}\n`);
  process.stdout.write(`${check}: ${read}; ${problems.length === 0 ? 'no problems' : `${problems.length} problems`}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

/**
 * Runs a check on small trees of which each but the clean ones must be refused with the words that belong to it, so that
 * a check that has stopped looking is noticed.
 * @param {string} check
 * @param {{ name: string, files: Record<string, string>, expects: string | undefined }[]} cases
 * @param {(root: string) => { problems: string[] } | Promise<{ problems: string[] }>} run
 */
export async function selfCheck(check, cases, run) {
  const failures = [];
  for (const { name, files, expects } of cases) {
    const root = realpathSync(mkdtempSync(join(tmpdir(), `trocar-${check}-`)));
    try {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
      const { problems } = await run(root);
      const found =
        expects === undefined ? problems.length === 0 : problems.some((problem) => problem.includes(expects));
      if (!found)
        failures.push(`the case "${name}" expected ${expects ?? 'no problem'}, got ${JSON.stringify(problems)}`);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
  reportVerdict(`${check} --self-check`, { read: `${cases.length} cases`, problems: failures });
}
