import { readdirSync, readFileSync } from 'node:fs';
import { type Digest, digestJson } from '@trocar/core';
import { createDeniedSource, deniedModules } from './denied-modules.js';

/** The JavaScript that every guest finds inside: `node:` modules and the internal ones behind them. */
export interface GuestLibrary {
  /** Names of all `node:` modules, without the prefix. */
  readonly builtins: ReadonlySet<string>;
  /** The source of `node:NAME` or `trocar:NAME`. */
  source(specifier: string): string | undefined;
  /** Digest of all sources: part of the policy that a receipt names. */
  readonly digest: Digest;
}

let loaded: GuestLibrary | undefined;

/** Reads the library from this package's `src/guest-library`, once per thread. */
export function loadGuestLibrary(): GuestLibrary {
  loaded ??= readLibrary();
  return loaded;
}

function readLibrary(): GuestLibrary {
  // The same relative path leads there from src/ and from dist/.
  const root = new URL('../../../src/guest-library/', import.meta.url);
  const sources = new Map<string, string>();
  for (const name of Object.keys(deniedModules)) sources.set(`node:${name}`, createDeniedSource(name));
  for (const [folder, scheme] of [
    ['node', 'node:'],
    ['internal', 'trocar:'],
  ] as const) {
    for (const file of readdirSync(new URL(`${folder}/`, root)).sort()) {
      const bare = file.slice(0, -'.js'.length);
      const name = scheme === 'node:' ? bare.replace('-', '/') : bare;
      sources.set(`${scheme}${name}`, readFileSync(new URL(`${folder}/${file}`, root), 'utf8'));
    }
  }
  const builtins = [...sources.keys()].filter((name) => name.startsWith('node:')).map((name) => name.slice(5));
  return {
    builtins: new Set(builtins),
    source: (specifier) => sources.get(specifier),
    digest: digestJson(Object.fromEntries(sources)),
  };
}
