/** Something a server offers that is different from what clients were told. */
export type Change =
  | { readonly kind: 'tools' }
  | { readonly kind: 'prompts' }
  | { readonly kind: 'resource'; readonly uri: string };

/** Where servers learn of changes. */
export interface ChangeSource {
  /** The kinds that can come at all; only these are announced to clients as something to subscribe to. */
  readonly kinds: ReadonlySet<Change['kind']>;
  /** Calls `listener` for every change until the returned function is called. */
  listen(listener: (change: Change) => void): () => void;
}

/** A {@link ChangeSource} that changes are put into. */
export interface ChangeFeed extends ChangeSource {
  publish(change: Change): void;
}

/** Creates a feed for changes of the given kinds. */
export function createChangeFeed(kinds: readonly Change['kind'][]): ChangeFeed {
  const listeners = new Set<(change: Change) => void>();
  return {
    kinds: new Set(kinds),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    publish(change) {
      for (const listener of [...listeners]) listener(change);
    },
  };
}
