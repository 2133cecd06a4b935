/**
 * How the immediates of an opcode are laid out, and whether control passes through it. One byte per opcode, so that the
 * scan is one table look-up and one dense `switch`.
 */
export const layout = {
  unknown: 0,
  none: 1,
  index: 2,
  twoIndexes: 3,
  memory: 4,
  float32: 5,
  float64: 6,
  selectTyped: 7,
  prefixMisc: 8,
  prefixVector: 9,
  free: 10,
  block: 11,
  loop: 12,
  if: 13,
  else: 14,
  end: 15,
  branch: 16,
  branchIf: 17,
  branchTable: 18,
  return: 19,
  unreachable: 20,
  call: 21,
  callIndirect: 22,
  tailCall: 23,
  tailCallIndirect: 24,
  try: 25,
  catch: 26,
  catchAll: 27,
  delegate: 28,
  throw: 29,
  throwRef: 30,
  tryTable: 31,
  memoryGrow: 32,
  callRef: 33,
  tailCallRef: 34,
} as const;

/** Layout of each one-byte opcode. Zero means: not metered, so refused. */
export const opcodeLayout: Uint8Array = createOpcodeLayout();

function createOpcodeLayout(): Uint8Array {
  const table = new Uint8Array(256);
  const set = (from: number, to: number, value: number) => table.fill(value, from, to + 1);
  set(0x00, 0x00, layout.unreachable);
  set(0x01, 0x01, layout.free);
  set(0x02, 0x02, layout.block);
  set(0x03, 0x03, layout.loop);
  set(0x04, 0x04, layout.if);
  set(0x05, 0x05, layout.else);
  set(0x06, 0x06, layout.try);
  set(0x07, 0x07, layout.catch);
  set(0x08, 0x09, layout.throw);
  set(0x0a, 0x0a, layout.throwRef);
  set(0x0b, 0x0b, layout.end);
  set(0x0c, 0x0c, layout.branch);
  set(0x0d, 0x0d, layout.branchIf);
  set(0x0e, 0x0e, layout.branchTable);
  set(0x0f, 0x0f, layout.return);
  set(0x10, 0x10, layout.call);
  set(0x11, 0x11, layout.callIndirect);
  set(0x12, 0x12, layout.tailCall);
  set(0x13, 0x13, layout.tailCallIndirect);
  set(0x14, 0x14, layout.callRef);
  set(0x15, 0x15, layout.tailCallRef);
  set(0x18, 0x18, layout.delegate);
  set(0x19, 0x19, layout.catchAll);
  set(0x1a, 0x1a, layout.free);
  set(0x1b, 0x1b, layout.none);
  set(0x1c, 0x1c, layout.selectTyped);
  set(0x1f, 0x1f, layout.tryTable);
  set(0x20, 0x26, layout.index);
  set(0x28, 0x3e, layout.memory);
  set(0x3f, 0x3f, layout.index);
  set(0x40, 0x40, layout.memoryGrow);
  set(0x41, 0x42, layout.index);
  set(0x43, 0x43, layout.float32);
  set(0x44, 0x44, layout.float64);
  set(0x45, 0xc4, layout.none);
  set(0xd0, 0xd0, layout.index);
  set(0xd1, 0xd1, layout.none);
  set(0xd2, 0xd2, layout.index);
  set(0xd3, 0xd4, layout.none);
  set(0xd5, 0xd6, layout.branchIf);
  set(0xfc, 0xfc, layout.prefixMisc);
  set(0xfd, 0xfd, layout.prefixVector);
  return table;
}

/** How an operator after the prefix 0xFC is laid out and charged. */
export const miscLayout = {
  unknown: 0,
  none: 1,
  index: 2,
  bulk: 3,
  bulkTwoIndexes: 4,
  tableGrow: 5,
} as const;

/** Layouts of 0xFC 0 to 17: saturating conversions, then memory and table operations. */
export const miscLayouts: Uint8Array = Uint8Array.of(
  ...new Array<number>(8).fill(miscLayout.none),
  miscLayout.bulkTwoIndexes, // memory.init
  miscLayout.index, // data.drop
  miscLayout.bulkTwoIndexes, // memory.copy
  miscLayout.bulk, // memory.fill
  miscLayout.bulkTwoIndexes, // table.init
  miscLayout.index, // elem.drop
  miscLayout.bulkTwoIndexes, // table.copy
  miscLayout.tableGrow,
  miscLayout.index, // table.size
  miscLayout.bulk, // table.fill
);

/** How an operator after the prefix 0xFD (SIMD) is laid out. */
export const vectorLayout = { unknown: 0, none: 1, memory: 2, bytes16: 3, lane: 4, memoryLane: 5 } as const;

/** Layouts of 0xFD 0 to 255. Relaxed SIMD (256 and above) is not deterministic across machines, so it is refused. */
export const vectorLayouts: Uint8Array = createVectorLayouts();

function createVectorLayouts(): Uint8Array {
  const table = new Uint8Array(256).fill(vectorLayout.none);
  table.fill(vectorLayout.memory, 0, 12);
  table.fill(vectorLayout.bytes16, 12, 14);
  table.fill(vectorLayout.lane, 21, 35);
  table.fill(vectorLayout.memoryLane, 84, 92);
  table.fill(vectorLayout.memory, 92, 94);
  return table;
}
