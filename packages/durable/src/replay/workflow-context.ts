import type { WorkflowContext } from '../workflow/context.js';
import { createSecretHandle } from '../workflow/secret.js';
import type { RunMachine } from './run-machine.js';

/** The context that workflow code sees: each call claims the next operation of the run. */
export function createWorkflowContext(machine: RunMachine): WorkflowContext {
  const context = {
    runId: machine.runId,
    run: (step: string, input: unknown, options = {}) => machine.claimStep(step, input, options),
    child: (workflow, input) => machine.claimChild(workflow, input) as Promise<never>,
    signal: (name, options) => machine.claimSignal(name, options.schema, options.timeoutMs) as Promise<never>,
    sleep: (durationMs) => machine.claimSleep(durationMs) as Promise<undefined>,
    sleepUntil: (timeMs) => machine.claimTimer(timeMs) as Promise<undefined>,
    now: () => machine.claimValue('now', () => machine.readClock()) as number,
    random: () => machine.claimValue('random', () => toUnitNumber(machine.readRandom(8))) as number,
    uuid: () => machine.claimValue('uuid', () => toUuid(machine.readRandom(16))) as string,
    patch: (id) => machine.claimPatch(id),
    secret: createSecretHandle,
  } as WorkflowContext;
  return Object.freeze(context);
}

/** 53 random bits as a number in [0, 1). */
function toUnitNumber(bytes: Uint8Array): number {
  const bits = Buffer.from(bytes).readBigUInt64BE() >> 11n;
  return Number(bits) / 2 ** 53;
}

/** A version 4 UUID (RFC 9562). */
function toUuid(bytes: Uint8Array): string {
  const copy = Buffer.from(bytes);
  copy[6] = ((copy[6] as number) & 0x0f) | 0x40;
  copy[8] = ((copy[8] as number) & 0x3f) | 0x80;
  const hex = copy.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
