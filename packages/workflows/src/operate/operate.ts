import { defineWorkflow } from '@trocar/durable';
import { editSnapshot, planFixes, scanSnapshot, snapshotTree, testSnapshot } from '@trocar/tools';
import { z } from 'zod';
import { applyGuarded, applyOutcomeSchema, failed } from '../decision/guarded-apply.js';
import { callTool } from '../port/call-tool.js';
import { compareTests } from './verdict.js';

/** How a run of `operate` ended; the rest of its answer is read from its steps. */
export const operateOutcomeSchema = z.object({
  status: z.enum(['applied', 'nothing-to-do', 'incomplete', 'failed']),
  problem: applyOutcomeSchema.shape.problem,
});

/**
 * Trocar's main job: look at a folder, plan fixes, edit a copy, prove it, ask, apply.
 *
 * Everything up to the approval works on a snapshot in the journal; the folder is read once and written once.
 */
export const operate = defineWorkflow(
  {
    name: 'operate',
    version: '1',
    input: z.strictObject({
      root: z.string().min(1),
      /** Who approved whatever the run will propose, before it was started. */
      approvedBy: z.string().optional(),
    }),
    output: operateOutcomeSchema,
  },
  async (context, { root, approvedBy }): Promise<z.infer<typeof operateOutcomeSchema>> => {
    const { snapshot } = await callTool(context, snapshotTree, { root });
    const before = await callTool(context, scanSnapshot, { root, snapshot });
    if (before.findings.length === 0) return { status: before.complete ? 'nothing-to-do' : 'incomplete' };

    const plan = await callTool(context, planFixes, { root, snapshot, findings: before.findings });
    if (plan.changes.files.length === 0) return { status: 'incomplete' };
    const edited = await callTool(context, editSnapshot, { root, snapshot, changes: plan.changes });

    const after = await callTool(context, scanSnapshot, { root, snapshot: edited.snapshot });
    const knownIds = new Set(before.findings.map(({ id }) => id));
    const added = after.findings.filter(({ id }) => !knownIds.has(id));
    if (added.length > 0) {
      return failed('fix-adds-finding', `The fixes would bring ${added.length} new findings, so they were dropped.`);
    }

    // One after the other, so that the second gets what the first has left of the budget.
    const testsBefore = await callTool(context, testSnapshot, { root, snapshot });
    const testsAfter = await callTool(context, testSnapshot, { root, snapshot: edited.snapshot });
    if (compareTests(testsBefore, testsAfter) === 'no') {
      return failed('tests-fail', 'Tests that passed before the change do not pass after it, so it was dropped.');
    }
    return applyGuarded(context, { root, snapshot: edited.snapshot, changes: plan.changes }, approvedBy);
  },
);
