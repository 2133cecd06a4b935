import { digestJson } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import { createDefaultPolicy, createPlane, describeTool } from '../src/index.js';
import { createContext, createDesk, createPolicy } from './desk.js';

const policy = createDefaultPolicy({ identity: 'local:ada', roots: ['/srv/project'] });

describe('a call that the policy allows', () => {
  it('is executed and attested', async () => {
    const { plane, calls } = createDesk(policy);
    const { output, record } = await plane.call('look', { path: '/srv/project/a.js' }, createContext());
    expect(output).toEqual({ seen: '/srv/project/a.js' });
    expect(calls).toEqual(['look /srv/project/a.js']);
    expect(record).toMatchObject({
      tool: 'look',
      identity: 'local:ada',
      grants: ['default-read'],
      receipt: {
        input: digestJson({ path: '/srv/project/a.js', broken: false }),
        output: digestJson(output),
        used: { wallMs: 3 },
      },
    });
    expect(record.definition).toMatch(/^sha256:/);
    expect(record.approval).toBeUndefined();
  });

  it('is given what is left of the budget, and reports what it used', async () => {
    const { plane } = createDesk(policy);
    const { output, record } = await plane.call(
      'compute',
      { fuelUnits: 10 },
      createContext({ used: { fuelUnits: 19_999_999_000, wallMs: 1 } }),
    );
    expect(output).toEqual({ left: 1_000 });
    expect(record.receipt.used).toEqual({ fuelUnits: 10, peakMemoryBytes: 9, wallMs: 0 });
  });
});

describe('a call that is refused executes nothing', () => {
  const own = createPolicy([
    { id: 'a', identity: 'agent:*', tools: ['look'], roots: ['/srv/project'], access: ['read'], approval: 'none' },
    {
      id: 'late',
      identity: 'local:ada',
      tools: ['look'],
      roots: ['/'],
      access: ['read'],
      approval: 'none',
      expiresAt: '2020-01-01T00:00:00Z',
    },
  ]);
  it.each([
    ['an unknown tool', policy, 'fly', {}, createContext(), 'unknown-tool'],
    ['a mistyped input', policy, 'look', { path: 7 }, createContext(), 'invalid-input'],
    ['an unknown field', policy, 'look', { path: '/srv/project', x: 1 }, createContext(), 'invalid-input'],
    ['another identity', policy, 'look', { path: '/srv/project' }, createContext({ identity: 'local:eve' }), 'denied'],
    ['a path outside of the roots', policy, 'look', { path: '/srv/projects' }, createContext(), 'denied'],
    ['the parent of the root', policy, 'look', { path: '/srv' }, createContext(), 'denied'],
    ['a grant that has expired', own, 'look', { path: '/srv/project' }, createContext(), 'denied'],
    [
      'a tool that the grant does not name',
      own,
      'write',
      { path: '/srv/project' },
      createContext({ identity: 'agent:x' }),
      'denied',
    ],
    ['a write without approval', policy, 'write', { path: '/srv/project/a' }, createContext(), 'approval-required'],
    [
      'fuel that is not left',
      policy,
      'compute',
      { fuelUnits: 2 },
      createContext({ used: { fuelUnits: 19_999_999_999 } }),
      'over-budget',
    ],
    [
      'time that is used up',
      policy,
      'look',
      { path: '/srv/project' },
      createContext({ used: { wallMs: 600_000 } }),
      'over-budget',
    ],
  ])('%s', async (_, withPolicy, tool, input, context, code) => {
    const { plane, calls } = createDesk(withPolicy);
    await expect(plane.call(tool, input, context)).rejects.toMatchObject({ code });
    expect(calls).toEqual([]);
  });
});

describe('approval', () => {
  const input = { path: '/srv/project/a.js' };

  it('lets exactly the approved call pass', async () => {
    const { plane, calls } = createDesk(policy);
    const { call } = await plane.propose('write', input, 'local:ada');
    const approval = { call, by: 'local:ada' };
    const { record } = await plane.call('write', input, createContext({ approval }));
    expect(record.approval).toEqual(approval);
    expect(record.receipt.evidence).toEqual({ bytes: 1 });
    await expect(plane.call('write', { path: '/srv/project/b.js' }, createContext({ approval }))).rejects.toMatchObject(
      { code: 'approval-mismatch' },
    );
    expect(calls).toEqual(['write /srv/project/a.js']);
  });

  it('counts only from somebody who may approve', async () => {
    const { plane, calls } = createDesk(policy);
    const { call } = await plane.propose('write', input, 'local:ada');
    const approval = { call, by: 'agent:ada' };
    await expect(plane.call('write', input, createContext({ approval }))).rejects.toMatchObject({ code: 'denied' });
    expect(calls).toEqual([]);
  });

  it('is announced by a proposal, which executes nothing', async () => {
    const { plane, calls } = createDesk(policy);
    expect(await plane.propose('write', input, 'local:ada')).toMatchObject({ approval: 'required' });
    expect(await plane.propose('look', { path: '/srv/project' }, 'local:ada')).toMatchObject({ approval: 'none' });
    await expect(plane.propose('write', input, 'local:eve')).rejects.toMatchObject({ code: 'denied' });
    expect(calls).toEqual([]);
  });

  it('is not asked for where the operator has agreed beforehand', async () => {
    const { plane, calls } = createDesk(
      createDefaultPolicy({ identity: 'local:ada', roots: ['/srv/project'], allowWrites: true }),
    );
    const { record } = await plane.call('write', input, createContext());
    expect(record.grants).toEqual(['default-write']);
    expect(calls).toHaveLength(1);
  });
});

describe('a tool that breaks its contract', () => {
  it('is an error of the tool, not an answer', async () => {
    const { plane } = createDesk(policy);
    await expect(plane.call('look', { path: '/srv/project', broken: true }, createContext())).rejects.toMatchObject({
      code: 'invalid-output',
    });
  });

  it('cannot share its name', () => {
    const { plane, clock } = createDesk(policy);
    const [tool] = plane.tools;
    expect(() => createPlane({ tools: [tool!, tool!], policy, clock })).toThrowError(/same name/);
  });
});

describe('the description of a tool', () => {
  it('is sorted by name and carries JSON schemas', () => {
    const { plane } = createDesk(policy);
    expect(plane.tools.map((tool) => tool.name)).toEqual(['compute', 'look', 'write']);
    expect(describeTool(plane.tools[1]!)).toMatchObject({
      name: 'look',
      input: { type: 'object', required: ['path'], additionalProperties: false },
      output: { type: 'object', required: ['seen'] },
    });
  });
});
