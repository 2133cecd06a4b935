import { z } from 'zod';

/** A digest as `@trocar/core` writes it. */
export const digestSchema = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);

/** A path below a root, with forward slashes. */
export const relativePathSchema = z
  .string()
  .min(1)
  .max(4_096)
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\0'), {
    message: 'has to be a path below the root',
  });

/** Edits over several files that belong together. */
export const changeSetSchema = z.object({
  files: z.array(
    z.object({
      path: relativePathSchema,
      before: z.union([digestSchema, z.literal('absent')]),
      after: digestSchema,
      edits: z.array(z.object({ start: z.int().nonnegative(), end: z.int().nonnegative(), text: z.string() })),
    }),
  ),
});

/** One changed file as people look at it. */
export const fileDiffSchema = z.object({
  file: z.string(),
  added: z.int().nonnegative().describe('lines'),
  removed: z.int().nonnegative().describe('lines'),
  diff: z.string().describe('unified diff'),
});

/** One changed file as people look at it. */
export type FileDiff = z.infer<typeof fileDiffSchema>;
