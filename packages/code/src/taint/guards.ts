import type { AbstractObject } from './abstract-object.js';
import { elementsOf, keysOf } from './access.js';
import { dangersRuledOut, type MatchMode } from './patterns.js';
import { allDangers, dangerBits } from './taint.js';
import { type Predicate, singleConstant, singleString, trait, type Value } from './value.js';

/** The predicate that a check of a value makes: dangers ruled out for it when the check is true, and when it is false. */
export function guardOf(subject: Value, whenTrue: number, whenFalse: number): Predicate | undefined {
  const keys = [subject.key, subject.about].filter((key) => key !== 0);
  if (keys.length === 0 || (whenTrue === 0 && whenFalse === 0)) return undefined;
  const of = (bits: number): ReadonlyMap<number, number> => new Map(bits === 0 ? [] : keys.map((key) => [key, bits]));
  return { whenTrue: of(whenTrue), whenFalse: of(whenFalse) };
}

function negate(predicate: Predicate | undefined): Predicate | undefined {
  return predicate && { whenTrue: predicate.whenFalse, whenFalse: predicate.whenTrue };
}

const harmlessTypes = new Set(['number', 'boolean', 'undefined', 'bigint']);
const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** What is learnt from comparing a tainted value with a trusted one. */
function equalityGuard(a: Value, b: Value): Predicate | undefined {
  const [subject, other] = a.taints.length > 0 || a.about !== 0 ? [a, b] : [b, a];
  if (other.taints.length > 0) return undefined;
  if ((subject.traits & trait.beginning) !== 0) return prefixGuard(subject, other);
  const text = singleString(other);
  if (subject.text === '\0typeof') {
    return text !== undefined && harmlessTypes.has(text) ? guardOf(subject, allDangers, 0) : undefined;
  }
  const single = singleConstant(other)?.constant;
  if (subject.taints.length === 0 && subject.about === 0) return undefined;
  if (single === null || single === undefined ? other.constants?.length === 1 : typeof single === 'boolean') {
    return guardOf(subject, allDangers, 0);
  }
  return guardOf(subject, allDangers, text !== undefined && prototypeKeys.has(text) ? dangerBits(['prototype']) : 0);
}

/** A match that is compared with nothing says what the match itself says. */
function nothingGuard(name: string, a: Value, b: Value): Predicate | undefined {
  const [tested, other] = a.predicate === undefined ? [b, a] : [a, b];
  const isNothing = other.constants?.length === 1 && (other.constants[0] === null || other.constants[0] === undefined);
  if (tested.predicate === undefined || !isNothing || other.objects.length > 0) return undefined;
  return name === 'is' || name === '==' || name === '===' ? negate(tested.predicate) : tested.predicate;
}

/** What a comparison tells about its operands when it turns out true or false. */
export function comparisonGuard(name: string, a: Value, b: Value): Predicate | undefined {
  const ofMatch = nothingGuard(name, a, b);
  if (ofMatch !== undefined) return ofMatch;
  switch (name) {
    case '===':
    case '==':
    case 'is':
      return equalityGuard(a, b);
    case '!==':
    case '!=':
    case 'is not':
    case '<>':
      return negate(equalityGuard(a, b));
    case 'in':
      return membershipGuard(b, a);
    case 'not in':
      return negate(membershipGuard(b, a));
    default:
      return undefined;
  }
}

/** Texts that a container certainly holds as items or keys. */
function knownItems(container: AbstractObject, isKeyed: boolean): Set<string> {
  const items = isKeyed ? keysOf(container) : elementsOf(container);
  return new Set((items.constants ?? []).map(String));
}

/** What is learnt from finding (or not finding) a tainted text among the items or keys of a container. */
export function membershipGuard(container: Value, item: Value): Predicate | undefined {
  const inside = singleString(item);
  if (inside !== undefined) return substringGuard(container, inside);
  if (container.objects.some((object) => object.kind === 'external')) return guardOf(item, allDangers, 0);
  const isKeyed = (object: AbstractObject): boolean => object.kind === 'object' || object.kind === 'map';
  const isTrusted = container.objects.every((object) => {
    if (object.keyTaint.length > 0) return false;
    return isKeyed(object) || elementsOf(object).taints.length === 0;
  });
  if (!isTrusted || container.taints.length > 0) return undefined;
  const [only] = container.objects;
  const excludesPrototype =
    container.objects.length === 1 && only !== undefined && knownItems(only, isKeyed(only)).has('__proto__');
  const text = singleString(container);
  if (text !== undefined && text.length > 40) return undefined;
  return guardOf(item, allDangers, excludesPrototype ? dangerBits(['prototype']) : 0);
}

/** What is learnt from finding a known text inside a tainted one. */
function substringGuard(subject: Value, inside: string): Predicate | undefined {
  if (subject.objects.some((object) => object.kind !== 'external')) return undefined;
  let cleared = 0;
  if (inside === '..' || inside === '../' || inside === '/') cleared |= dangerBits(['path']);
  const isQuote = inside === "'" || inside === '"';
  if (isQuote && (subject.traits & trait.inner) !== 0) cleared |= dangerBits(['code']);
  if (inside === '<') cleared |= dangerBits(['html']);
  if (inside === "'") cleared |= dangerBits(['sql', 'xpath']);
  if (inside === '\n' || inside === '\r\n' || inside === '\r') cleared |= dangerBits(['header', 'log']);
  return guardOf(subject, 0, cleared);
}

/** What is learnt from the beginning of a tainted text. */
export function prefixGuard(subject: Value, prefix: Value): Predicate | undefined {
  if (prefix.taints.length > 0) return undefined;
  const text = singleString(prefix);
  if (text === '..' || text === '../') return guardOf(subject, 0, dangerBits(['path']));
  if (text === '/') return undefined;
  let cleared = 0;
  if ((subject.traits & trait.normalised) !== 0) cleared |= dangerBits(['path']);
  if (text !== undefined && /^https?:\/\/[^/]+\//.test(text)) cleared |= dangerBits(['url', 'redirect']);
  return guardOf(subject, cleared, 0);
}

/** What is learnt from matching a tainted text against a pattern. */
export function patternGuard(subject: Value, pattern: string, mode: MatchMode): Predicate | undefined {
  return guardOf(subject, dangersRuledOut(pattern, mode), 0);
}
