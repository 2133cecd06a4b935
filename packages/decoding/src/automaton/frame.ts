import type { Formula, NameClass } from './formula.js';

/** What a frame stands for. */
export type FrameKind = 'document' | 'object' | 'array';

/** The part of a frame that does not depend on what it stands in. */
export interface FrameContent {
  readonly kind: FrameKind;
  /** `formulas[0]` must come to hold; the truth of the others is reported upwards when the frame closes. */
  readonly formulas: readonly Formula[];
  /** While a property's value is awaited: what is known of its name. */
  readonly name: NameClass | null;
  /** Property names that were used, sorted; each may come once. */
  readonly seen: NameSet;
  /** Whether the values inside are compared with each other further out or here. */
  readonly tracked: boolean;
  /** Of a tracked frame: its finished members in canonical form, and the name of the one under way. */
  readonly members: readonly string[];
}

/** An immutable set of names; equal sets are the same object. */
export interface NameSet {
  readonly id: number;
  readonly names: ReadonlySet<string>;
}

/** A level of the stack: content on top of a parent. Equal stacks are the same object. */
export interface Frame extends FrameContent {
  readonly parent: Frame | null;
  readonly depth: number;
  /** Number of the content: equal for equal contents on different parents. */
  readonly content: number;
  /** Frames on top of this one, and its successors at the same level, by content. */
  above: Map<number, Frame> | null;
  /** Outcomes of events that depend on nothing but state and byte. */
  events: Map<number, Outcome | null> | null;
}

/** Where an event leads. */
export interface Outcome {
  readonly lex: number;
  readonly frame: Frame;
}

// Forgetting a set costs sharing, nothing else.
const maximumKeptSets = 4_096;

/** Keeps one object per stack. */
export class FrameStore {
  readonly #contents = new Map<string, number>();
  readonly #sets = new Map<string, NameSet>();
  #nextSet = 0;
  readonly noNames: NameSet;
  /** Frames made since the start. */
  created = 0;

  constructor() {
    this.noNames = this.nameSet([]);
  }

  /** The set of these names. */
  nameSet(names: Iterable<string>): NameSet {
    const sorted = [...names].sort();
    const key = JSON.stringify(sorted);
    let set = this.#sets.get(key);
    if (set === undefined) {
      if (this.#sets.size >= maximumKeptSets) this.#sets.clear();
      set = { id: this.#nextSet, names: new Set(sorted) };
      this.#nextSet += 1;
      this.#sets.set(key, set);
    }
    return set;
  }

  /** A frame with this content on `parent`. */
  push(parent: Frame | null, content: FrameContent): Frame {
    const id = this.#contentId(content);
    const known = parent?.above?.get(id);
    if (known !== undefined) return known;
    this.created += 1;
    const frame: Frame = {
      ...content,
      parent,
      depth: parent === null ? 0 : parent.depth + 1,
      content: id,
      above: null,
      events: null,
    };
    if (parent !== null) {
      parent.above ??= new Map();
      parent.above.set(id, frame);
    }
    return frame;
  }

  /** The frame that takes the place of another. */
  replace(frame: Frame, changes: Partial<FrameContent>): Frame {
    const { kind, formulas, name, seen, tracked, members } = frame;
    return this.push(frame.parent, { kind, formulas, name, seen, tracked, members, ...changes });
  }

  #contentId({ kind, formulas, name, seen, tracked, members }: FrameContent): number {
    const ids = formulas.map((formula) => formula.id).join();
    const inside = tracked ? JSON.stringify(members) : '';
    const key = `${kind}|${ids}|${name === null ? '' : name.id}|${seen.id}|${inside}`;
    let id = this.#contents.get(key);
    if (id === undefined) {
      id = this.#contents.size;
      this.#contents.set(key, id);
    }
    return id;
  }
}
