import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, decide, isIdentity, isIdentityCovered, isPathInside, parsePolicy } from '../src/index.js';
import { createPolicy } from './desk.js';

describe('the policy in docs/policy.md', () => {
  it('is valid', async () => {
    const page = await readFile(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(page)![1]!;
    expect(parsePolicy(JSON.parse(example)).grants).toHaveLength(2);
  });
});

describe('parsePolicy', () => {
  const grant = { id: 'g', identity: 'local:ada', tools: ['*'], roots: ['/a'], access: ['read'], approval: 'none' };

  it('fills in the budget', () => {
    const policy = parsePolicy({ version: 1, grants: [grant], approvers: [], budget: { wallMs: 5 } });
    expect(policy.budget).toMatchObject({ wallMs: 5, fuelUnits: 20_000_000_000 });
    expect(parsePolicy({ version: 1, grants: [], approvers: [] }).budget.wallMs).toBe(600_000);
  });

  it.each([
    ['nothing', undefined, 'the document'],
    ['another version', { version: 2, grants: [], approvers: [] }, 'version'],
    ['a relative root', { version: 1, grants: [{ ...grant, roots: ['a'] }], approvers: [] }, 'grants.0.roots.0'],
    ['everybody at once', { version: 1, grants: [{ ...grant, identity: '*' }], approvers: [] }, 'grants.0.identity'],
    ['an unknown field', { version: 1, grants: [{ ...grant, admin: true }], approvers: [] }, 'grants.0'],
  ])('refuses %s and names the place', (_, value, place) => {
    expect(() => parsePolicy(value)).toThrowError(
      expect.objectContaining({ code: 'invalid-policy', message: expect.stringContaining(`at ${place}:`) }),
    );
  });
});

describe('decide', () => {
  const request = { identity: 'local:ada', tool: 'look', nowMs: 0, resources: [] };

  it('denies everything under an empty policy', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (identity, tool) => {
        expect(decide(createPolicy([]), { ...request, identity, tool }).allowed).toBe(false);
      }),
    );
  });

  it('needs a grant for each resource, and the mildest one decides about approval', () => {
    const policy = createPolicy([
      {
        id: 'strict',
        identity: 'local:*',
        tools: ['look'],
        roots: ['/a', '/b'],
        access: ['read'],
        approval: 'required',
      },
      { id: 'mild', identity: 'local:ada', tools: ['*'], roots: ['/a'], access: ['read'], approval: 'none' },
    ]);
    const read = (...paths: string[]) =>
      decide(policy, { ...request, resources: paths.map((path) => ({ path, access: 'read' as const })) });
    expect(read('/a/x')).toEqual({ allowed: true, grants: ['mild'], approval: 'none' });
    expect(read('/a/x', '/b')).toEqual({ allowed: true, grants: ['mild', 'strict'], approval: 'required' });
    expect(read('/a/x', '/c').allowed).toBe(false);
    expect(read()).toEqual({ allowed: true, grants: ['mild'], approval: 'none' });
  });
});

describe('isPathInside', () => {
  it.each([
    ['/a/b', '/a', true],
    ['/a', '/a', true],
    ['/ab', '/a', false],
    ['/', '/a', false],
    ['/a/..b', '/a', true],
  ])('%s in %s: %s', (path, root, inside) => {
    expect(isPathInside(path, root)).toBe(inside);
  });
});

describe('isIdentityCovered', () => {
  it.each([
    ['local:ada', 'local:ada', true],
    ['local:ada', 'local:*', true],
    ['local:ada', '*', false],
    ['local:adam', 'local:ada', false],
    ['spiffe://example.org/ci', 'spiffe://example.org/*', true],
    ['spiffe://example.org.evil/ci', 'spiffe://example.org/*', false],
  ])('%s by %s: %s', (id, pattern, covered) => {
    expect(isIdentityCovered(id, pattern)).toBe(covered);
  });
});

describe('isIdentity', () => {
  it.each([
    ['local:ada', true],
    ['agent:editor', true],
    ['spiffe://example.org/ci/build', true],
    ['ada', false],
    ['local:', false],
    ['local:a b', false],
    ['local:*', false],
    [`local:${'a'.repeat(400)}`, false],
    [7, false],
  ])('%s: %s', (value, expected) => {
    expect(isIdentity(value)).toBe(expected);
  });
});

describe('addUsage', () => {
  it('adds what is used up and keeps the larger memory', () => {
    expect(addUsage({ fuelUnits: 1, peakMemoryBytes: 7 }, { wallMs: 2, peakMemoryBytes: 5 })).toEqual({
      fuelUnits: 1,
      wallMs: 2,
      peakMemoryBytes: 7,
    });
    expect(addUsage({}, {})).toEqual({ fuelUnits: 0, wallMs: 0, peakMemoryBytes: 0 });
  });
});
