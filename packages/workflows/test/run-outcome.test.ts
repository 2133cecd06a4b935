import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { outcomeOf, type RecordedRun } from '../src/port/run-outcome.js';

const schema = z.object({ status: z.string() });

function runWith(status: RecordedRun['summary']['status'], rest: object = {}): RecordedRun {
  return {
    summary: {
      runId: 'run-1',
      workflow: 'change',
      version: '1',
      status,
      startedMs: 0,
      updatedMs: 0,
      entries: 1,
      waitingFor: [],
      ...rest,
    },
    entries: [{ runId: 'run-1', seq: 0, atMs: 0, kind: 'run-completed', content: { output: { status: 'applied' } } }],
  } as RecordedRun;
}

describe('outcomeOf', () => {
  it.each([
    ['completed', {}, { standing: 'ended', outcome: { status: 'applied' } }],
    ['waiting', {}, { standing: 'awaiting-approval' }],
    ['running', {}, { standing: 'failed', problem: { code: 'interrupted' } }],
    ['failed', { problem: { code: 'denied', message: 'No.' } }, { standing: 'failed', problem: { code: 'denied' } }],
    ['cancelled', {}, { standing: 'failed', problem: { code: 'cancelled' } }],
  ] as const)('of a run that is %s', (status, rest, outcome) => {
    expect(outcomeOf(runWith(status, rest), schema)).toMatchObject(outcome);
  });
});
