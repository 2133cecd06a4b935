import type { JournalEntry, RunSummary } from '@trocar/durable';
import { addUsage, type Usage } from '@trocar/plane';
import { z } from 'zod';
import type { RunStanding } from './plane-steps.js';

const recordedUsageSchema = z.object({
  attributes: z.object({
    receipt: z.object({
      used: z.object({
        fuelUnits: z.number().optional(),
        wallMs: z.number().optional(),
        peakMemoryBytes: z.number().optional(),
      }),
    }),
  }),
});

/** What a run has used and who asked for it, read from its entries; so it is the same after a crash. */
export function standingOf(run: { summary: RunSummary; entries: readonly JournalEntry[] }): RunStanding {
  let used: Usage = {};
  for (const { kind, content } of run.entries) {
    if (kind !== 'step-completed') continue;
    const recorded = recordedUsageSchema.safeParse(content);
    if (recorded.success) used = addUsage(used, recorded.data.attributes.receipt.used);
  }
  return { identity: run.summary.identity, used };
}
