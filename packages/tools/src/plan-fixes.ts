import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { toJudgedPath } from './path/canonical-path.js';
import { changeSetSchema, digestSchema } from './result/change.js';
import { findingSchema } from './result/finding.js';
import { openSnapshot } from './snapshot/snapshot.js';
import { toSourceTree } from './snapshot/snapshot-source-tree.js';

const inputSchema = z.strictObject({
  root: z.string().min(1),
  snapshot: digestSchema,
  findings: z.array(findingSchema),
});

const outputSchema = z.object({
  changes: changeSetSchema,
  fixes: z.array(
    z.object({
      finding: z.string(),
      recipe: z.string(),
      explanation: z.string(),
      files: z.array(z.string()),
    }),
  ),
  refused: z.array(z.object({ finding: z.string(), code: z.string(), reason: z.string() })),
});

/** Plans a mechanical fix for each finding that has one. */
export const planFixes = defineContract({
  name: 'plan_fixes',
  description: 'Plans a mechanical fix for each finding, or says why there is none.',
  input: inputSchema,
  output: outputSchema,
});

/** Implements {@link planFixes}. */
export function createPlanFixes({ blobs }: Engines): Tool<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>> {
  return implementTool(planFixes, {
    resources: async ({ root }) => [{ path: await toJudgedPath(root, root), access: 'read' }],
    async execute({ snapshot, findings }) {
      const { initSyntax, languageOf, planRemedies } = await import('@trocar/code');
      const tree = toSourceTree(openSnapshot(blobs, snapshot));
      await initSyntax(new Set(tree.files().flatMap(({ path }) => languageOf(path) ?? [])));
      const plan = await planRemedies(tree, findings);
      const fixes = plan.edits.map(({ finding, recipe, explanation, files }) => ({
        finding,
        recipe,
        explanation,
        files: files.map(({ path }) => path),
      }));
      return { output: outputSchema.parse({ changes: plan.change.changeSet, fixes, refused: plan.refused }) };
    },
  });
}
