/** Prints what was measured as a table, and writes it as JSON where `--json FILE` asks for it. */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import process from 'node:process';

/**
 * @param {{ what: string, value: number, unit: string, target?: string }[]} results
 * @param {object} [more] details for the JSON alone
 */
export function printReport(results, more = {}) {
  for (const { what, value, unit, target = '' } of results) {
    process.stdout.write(
      `${what.padEnd(52)} ${String(Math.round(value * 10) / 10).padStart(9)} ${unit.padEnd(7)} ${target}\n`,
    );
  }
  const at = process.argv.indexOf('--json');
  if (at < 0) return;
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, load: loadavg()[0] };
  writeFileSync(
    process.argv[at + 1] ?? 'report.json',
    `${JSON.stringify({ machine, results, ...more }, undefined, 2)}\n`,
  );
}

/** The value that a share of all values is below. */
export function percentile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
