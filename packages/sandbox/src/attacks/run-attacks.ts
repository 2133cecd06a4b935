import type { Sandbox } from '../sandbox.js';
import type { Attack, AttackVerdict } from './attack.js';
import { javascriptAttacks } from './javascript-attacks.js';
import { wasmAttacks } from './wasm-attacks.js';

/** All attacks that this package knows, in a fixed order. */
export function listAttacks(): readonly Attack[] {
  return [...wasmAttacks, ...javascriptAttacks];
}

/** Tries every attack on `sandbox`, one after the other. An attack that makes the sandbox itself fail is not ok. */
export async function runAttacks(sandbox: Sandbox): Promise<readonly AttackVerdict[]> {
  const verdicts: AttackVerdict[] = [];
  for (const { name, what, expected, attempt } of listAttacks()) {
    const observed = await attempt(sandbox).catch((error: unknown) => `sandbox failed: ${String(error)}`);
    verdicts.push({ name, what, expected, observed, ok: observed === expected });
  }
  return verdicts;
}
