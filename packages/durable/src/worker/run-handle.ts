import type { JsonValue } from '@trocar/core';
import type { MachineState } from '../replay/run-machine.js';
import type { RunHandle, Settlement } from './engine.js';

type Closed<Output> = Exclude<Settlement<Output>, { status: 'waiting' }>;

/** A handle whose state is told to it. */
export interface DrivenHandle extends RunHandle {
  /** Looks at the run's state and resolves whoever waits for it. */
  update(): void;
  /** How many callers wait for the run. */
  readonly waiters: number;
}

/** The handle of a run whose state `read` gives; `awaited` is told when somebody starts to wait. */
export function createRunHandle(runId: string, read: () => MachineState, awaited: () => void): DrivenHandle {
  let settledWaiters: ((settlement: Settlement) => void)[] = [];
  let closedWaiters: ((settlement: Closed<JsonValue>) => void)[] = [];
  return {
    runId,
    get waiters() {
      return settledWaiters.length + closedWaiters.length;
    },
    settled() {
      const settlement = toSettlement(read());
      if (settlement !== undefined) return Promise.resolve(settlement);
      awaited();
      return new Promise((resolve) => settledWaiters.push(resolve));
    },
    closed() {
      const settlement = toSettlement(read());
      if (settlement !== undefined && settlement.status !== 'waiting') return Promise.resolve(settlement);
      awaited();
      return new Promise((resolve) => closedWaiters.push(resolve));
    },
    update() {
      const settlement = toSettlement(read());
      if (settlement === undefined) return;
      for (const resolve of settledWaiters) resolve(settlement);
      settledWaiters = [];
      if (settlement.status === 'waiting') return;
      for (const resolve of closedWaiters) resolve(settlement);
      closedWaiters = [];
    },
  };
}

function toSettlement(state: MachineState): Settlement | undefined {
  switch (state.status) {
    case 'moving':
      return undefined;
    case 'halted':
      return { status: 'failed', problem: state.problem };
    default:
      return state;
  }
}
