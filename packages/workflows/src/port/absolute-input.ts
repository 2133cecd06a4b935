import { resolve } from 'node:path';
import type { JsonValue } from '@trocar/core';

/** Makes the `path` of an input absolute before it is recorded, so that a run means the same wherever it is resumed. */
export function toAbsoluteInput(workingFolder: string, input: JsonValue): JsonValue {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const { path } = input as { readonly path?: JsonValue };
  return typeof path === 'string' ? { ...input, path: resolve(workingFolder, path) } : input;
}
