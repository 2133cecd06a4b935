import type { Frame } from '../automaton/frame.js';
import type { MaskPool, PooledMask } from './mask-pool.js';

/** A finished mask in the smaller of two forms. */
export interface MaskEntry {
  /** Allowed tokens, where they are few. */
  readonly tokens: Uint32Array | null;
  /** The bit mask otherwise. */
  readonly pooled: PooledMask | null;
  /** Tokens to be read once more each time, since the spelling of a free property name decides about them. */
  readonly recheck: readonly number[];
  /** How many frames, from the top, the mask depends on besides the first. */
  readonly framesBelow: number;
}

interface Level {
  entry: MaskEntry | null;
  readonly below: Map<number, Level>;
}

// Beyond this the entries themselves would weigh more than the masks.
const maximumEntries = 8_192;

/**
 * Masks by lexer state and by as many frames as the walk that made them looked at, so that equal situations share a
 * mask wherever they are nested. Bounded by the number of entries; when full it starts afresh.
 */
export class MaskCache {
  readonly #pool: MaskPool;
  readonly #byLex = new Map<number, Level>();
  #entries = 0;

  constructor(pool: MaskPool) {
    this.#pool = pool;
  }

  /** How many masks are known. */
  get size(): number {
    return this.#entries;
  }

  find(lex: number, frame: Frame): MaskEntry | undefined {
    let level = this.#byLex.get(lex);
    for (let at: Frame | null = frame; level !== undefined && at !== null; at = at.parent) {
      level = level.below.get(at.content);
      if (level?.entry)
        return level.entry.pooled === null || this.#pool.has(level.entry.pooled) ? level.entry : undefined;
    }
    return undefined;
  }

  /** Keeps the mask of a lexer state on top of `frame`. */
  add(lex: number, frame: Frame, entry: MaskEntry): void {
    if (this.#entries >= maximumEntries) {
      this.#byLex.clear();
      this.#entries = 0;
    }
    this.#entries += 1;
    let level = levelOf(this.#byLex, lex);
    for (let at: Frame | null = frame; at !== null && at.depth >= frame.depth - entry.framesBelow; at = at.parent) {
      level = levelOf(level.below, at.content);
    }
    level.entry = entry;
  }
}

function levelOf(levels: Map<number, Level>, key: number): Level {
  let level = levels.get(key);
  if (level === undefined) {
    level = { entry: null, below: new Map() };
    levels.set(key, level);
  }
  return level;
}
