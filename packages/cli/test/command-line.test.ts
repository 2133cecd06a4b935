import { describe, expect, it } from 'vitest';
import { parseArguments } from '../src/arguments.js';
import { commands } from '../src/commands.js';
import { findHome } from '../src/home.js';
import { main } from '../src/index.js';
import { createMemoryTerminal } from './memory-terminal.js';

describe('help and version', () => {
  it('lists every command', async () => {
    const terminal = createMemoryTerminal();
    expect(await main(['--help'], terminal)).toBe(0);
    for (const { name, summary } of commands) {
      expect(terminal.output).toContain(name);
      expect(terminal.output).toContain(summary);
    }
    expect(terminal.notes).toBe('');
  });

  it.each(commands.map(({ name }) => name))('explains %s', async (name) => {
    const [asked, topic] = [createMemoryTerminal(), createMemoryTerminal()];
    expect(await main([name, '--help'], asked)).toBe(0);
    expect(asked.output).toContain(`Usage: trocar ${name}`);
    expect(await main(['help', name], topic)).toBe(0);
    expect(topic.output).toBe(asked.output);
  });

  it('shows the help, as wrong usage, where there is no command', async () => {
    const terminal = createMemoryTerminal();
    expect(await main([], terminal)).toBe(2);
    expect(terminal.output).toContain('Usage: trocar COMMAND');
  });

  it.each(['--version', '-V', 'version'])('prints the version for %s', async (flag) => {
    const terminal = createMemoryTerminal();
    expect(await main([flag], terminal)).toBe(0);
    expect(terminal.output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage', () => {
  it.each([
    [['fly'], 'There is no command "fly"'],
    [['help', 'fly'], 'There is no command "fly"'],
    [['scan'], 'Missing argument. Usage: trocar scan DIR'],
    [['scan', 'a', 'b'], 'Unexpected argument "b"'],
    [['scan', '--fly', '.'], "Unknown option '--fly'"],
    [['sandbox', 'run', 'x.wasm', '--fuel', 'many'], 'There is nothing at x.wasm'],
    [['sandbox', 'walk', 'x.wasm'], 'Usage: trocar sandbox run'],
    [['scan', 'no-such-folder-anywhere'], 'There is nothing at no-such-folder-anywhere'],
  ])('%j ends with code 2 and one line that says what to do', async (argv, message) => {
    const terminal = createMemoryTerminal();
    expect(await main(argv, terminal)).toBe(2);
    expect(terminal.output).toBe('');
    expect(terminal.notes).toContain(message);
    expect(terminal.notes.trim().split('\n')).toHaveLength(1);
  });

  it('is JSON on standard output where JSON was asked for', async () => {
    const terminal = createMemoryTerminal();
    expect(await main(['scan', '--json'], terminal)).toBe(2);
    expect(JSON.parse(terminal.output)).toMatchObject({ ok: false, error: { code: 'usage' } });
  });
});

describe('options with numbers', () => {
  const sandbox = commands.find(({ name }) => name === 'sandbox')!;

  it.each([
    ['1', 1],
    ['1_000', 1_000],
  ])('takes %s', (text, value) => {
    expect(parseArguments(sandbox, ['run', 'x', '--fuel', text]).wholeNumber('fuel', 1)).toBe(value);
    expect(parseArguments(sandbox, ['run', 'x']).wholeNumber('fuel', 1)).toBeUndefined();
  });

  it.each(['0', '1.5', '-1', 'x', '', ' ', '1e400', '9007199254740993'])('refuses %j', (text) => {
    const parsed = parseArguments(sandbox, ['run', 'x', `--fuel=${text}`]);
    expect(() => parsed.wholeNumber('fuel', 1)).toThrowError(expect.objectContaining({ code: 'usage' }));
  });

  it('leaves what follows -- to the guest', () => {
    expect(parseArguments(sandbox, ['run', 'x', '--', '--fuel', '-3']).positionals).toEqual([
      'run',
      'x',
      '--fuel',
      '-3',
    ]);
  });
});

describe('the state folder', () => {
  it.each([
    ['linux', { HOME: '/people/ada' }, '/people/ada/.local/state/trocar'],
    ['linux', { HOME: '/people/ada', XDG_STATE_HOME: '/var/ada' }, '/var/ada/trocar'],
    ['linux', { HOME: '/people/ada', XDG_STATE_HOME: 'relative' }, '/people/ada/.local/state/trocar'],
    ['linux', { HOME: '/people/ada', TROCAR_HOME: '/srv/t' }, '/srv/t'],
    ['linux', { HOME: '/people/ada', TROCAR_HOME: 'here' }, '/work-folder/here'],
    ['linux', {}, '/work-folder/.local/state/trocar'],
    ['darwin', { HOME: '/people/ada' }, '/people/ada/Library/Application Support/trocar'],
    ['win32', { USERPROFILE: 'C:\\Users\\ada' }, 'C:\\Users\\ada\\AppData\\Local\\trocar'],
    ['win32', { LOCALAPPDATA: 'D:\\state' }, 'D:\\state\\trocar'],
  ] as const)('on %s with %j is %s', (platform, environment, home) => {
    expect(findHome(createMemoryTerminal({ platform, environment, workingFolder: '/work-folder' }))).toBe(home);
  });
});
