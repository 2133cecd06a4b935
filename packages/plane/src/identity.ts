/**
 * Who asks.
 *
 * `id` is `local:NAME` for a user of this machine, `agent:NAME` for a client that a local user connected, or a SPIFFE
 * identity (`spiffe://TRUST-DOMAIN/PATH`).
 */
export interface Identity {
  readonly id: string;
  /** The face through which the call came. */
  readonly via: 'cli' | 'mcp' | 'api';
}

/**
 * Whether `id` is covered by `pattern`: the same text, or a prefix that ends in `*`.
 *
 * A lone `*` covers nobody: an operator has to name at least a kind of identity.
 */
export function isIdentityCovered(id: string, pattern: string): boolean {
  if (!pattern.endsWith('*')) return id === pattern;
  return pattern.length > 1 && id.startsWith(pattern.slice(0, -1));
}
