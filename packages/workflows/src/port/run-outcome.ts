import type { JournalEntry, RunSummary } from '@trocar/durable';
import type { z } from 'zod';

/** A run as the journal gives it. */
export interface RecordedRun {
  readonly summary: RunSummary;
  readonly entries: readonly JournalEntry[];
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

/** How a run stands for the one who asked: its own outcome, or why there is none yet. */
export type RunOutcome<Outcome> =
  | { readonly standing: 'ended'; readonly outcome: Outcome }
  | { readonly standing: 'awaiting-approval' }
  | { readonly standing: 'failed'; readonly problem: Problem };

/** Reads the outcome of a run from its entries. */
export function outcomeOf<Outcome>({ summary, entries }: RecordedRun, schema: z.ZodType<Outcome>): RunOutcome<Outcome> {
  switch (summary.status) {
    case 'completed':
      return { standing: 'ended', outcome: schema.parse(entries.at(-1)?.content.output) };
    case 'waiting':
      return { standing: 'awaiting-approval' };
    case 'running':
      return { standing: 'failed', problem: interruption(summary.runId) };
    case 'failed':
    case 'cancelled':
      return {
        standing: 'failed',
        problem: summary.problem ?? { code: summary.status, message: 'No reason was recorded.' },
      };
  }
}

function interruption(run: string): Problem {
  return { code: 'interrupted', message: `The run is not finished. Continue it with trocar resume ${run}.` };
}
