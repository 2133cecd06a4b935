import { type Digest, digestJson, type JsonValue } from '@trocar/core';
import type { Machine } from './automaton/machine.js';
import type { DecodingLimits } from './limits.js';
import { MaskBuilder } from './mask/mask-builder.js';
import { readBytes, type Scratch } from './mask/walk.js';
import type { Vocabulary } from './vocabulary/vocabulary.js';

/** How one keyword or construct of the source is treated. */
export interface Treatment {
  /** JSON pointer. */
  readonly pointer: string;
  readonly keyword: string;
  /**
   * `exact`: every prefix that the mask admits can be completed as far as this keyword goes. `at-close`: judged when
   * the value closes, by switching its closing tokens off. `annotation`: no constraint, by the specification.
   */
  readonly treatment: 'exact' | 'at-close' | 'annotation';
}

/** A compiled grammar. Shared by any number of matchers; what it works out on demand stays within its limits. */
export interface Grammar {
  readonly kind: 'json-schema' | 'regex' | 'choice';
  /** Digest of source and options: equal grammars have equal digests. */
  readonly digest: Digest;
  readonly treatments: readonly Treatment[];
  readonly limits: DecodingLimits;
  /** @internal The automaton, as far as it is built. */
  readonly machine: Machine;
  /**
   * @internal The automaton and masks for a new text. Texts leave states behind, so after very many of them this is a
   * new automaton, and the old one goes when the last matcher on it does.
   */
  open(vocabulary: Vocabulary): Engine;
}

/** @internal What a matcher works with. */
export interface Engine {
  readonly machine: Machine;
  readonly builder: MaskBuilder;
}

/** @internal Puts a grammar around the automata that `build` makes. */
export function createGrammar(
  build: () => Machine,
  about: { kind: Grammar['kind']; source: JsonValue; limits: DecodingLimits; treatments?: readonly Treatment[] },
): Grammar {
  const { kind, source, limits, treatments = [] } = about;
  let machine = build();
  let builders = new WeakMap<Vocabulary, MaskBuilder>();
  let digest: Digest | undefined;
  return {
    kind,
    treatments,
    limits,
    get machine() {
      return machine;
    },
    get digest() {
      digest ??= digestJson({ kind, source });
      return digest;
    },
    open(vocabulary) {
      if (machine.lexer.states.length > limits.lexerStates / 4) {
        machine = build();
        builders = new WeakMap();
      }
      const builder = builders.get(vocabulary) ?? new MaskBuilder(machine, vocabulary, limits);
      builders.set(vocabulary, builder);
      return { machine, builder };
    },
  };
}

/** Whether a text belongs to a grammar; if not, up to where it could still have been one. */
export type Validation = { readonly valid: true } | { readonly valid: false; readonly offset: number };

/** Decides whether `bytes` (UTF-8) belongs to a grammar, by the automaton that also makes the masks. */
export function validate(grammar: Grammar, bytes: Uint8Array | string): Validation {
  const { machine } = grammar;
  const input = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  const text: Scratch = { bytes: new Uint8Array(input.length + 1), length: 0 };
  let at = machine.start;
  for (let offset = 0; offset < input.length; offset += 1) {
    const next = readBytes(machine, at, input.subarray(offset, offset + 1), text);
    if (next === null) return { valid: false, offset };
    at = next;
  }
  return machine.isComplete(at.lex, at.frame) ? { valid: true } : { valid: false, offset: input.length };
}
