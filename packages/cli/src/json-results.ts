import { attackInstallation, guestReportSchema, scanReportSchema } from '@trocar/tools';
import { operateResultSchema, verifyResultSchema } from '@trocar/workflows';
import { z } from 'zod';

/** The JSON Schema (draft 2020-12) of what each command prints with `--json`, by the name of its file in docs/schemas. */
export function jsonResults(): Readonly<Record<string, object>> {
  return {
    scan: describe('trocar scan --json', scanReportSchema),
    operate: describe('trocar operate --json', operateResultSchema),
    'sandbox-run': describe('trocar sandbox run --json', guestReportSchema),
    verify: describe('trocar verify --json', verifyResultSchema),
    doctor: describe('trocar doctor --json', attackInstallation.output),
  };
}

function describe(title: string, schema: z.ZodType): object {
  return { title, ...z.toJSONSchema(schema) };
}
