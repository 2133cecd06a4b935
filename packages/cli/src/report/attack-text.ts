import type { AttackReport } from '@trocar/tools';
import { type Style, toVisibleLine } from './style.js';

/** What came of each attack on the installation, a line each, and how many were held off. */
export function formatAttacks(attacks: readonly AttackReport[], style: Style): string {
  const width = Math.max(...attacks.map(({ name }) => name.length));
  const lines = attacks.map(({ target, name, what, observed, ok }) => {
    const verdict = ok ? style.good('held  ') : style.bad('BROKEN');
    return `${verdict} ${target} ${name.padEnd(width)}  ${what}: ${toVisibleLine(observed)}`;
  });
  const held = attacks.filter(({ ok }) => ok).length;
  return `${lines.join('\n')}\n${held} of ${attacks.length} attacks held off.\n`;
}
