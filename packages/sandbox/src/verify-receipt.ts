import { toCanonicalJson } from '@trocar/core';
import type { Receipt } from './receipt.js';

/** What running a call again showed. */
export interface ReceiptVerdict {
  readonly ok: boolean;
  /** Names of the fields in which the new receipt differs from the old one. */
  readonly differences: readonly (keyof Receipt)[];
}

/**
 * Runs a call again and compares its receipt with the one that was given for it. Module, policy, input, output, fuel,
 * memory and host calls all have to be equal. A receipt that is not exact cannot be verified, since time is no fact:
 * `isExact` is then among the differences.
 *
 * `run` makes the same call, for example `() => sandbox.runWasm(call)`. Costs as much as the call itself.
 */
export async function verifyReceipt(
  receipt: Receipt,
  run: () => Promise<{ readonly receipt: Receipt }>,
): Promise<ReceiptVerdict> {
  const again = (await run()).receipt;
  const keys = Object.keys(again).filter((key) => key !== 'isExact') as (keyof Receipt)[];
  const differences = keys.filter(
    (key) => toCanonicalJson({ value: receipt[key] }) !== toCanonicalJson({ value: again[key] }),
  );
  if (receipt.isExact === false || again.isExact === false) differences.push('isExact');
  return { ok: differences.length === 0, differences };
}
