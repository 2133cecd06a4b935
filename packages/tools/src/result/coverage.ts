import { z } from 'zod';

/** Why something was not analysed; the codes of the code engine. */
const skipCodeSchema = z.enum([
  'unreadable',
  'too-large',
  'too-many-files',
  'binary-source',
  'invalid-utf8',
  'syntax-error',
  'unsupported-language',
  'budget',
  'nothing-to-analyse',
  'not-source',
  'dependency-folder',
  'symlink',
  'special-file',
]);

/** What was looked at and what was not. */
export const coverageSchema = z.object({
  files: z.int().nonnegative().describe('regular files found'),
  analysed: z.int().nonnegative().describe('files whose code was analysed'),
  skipped: z
    .array(z.object({ file: z.string(), reason: z.string(), code: skipCodeSchema }))
    .describe('what was not analysed, and why'),
});

/** What was looked at and what was not. */
export type Coverage = z.infer<typeof coverageSchema>;
