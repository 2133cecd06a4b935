import { describe, expect, it } from 'vitest';
import type { Constant } from '../../src/ir/instruction.js';
import { binary, concatenate, isComparison, unary } from '../../src/taint/operators.js';
import {
  constantValue,
  join,
  singleConstant,
  truthOf,
  unknown,
  unknownBoolean,
  unknownNumber,
  unknownString,
} from '../../src/taint/value.js';

const nothing = Symbol('nothing');
const of = (value: ReturnType<typeof binary>): unknown => {
  const single = singleConstant(value);
  return single === undefined ? nothing : single.constant;
};

describe('binary', () => {
  it.each<[string, Constant, Constant, unknown]>([
    ['+', 2, 3, 5],
    ['-', 2, 3, -1],
    ['*', 2, 3, 6],
    ['/', 6, 3, 2],
    ['//', 7, 2, 3],
    ['%', 7, 4, 3],
    ['**', 2, 5, 32],
    ['|', 4, 1, 5],
    ['&', 6, 3, 2],
    ['^', 6, 3, 5],
    ['<<', 1, 3, 8],
    ['>>', 8, 2, 2],
    ['@', 8, 2, Number.NaN],
    ['+', 'a', 'b', 'ab'],
    ['+', 'a', 1, 'a1'],
    ['===', 'a', 'a', true],
    ['!==', 'a', 'a', false],
    ['==', null, undefined, true],
    ['==', 1, '1', nothing],
    ['!=', 1, '1', nothing],
    ['!=', 1, 2, true],
    ['<>', 1, 1, false],
    ['is', null, null, true],
    ['is not', 1, null, true],
    ['<', 1, 2, true],
    ['<=', 2, 2, true],
    ['>', 'b', 'a', true],
    ['>=', 1, 2, false],
    ['<', 1, 'a', nothing],
    ['in', 'b', 'abc', true],
    ['not in', 'b', 'abc', false],
    ['in', 1, 'abc', nothing],
    ['instanceof', 1, 2, nothing],
  ])('%s of %j and %j', (name, a, b, expected) => {
    expect(of(binary(name, constantValue(a), constantValue(b)))).toEqual(expected);
  });

  it('compares sets of literals only where all agree', () => {
    const some = join(constantValue(1), constantValue(2));
    expect(of(binary('<', some, constantValue(3)))).toBe(true);
    expect(of(binary('<', some, constantValue(2)))).toBe(nothing);
    expect(binary('<', unknown, some)).toBe(unknownBoolean);
    expect(binary('-', unknown, some)).toBe(unknownNumber);
    expect(binary('+', unknownNumber, unknownNumber)).toBe(unknownNumber);
    expect(binary('+', unknown, unknown).types).toBe(1);
    expect(binary('*', unknown, some).types).toBe(31);
    expect(of(concatenate([some, constantValue('x')]))).toBe(nothing);
    expect(concatenate([some, constantValue('x')]).constants).toEqual(['1x', '2x']);
    expect(concatenate([unknownString, constantValue('<p>')]).text).toBe('\0<p>');
    expect(concatenate([unknownString, constantValue('x'.repeat(3_000))]).text).toBeUndefined();
  });

  it('knows which operators compare', () => {
    expect(['<', 'in', 'instanceof', '+'].map(isComparison)).toEqual([true, true, true, false]);
  });
});

describe('unary', () => {
  it.each<[string, Constant, unknown]>([
    ['!', 0, true],
    ['not', 'a', false],
    ['-', 2, -2],
    ['+', 2, 2],
    ['~', 1, -2],
    ['-', 'a', nothing],
    ['typeof', 1, nothing],
    ['void', 1, undefined],
    ['delete', 1, nothing],
    ['isNullish', null, true],
    ['isNullish', 1, false],
    ['bool', '', false],
  ])('%s of %j', (name, a, expected) => {
    expect(of(unary(name, constantValue(a)))).toEqual(expected);
  });

  it('leaves open what is open', () => {
    expect(of(unary('!', unknown))).toBe(nothing);
    expect(of(unary('bool', unknown))).toBe(nothing);
    expect(of(unary('isNullish', unknown))).toBe(nothing);
    expect(of(unary('isNullish', join(constantValue(null), constantValue(1))))).toBe(nothing);
    expect(truthOf(join(constantValue(0), constantValue(1)))).toBeUndefined();
    expect(truthOf(join(constantValue(1), constantValue(2)))).toBe(true);
  });
});
