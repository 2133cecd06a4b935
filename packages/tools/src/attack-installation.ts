import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import { runOverlayAttacks } from './attack/overlay-attacks.js';
import type { Engines } from './engines.js';
import { type AttackReport, attackReportSchema } from './result/attack-report.js';

const inputSchema = z.strictObject({});
const outputSchema = z.object({ ok: z.boolean(), attacks: z.array(attackReportSchema) });

/** Attacks this installation's own walls. */
export const attackInstallation = defineContract({
  name: 'attack_installation',
  description: 'Tries to break out of the sandbox and of the overlay, and reports what held.',
  input: inputSchema,
  output: outputSchema,
});

/** Implements {@link attackInstallation}. */
export function createAttackInstallation({
  sandbox,
}: Engines): Tool<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>> {
  return implementTool(attackInstallation, {
    resources: () => [],
    async execute() {
      const { runAttacks } = await import('@trocar/sandbox');
      const guests = await runAttacks(await sandbox());
      const attacks: AttackReport[] = [
        ...guests.map(({ name, what, expected, observed, ok }) => ({
          target: 'sandbox' as const,
          name,
          what,
          expected,
          observed,
          ok,
        })),
        ...(await runOverlayAttacks()),
      ];
      return { output: { ok: attacks.every(({ ok }) => ok), attacks } };
    },
  });
}
