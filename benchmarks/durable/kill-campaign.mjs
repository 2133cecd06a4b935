// Kills processes on a store at many more seeded moments than the tests do.
// Usage, after a build: node benchmarks/durable/kill-campaign.mjs [kills]
import { spawnSync } from 'node:child_process';

const kills = process.argv[2] ?? '1000';
const { status } = spawnSync('npx', ['vitest', 'run', 'packages/durable/test/crash'], {
  cwd: new URL('../..', import.meta.url),
  env: { ...process.env, TROCAR_KILLS: kills },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
