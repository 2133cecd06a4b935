import type { JsonValue } from '@trocar/core';
import { assertName } from './definition.js';

/** A reference to a secret, as workflows hand it on: the value never comes near them or the journal. */
export interface SecretHandle {
  readonly secret: string;
  readonly [member: string]: JsonValue | undefined;
}

/** The handle for a reference. Code: `name-invalid`. */
export function createSecretHandle(reference: string): SecretHandle {
  assertName('secret', reference);
  return { secret: reference };
}

/** Whether a value has the form of a {@link SecretHandle}. */
export function isSecretHandle(value: JsonValue): value is SecretHandle {
  return typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string';
}
