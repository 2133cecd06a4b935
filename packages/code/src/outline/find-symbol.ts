import type { OutlineSymbol, SymbolKind } from './outline-symbol.js';

/** The symbol a name means, the several it may mean, or none with the nearest names. */
export type SymbolSearch =
  | { readonly status: 'found'; readonly symbol: OutlineSymbol; readonly index: number }
  | { readonly status: 'ambiguous'; readonly candidates: readonly OutlineSymbol[] }
  | { readonly status: 'missing'; readonly nearest: readonly string[] };

/** Limits of a search. */
export interface SymbolQuery {
  /** Only symbols of this kind: tells a getter from its setter, a type from the value of the same name. */
  readonly kind?: SymbolKind;
  /** Only the symbol that starts on this line, counted from 1. */
  readonly line?: number;
}

/**
 * Finds a symbol by its name or path: `Router.get`, `get`, `res.status`. A whole path goes before a part of one;
 * `.prototype` may be left out. Several matches are an answer of their own, never a guess.
 */
export function findSymbol(symbols: readonly OutlineSymbol[], name: string, query: SymbolQuery = {}): SymbolSearch {
  const wanted = withoutPrototype(name);
  const eligible = symbols
    .map((symbol, index) => ({ symbol, index, path: withoutPrototype(symbol.path) }))
    .filter(({ symbol }) => query.kind === undefined || symbol.kind === query.kind)
    .filter(({ symbol }) => query.line === undefined || symbol.line === query.line);
  const exact = eligible.filter(({ path }) => path === wanted);
  const matches = exact.length > 0 ? exact : eligible.filter(({ path }) => path.endsWith(`.${wanted}`));
  const [first, ...others] = matches;
  if (first === undefined) return { status: 'missing', nearest: nearestPaths(symbols, wanted) };
  if (others.length > 0) return { status: 'ambiguous', candidates: matches.map(({ symbol }) => symbol) };
  return { status: 'found', symbol: first.symbol, index: first.index };
}

function withoutPrototype(path: string): string {
  return path.replace(/\.prototype(?=\.)/g, '');
}

/** Up to five paths whose last name is most like the wanted one. */
function nearestPaths(symbols: readonly OutlineSymbol[], wanted: string): string[] {
  const last = wanted.slice(wanted.lastIndexOf('.') + 1).toLowerCase();
  const pairsOf = (text: string) =>
    new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, at) => text.slice(at, at + 2)));
  const pairs = pairsOf(last);
  const scored = symbols.map(({ name, path }) => {
    const others = pairsOf(name.toLowerCase());
    const shared = [...others].filter((pair) => pairs.has(pair)).length;
    return { path, score: pairs.size + others.size === 0 ? 0 : (2 * shared) / (pairs.size + others.size) };
  });
  const likely = scored.filter(({ score }) => score >= 0.4).sort((a, b) => b.score - a.score);
  return [...new Set(likely.map(({ path }) => path))].slice(0, 5);
}
