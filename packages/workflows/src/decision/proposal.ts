import type { JournalEntry } from '@trocar/durable';
import type { z } from 'zod';
import { proposalSchema, proposeCallStep } from '../port/plane-steps.js';

/** What a run wants to do, and what an approval of it is bound to. */
export type RecordedProposal = z.infer<typeof proposalSchema>;

/** The newest proposal among a run's entries. */
export function findProposal(entries: readonly JournalEntry[]): RecordedProposal | undefined {
  const entry = entries.findLast(({ kind, name }) => kind === 'step-completed' && name === proposeCallStep);
  const parsed = proposalSchema.safeParse(entry?.content.output);
  return parsed.success ? parsed.data : undefined;
}
