import { describe, expect, it } from 'vitest';
import { dangersRemoved, dangersRuledOut, type MatchMode } from '../../src/taint/patterns.js';
import { danger } from '../../src/taint/taint.js';

const names = (bits: number, ...of: (keyof typeof danger)[]): string =>
  of.filter((name) => (bits & danger[name]) !== 0).join(' ');

describe('dangersRuledOut', () => {
  it.each<[string, MatchMode, string]>([
    ['^[a-z0-9_-]+$', 'search', 'sql path command html'],
    ['[a-z0-9_-]+', 'whole', 'sql path command html'],
    ['[a-z]+$', 'start', 'sql path command html'],
    ['[a-z]+', 'start', ''],
    ['[a-z]+', 'search', ''],
    ['^a|b$', 'search', ''],
    ['^(?:a|b)$', 'search', 'sql path command html'],
    ['^(a|b){2,3}$', 'search', 'sql path command html'],
    ['^(?<name>\\d+)$', 'search', 'sql path command html'],
    ['^(?=x).*$', 'search', ''],
    ['^.*$', 'search', ''],
    ['^[^/]+$', 'search', ''],
    ['^[\\w ]+$', 'search', 'path html'],
    ['^[\\w/]+$', 'search', 'sql command html'],
    ['^\\p{L}+$', 'search', ''],
    ['^[\\p{L}]+$', 'search', ''],
    ['^[a-\uffff]+$', 'search', ''],
    ['^\\bx\\.y\\b$', 'search', 'sql path command html'],
    ['\\A\\d{4}\\Z', 'search', 'sql path command html'],
    ['^[ab\\]|]c\\|$', 'search', ''],
    ['^x{2', 'whole', 'sql path command html'],
    ["^[\\w<>'()]+$", 'search', 'path'],
  ])('%s as %s rules out %s', (pattern, mode, expected) => {
    expect(names(dangersRuledOut(pattern, mode), 'sql', 'path', 'command', 'html')).toBe(expected);
  });
});

describe('dangersRemoved', () => {
  it.each([
    ['[^a-z0-9]', 'sql path command html'],
    ['[^a-z0-9]+', 'sql path command html'],
    ['[/\\\\]', 'path'],
    ["'", 'sql'],
    ['<', 'html'],
    ['\\s+', ''],
    ['abc', ''],
  ])('replacing every %s rules out %s', (pattern, expected) => {
    expect(names(dangersRemoved(pattern), 'sql', 'path', 'command', 'html')).toBe(expected);
  });
});
