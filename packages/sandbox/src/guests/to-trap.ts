import type { FuelTank } from '../host/fuel-tank.js';
import type { Trap } from '../outcome.js';
import { GuestException } from './guest-exception.js';

const longestMessage = 4_000;

/**
 * Says why a guest stopped. What the tank says goes first: a guest whose fuel is gone fails in many ways.
 *
 * The engine's traps name no paths; of other errors only the message of the guest's own kind passes.
 */
export function toTrap(error: unknown, tank: FuelTank | undefined, wantedMoreMemory = false): Trap {
  if (tank !== undefined) {
    if (tank.isEmpty) return { kind: 'fuel', message: 'The fuel is used up.' };
    if (tank.isStackExhausted) return { kind: 'depth', message: 'The stack is used up.' };
  }
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return { kind: 'depth', message: 'The stack is used up.' };
  const message = error instanceof Error ? error.message.slice(0, longestMessage) : 'The guest threw a value.';
  if (wantedMoreMemory) return { kind: 'memory', message };
  const isGuests = [GuestException, WebAssembly.RuntimeError, WebAssembly.Exception].some(
    (type) => error instanceof type,
  );
  if (isGuests) return { kind: 'guest', message };
  return { kind: 'host', message: 'The sandbox failed while it ran this guest.' };
}
