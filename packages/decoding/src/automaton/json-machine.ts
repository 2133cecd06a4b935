import type { JsonValue } from '@trocar/core';
import type { DecodingLimits } from '../limits.js';
import type { SchemaSemantics } from '../schema/semantics.js';
import { says } from '../schema/structures.js';
import type { SchemaUse } from '../schema/use.js';
import { afterItem } from './array-rules.js';
import { type Formula, FormulaOp } from './formula.js';
import { type Frame, type FrameContent, FrameStore, type Outcome } from './frame.js';
import { Goals } from './goals.js';
import { numberBefore, stringBefore } from './lexeme-text.js';
import { deadStep, eventStep, Lexer, LexKind, type LexState } from './lexer.js';
import type { ByteTail, Machine } from './machine.js';
import { NameLanguages } from './name-languages.js';
import { afterProperty, holdsAtEnd } from './object-rules.js';
import { Viability } from './viability.js';

/** White space between the parts of a JSON text: any, none, or runs of at most so many bytes. */
export type WhiteSpace = 'any' | 'none' | { readonly maximumRun: number };

type Position = 'value' | 'first-item' | 'first-name' | 'name' | 'colon' | 'after-member' | 'after-item' | 'end';

const literals = new Map<number, { readonly rest: string; readonly value: boolean | null }>([
  [0x74, { rest: 'rue', value: true }],
  [0x66, { rest: 'alse', value: false }],
  [0x6e, { rest: 'ull', value: null }],
]);
const literalBytes = [...literals.keys()];

/** Reads JSON texts that satisfy a schema, byte by byte. The syntax is deterministic; the schema lives in the frames. */
export class JsonMachine implements Machine {
  readonly lexer: Lexer;
  readonly start: Outcome;
  readonly #semantics: SchemaSemantics;
  readonly #frames = new FrameStore();
  readonly #viability: Viability;
  readonly #goals: Goals;
  readonly #names: NameLanguages;
  readonly #limits: DecodingLimits;
  readonly #positions = new Map<Position, number>();

  constructor(semantics: SchemaSemantics, options: { limits: DecodingLimits; whiteSpace: WhiteSpace }) {
    const { limits, whiteSpace } = options;
    this.#semantics = semantics;
    this.#limits = limits;
    this.lexer = new Lexer(semantics.expressions, limits, longestRun(whiteSpace));
    this.#viability = new Viability(semantics);
    this.#goals = new Goals(semantics);
    this.#names = new NameLanguages(semantics, this.#viability);
    const root: FrameContent = {
      kind: 'document',
      formulas: [semantics.root],
      name: null,
      seen: this.#frames.noNames,
      tracked: false,
      members: [],
    };
    this.start = { lex: this.#at('value'), frame: this.#frames.push(null, root) };
  }

  /** Whether any value satisfies the schema, as far as can be told beforehand. */
  get isSatisfiable(): boolean {
    return this.#viability.isSatisfiable(this.#semantics.root);
  }

  /** Works out beforehand what every text needs to know of these schemas, so that no single mask has to. */
  prepare(uses: Iterable<SchemaUse>): void {
    for (const use of uses) this.#viability.isSatisfiable(says(this.#semantics.formulas, use));
  }

  isComplete(lex: number, frame: Frame): boolean {
    if (frame.kind !== 'document') return false;
    const state = this.lexer.states[lex]!;
    return state.kind === LexKind.Number ? this.lexer.mayEnd(lex) : state.rest === 'end';
  }

  event(lex: number, frame: Frame, byte: number, tail: ByteTail, exploring: boolean): Outcome | null {
    const state = this.lexer.states[lex]!;
    if (state.kind === LexKind.Name && (state.parts[1]!.nullable || !exploring || frame.tracked)) {
      return this.#closeName(state, frame, tail, false);
    }
    if (frame.tracked) return this.#fresh(state, frame, byte, tail, exploring);
    const key = lex * 256 + byte;
    frame.events ??= new Map();
    let outcome = frame.events.get(key);
    if (outcome === undefined) {
      outcome = this.#fresh(state, frame, byte, tail, exploring);
      frame.events.set(key, outcome);
    }
    return outcome;
  }

  #fresh(state: LexState, frame: Frame, byte: number, tail: ByteTail, exploring: boolean): Outcome | null {
    switch (state.kind) {
      case LexKind.Structure:
        return this.#structure(state, frame, byte);
      case LexKind.Literal: {
        const { value } = literals.get(literalBytes[state.variant]!)!;
        const truths = this.#goalsOf(frame).map((goal) => this.#semantics.literal(goal, value));
        return this.#closeValue(frame, truths.slice(1), String(value));
      }
      case LexKind.Number: {
        const text = frame.tracked ? numberBefore(tail) : '';
        const after = this.#closeValue(frame, truthsOf(state), text);
        if (after === null) return null;
        const next = this.lexer.step(after.lex, byte);
        if (next !== eventStep) return next === deadStep ? null : { lex: next, frame: after.frame };
        return this.event(after.lex, after.frame, byte, tail, exploring);
      }
      case LexKind.Text: {
        const text = frame.tracked ? JSON.stringify(stringBefore(tail)) : '';
        return this.#closeValue(frame, truthsOf(state), text);
      }
      default:
        return this.#closeName(state, frame, tail, true);
    }
  }

  #at(position: Position): number {
    let lex = this.#positions.get(position);
    if (lex === undefined) {
      lex = this.lexer.intern({ kind: LexKind.Structure, parts: [], rest: position });
      this.#positions.set(position, lex);
    }
    return lex;
  }

  #structure(state: LexState, frame: Frame, byte: number): Outcome | null {
    const position = state.rest as Position;
    switch (position) {
      case 'first-item':
      case 'after-item':
        if (byte === 0x5d) return this.#closeArray(frame);
        if (position === 'first-item') return this.#openValue(frame, byte);
        return byte === 0x2c && this.#mayHaveItem(frame) ? { lex: this.#at('value'), frame } : null;
      case 'value':
        return this.#openValue(frame, byte);
      case 'first-name':
      case 'after-member':
        if (byte === 0x7d) return this.#closeObject(frame);
        if (position === 'first-name') return byte === 0x22 ? this.#openName(frame) : null;
        return byte === 0x2c && this.#openName(frame) !== null ? { lex: this.#at('name'), frame } : null;
      case 'name':
        return byte === 0x22 ? this.#openName(frame) : null;
      case 'colon':
        return byte === 0x3a ? { lex: this.#at('value'), frame } : null;
      case 'end':
        return null;
    }
  }

  #openName(frame: Frame): Outcome | null {
    const parts = this.#names.partsFor(frame);
    const lex = this.lexer.start(LexKind.Name, parts);
    return lex === deadStep ? null : { lex, frame };
  }

  /** `anonymous` leaves the spelling of a name out that nothing mentions. */
  #closeName(state: LexState, frame: Frame, tail: ByteTail, anonymous: boolean): Outcome | null {
    const name = anonymous ? null : stringBefore(tail);
    const known = state.parts[1]!.nullable ? name : null;
    const cls = this.#names.classOf(frame, known, state);
    if (!this.#viability.allows(frame.formulas[0]!, cls)) return null;
    const seen = name === null ? frame.seen : this.#frames.nameSet([...frame.seen.names, name]);
    const members = frame.tracked && name !== null ? [...frame.members, JSON.stringify(name)] : frame.members;
    return { lex: this.#at('colon'), frame: this.#frames.replace(frame, { name: cls, seen, members }) };
  }

  #goalsOf(frame: Frame): readonly Formula[] {
    return this.#goals.of(frame);
  }

  #mayHaveItem(frame: Frame): boolean {
    return this.#viability.isSatisfiable(this.#requirementOf(frame));
  }

  /** What the next value must satisfy; where items are compared, earlier scalars are ruled out from the start. */
  #requirementOf(frame: Frame): Formula {
    const [requirement] = this.#goalsOf(frame) as [Formula];
    const { formulas, uses } = this.#semantics;
    const rule = frame.formulas[0]!;
    const compares =
      rule === formulas.unique() || (rule.op === FormulaOp.And && rule.items.includes(formulas.unique()));
    if (frame.kind !== 'array' || !compares) return requirement;
    const scalars = frame.members.filter((member) => member[0] !== '{' && member[0] !== '[');
    const others = scalars.map((member) => {
      const value = JSON.parse(member) as JsonValue;
      return formulas.negate(formulas.schema(uses.constant(value).id));
    });
    return formulas.and([requirement, ...others]);
  }

  #openValue(frame: Frame, byte: number): Outcome | null {
    const goals = [this.#requirementOf(frame), ...this.#goalsOf(frame).slice(1)];
    const { lexer } = this;
    const semantics = this.#semantics;
    switch (byte) {
      case 0x22: {
        const lex = lexer.start(
          LexKind.Text,
          goals.map((goal) => semantics.text(goal)),
        );
        return lex === deadStep ? null : { lex, frame };
      }
      case 0x7b:
        return this.#openObject(frame, goals);
      case 0x5b:
        return this.#openArray(frame, goals);
      case 0x74:
      case 0x66:
      case 0x6e: {
        const { rest, value } = literals.get(byte)!;
        if (!semantics.literal(goals[0]!, value)) return null;
        const variant = literalBytes.indexOf(byte);
        return { lex: lexer.intern({ kind: LexKind.Literal, parts: [], rest, variant }), frame };
      }
      default: {
        if (byte !== 0x2d && (byte < 0x30 || byte > 0x39)) return null;
        const start = lexer.start(
          LexKind.Number,
          goals.map((goal) => semantics.number(goal)),
        );
        const lex = start === deadStep ? deadStep : lexer.step(start, byte);
        return lex === deadStep || lex === eventStep ? null : { lex, frame };
      }
    }
  }

  #openObject(parent: Frame, goals: readonly Formula[]): Outcome | null {
    const [first, ...others] = goals.map((goal) => this.#semantics.object(goal)) as [Formula, ...Formula[]];
    const rule = this.#viability.object(first);
    if (rule === this.#semantics.formulas.false || parent.depth >= this.#limits.outputDepth) return null;
    const frame = this.#frames.push(parent, {
      kind: 'object',
      formulas: [rule, ...others],
      name: null,
      seen: this.#frames.noNames,
      tracked: parent.tracked,
      members: [],
    });
    return { lex: this.#at('first-name'), frame };
  }

  #openArray(parent: Frame, goals: readonly Formula[]): Outcome | null {
    const [first, ...others] = goals.map((goal) => this.#semantics.array(goal)) as [Formula, ...Formula[]];
    const rule = this.#viability.array(first);
    if (rule === this.#semantics.formulas.false || parent.depth >= this.#limits.outputDepth) return null;
    const formulas = [rule, ...others];
    const frame = this.#frames.push(parent, {
      kind: 'array',
      formulas,
      name: null,
      seen: this.#frames.noNames,
      tracked: parent.tracked || formulas.some((formula) => formula.comparesItems),
      members: [],
    });
    return { lex: this.#at('first-item'), frame };
  }

  #closeObject(frame: Frame): Outcome | null {
    const [holds, ...truths] = frame.formulas.map(holdsAtEnd);
    if (!holds) return null;
    const text = frame.tracked ? `{${[...frame.members].sort().join()}}` : '';
    return this.#closeValue(frame.parent!, truths, text);
  }

  #closeArray(frame: Frame): Outcome | null {
    const [holds, ...truths] = frame.formulas.map(holdsAtEnd);
    if (!holds) return null;
    const text = frame.tracked ? `[${frame.members.join()}]` : '';
    return this.#closeValue(frame.parent!, truths, text);
  }

  /** Takes a finished value into its frame; `truths` are those of the goals after the first. */
  #closeValue(frame: Frame, truths: readonly boolean[], text: string): Outcome | null {
    if (frame.kind === 'document') return { lex: this.#at('end'), frame };
    const goals = this.#goalsOf(frame);
    const { formulas } = this.#semantics;
    const truth = (formula: Formula) => {
      if (formula === formulas.false) return false;
      const index = goals.indexOf(formula, 1);
      // What is no goal of its own is part of the requirement, which the value has met.
      return index < 0 || truths[index - 1]!;
    };
    return frame.kind === 'object' ? this.#afterMember(frame, truth, text) : this.#afterItem(frame, truth, text);
  }

  #afterMember(frame: Frame, truth: (formula: Formula) => boolean, text: string): Outcome | null {
    const store = this.#semantics.formulas;
    const [first, ...others] = frame.formulas.map((formula) => afterProperty(store, formula, frame.name!, truth)) as [
      Formula,
      ...Formula[],
    ];
    const rule = this.#viability.object(first);
    if (rule === store.false) return null;
    if (!holdsAtEnd(rule) && !this.#viability.hasNextProperty(rule, frame.seen.names)) return null;
    const members = frame.tracked ? [...frame.members.slice(0, -1), `${frame.members.at(-1)}:${text}`] : frame.members;
    const next = this.#frames.replace(frame, { formulas: [rule, ...others], name: null, members });
    return { lex: this.#at('after-member'), frame: next };
  }

  #afterItem(frame: Frame, truth: (formula: Formula) => boolean, text: string): Outcome | null {
    const store = this.#semantics.formulas;
    const repeated = frame.tracked && frame.members.includes(text);
    const [first, ...others] = frame.formulas.map((formula) => afterItem(store, formula, truth, repeated)) as [
      Formula,
      ...Formula[],
    ];
    const rule = this.#viability.array(first);
    if (rule === store.false) return null;
    const members = frame.tracked ? [...frame.members, text] : frame.members;
    const next = this.#frames.replace(frame, { formulas: [rule, ...others], members });
    return { lex: this.#at('after-item'), frame: next };
  }
}

function longestRun(whiteSpace: WhiteSpace): number {
  if (whiteSpace === 'any') return Number.POSITIVE_INFINITY;
  return whiteSpace === 'none' ? 0 : whiteSpace.maximumRun;
}

/** Which goals after the first a finished scalar meets. */
function truthsOf(state: LexState): readonly boolean[] {
  return state.parts.slice(1).map((part) => part.nullable);
}
