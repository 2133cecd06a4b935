import type { JsonValue } from '@trocar/core';
import { z } from 'zod';

/** Any JSON value, in the read-only form that `@trocar/core` names. */
export const jsonValueSchema: z.ZodType<JsonValue, JsonValue> = z.custom<JsonValue>(
  (value) => z.json().safeParse(value).success,
);
