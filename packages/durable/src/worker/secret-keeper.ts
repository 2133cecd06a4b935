import type { JsonValue, Problem } from '@trocar/core';
import { DurableError } from '../errors.js';
import { isSecretHandle } from '../workflow/secret.js';

/** Hands secrets to one attempt of a step, and keeps them out of everything that the attempt leaves behind. */
export interface SecretKeeper {
  resolve(handle: JsonValue): Promise<string>;
  /** Throws `secret-exposed` when the bytes hold a secret that was resolved. */
  inspect(bytes: Uint8Array | string): void;
  /** The problem with every resolved secret cut out. */
  redact(problem: Problem): Problem;
}

/** A keeper that finds values with `find`. */
export function createSecretKeeper(find: (reference: string) => Promise<string>): SecretKeeper {
  // Each secret as it is and as it stands inside JSON text.
  const values = new Set<string>();
  return {
    async resolve(handle) {
      if (!isSecretHandle(handle)) {
        throw new DurableError('secret-unknown', 'This is no handle that ctx.secret has made.');
      }
      const value = await find(handle.secret);
      values.add(value);
      values.add(JSON.stringify(value).slice(1, -1));
      return value;
    },
    inspect(bytes) {
      if (values.size === 0) return;
      const haystack =
        typeof bytes === 'string' ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (const value of values) {
        if (!haystack.includes(value)) continue;
        throw new DurableError(
          'secret-exposed',
          'The step tried to leave a secret in the record. Return a reference instead.',
        );
      }
    },
    redact(problem) {
      if (values.size === 0) return problem;
      let text = JSON.stringify(problem);
      for (const value of values) text = text.replaceAll(JSON.stringify(value).slice(1, -1), '[secret]');
      return JSON.parse(text) as Problem;
    },
  };
}
