import type { GuestLimits } from '../limits.js';
import { type Assembly, assembleModule } from './assemble.js';
import type { Attack } from './attack.js';

const limits: Partial<GuestLimits> = {
  fuelUnits: 2_000_000,
  memoryBytes: 4 * 1024 * 1024,
  wallMs: 10_000,
  stackDepth: 10_000,
};

function attackWith(
  name: string,
  what: string,
  expected: string,
  assembly: Assembly,
  changed: Partial<GuestLimits> = {},
): Attack {
  return attackWithBytes(name, what, expected, () => assembleModule(assembly), changed);
}

function attackWithBytes(
  name: string,
  what: string,
  expected: string,
  toBytes: () => Uint8Array,
  changed: Partial<GuestLimits> = {},
): Attack {
  return {
    name,
    what,
    expected,
    attempt: async (sandbox) => {
      const { trap, receipt } = await sandbox.runWasm({
        bytes: toBytes(),
        invoke: 'run',
        limits: { ...limits, ...changed },
      });
      if (trap === undefined) return `ended with ${receipt.peakMemoryBytes} bytes of memory`;
      return trap.kind === 'denied' ? `denied: ${trap.message.split(':')[0]}` : `trap: ${trap.kind}`;
    },
  };
}

const i32 = { const: 0x41, drop: 0x1a };

/** Attacks with WebAssembly modules. */
export const wasmAttacks: readonly Attack[] = [
  attackWith('endless-loop', 'loops without doing anything', 'trap: fuel', { code: [0x03, 0x40, 0x0c, 0, 0x0b] }),
  attackWith('endless-start', 'loops in its start function, before anybody calls it', 'trap: fuel', {
    code: [0x03, 0x40, 0x0c, 0, 0x0b],
    start: true,
  }),
  attackWith('endless-branch-table', 'loops by a branch table only', 'trap: fuel', {
    code: [0x03, 0x40, i32.const, 0, 0x0e, 0, 0, 0x0b],
  }),
  attackWith('endless-recursion', 'calls itself for ever', 'trap: depth', { code: [0x10, 0] }),
  attackWith('endless-tail-call', 'calls itself in tail position for ever', 'trap: fuel', { code: [0x12, 0] }),
  attackWith(
    'outlast-fuel',
    'spins with more fuel than time',
    'trap: wall',
    { code: [0x03, 0x40, 0x0c, 0, 0x0b] },
    {
      fuelUnits: 2 ** 46,
      wallMs: 150,
    },
  ),
  attackWith('memory-bomb', 'grows its memory until it is refused', 'ended with 4194304 bytes of memory', {
    // loop (br_if 0 (i32.ne (memory.grow 1) -1))
    code: [0x03, 0x40, i32.const, 1, 0x40, 0, i32.const, 0x7f, 0x47, 0x0d, 0, 0x0b],
    memory: { minimum: 1 },
  }),
  attackWith('bulk-fill', 'fills 4 MiB in one instruction, with fuel for 2 million', 'trap: fuel', {
    code: [i32.const, 0, i32.const, 0, i32.const, 0x80, 0x80, 0x80, 0x02, 0xfc, 11, 0],
    memory: { minimum: 64 },
  }),
  attackWith('declared-memory', 'declares 4 GiB of memory at once', 'denied: over-cap', {
    code: [],
    memory: { minimum: 65_536 },
  }),
  attackWith('declared-table', 'declares a table of four thousand million elements', 'denied: over-cap', {
    code: [],
    table: 2 ** 32 - 1,
  }),
  attackWith('shared-memory', 'asks for memory that threads share, to race and to time', 'denied: unsupported', {
    code: [],
    memory: { minimum: 1, shared: true },
  }),
  attackWith(
    'host-import',
    'imports a function of the host that nobody granted',
    'denied: The module asks for 1 imports that no grant names',
    {
      code: [0x10, 0],
      import: ['env', 'exec'],
    },
  ),
  attackWith('forged-meter', 'exports the name under which the meter keeps the fuel', 'denied: reserved-name', {
    code: [],
    exportName: 'trocar:fuel',
  }),
  attackWith('unknown-opcode', 'uses an instruction of the thread proposal', 'denied: unsupported', {
    code: [0xfe, 3, 0],
  }),
  attackWithBytes('truncated-module', 'ends in the middle of a section', 'denied: malformed', () =>
    assembleModule({ code: [] }).slice(0, -3),
  ),
];
