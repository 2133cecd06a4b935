/**
 * Who asks: `local:NAME` for a user of this machine, `agent:NAME` for a client that a local user connected, or a SPIFFE
 * identity (`spiffe://TRUST-DOMAIN/PATH`).
 */
export type Identity = `local:${string}` | `agent:${string}` | `spiffe://${string}`;

/** Whether `value` has one of the forms of an {@link Identity}: at most 300 characters, no white space. */
export function isIdentity(value: unknown): value is Identity {
  return typeof value === 'string' && value.length <= 300 && /^(local:|agent:|spiffe:\/\/)[^\s\p{Cc}*]+$/u.test(value);
}

/**
 * Whether `identity` is covered by `pattern`: the same text, or a prefix that ends in `*`.
 *
 * A lone `*` covers nobody: an operator has to name at least a kind of identity.
 */
export function isIdentityCovered(identity: string, pattern: string): boolean {
  if (!pattern.endsWith('*')) return identity === pattern;
  return pattern.length > 1 && identity.startsWith(pattern.slice(0, -1));
}
