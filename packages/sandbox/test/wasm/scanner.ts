/**
 * An independent look at metered code: written against the specification, not against the meter. It walks every body
 * and reports each function entry and each repeated loop that does not charge fuel at once.
 */
export interface ScanReport {
  readonly functions: number;
  readonly loops: number;
  readonly faults: readonly string[];
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function leb(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = cursor.bytes[cursor.at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}

interface Instruction {
  readonly opcode: number;
  readonly index: number;
  readonly labels: readonly number[];
}

/** Decodes one instruction of those that engines know today. */
function decode(cursor: Cursor): Instruction {
  const opcode = cursor.bytes[cursor.at++]!;
  const one = (index: number, labels: readonly number[] = []): Instruction => ({ opcode, index, labels });
  if ((opcode >= 0x02 && opcode <= 0x04) || opcode === 0x06) return one(leb(cursor));
  if (opcode === 0x0c || opcode === 0x0d) return one(0, [leb(cursor)]);
  if (opcode === 0x0e) {
    const count = leb(cursor);
    return one(
      0,
      Array.from({ length: count + 1 }, () => leb(cursor)),
    );
  }
  if (opcode === 0x11 || opcode === 0x13) {
    leb(cursor);
    return one(leb(cursor));
  }
  if (opcode === 0x1c) {
    for (let left = leb(cursor); left > 0; left -= 1) leb(cursor);
    return one(0);
  }
  if (opcode >= 0x28 && opcode <= 0x3e) {
    leb(cursor);
    return one(leb(cursor));
  }
  if (opcode === 0x43) cursor.at += 4;
  if (opcode === 0x44) cursor.at += 8;
  const indexed = [0x07, 0x08, 0x09, 0x10, 0x12, 0x18, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2];
  if (indexed.includes(opcode) || (opcode >= 0x20 && opcode <= 0x26)) return one(leb(cursor));
  if (opcode === 0xfc) {
    const sub = leb(cursor);
    for (let left = sub < 8 ? 0 : [8, 10, 12, 14].includes(sub) ? 2 : 1; left > 0; left -= 1) leb(cursor);
  }
  if (opcode === 0xfd) {
    const sub = leb(cursor);
    if (sub <= 11 || (sub >= 84 && sub <= 93)) {
      leb(cursor);
      leb(cursor);
      if (sub >= 84 && sub <= 91) cursor.at += 1;
    } else if (sub === 12 || sub === 13) cursor.at += 16;
    else if (sub >= 21 && sub <= 34) cursor.at += 1;
  }
  return one(0);
}

/** Whether fuel is taken from here on: (global|local).get x, i64.const c, i64.sub, and a set or tee. */
function charges(bytes: Uint8Array, start: number, fuelGlobal: number): boolean {
  const cursor = { bytes, at: start };
  const from = decode(cursor);
  if (from.opcode !== 0x20 && !(from.opcode === 0x23 && from.index === fuelGlobal)) return false;
  if (decode(cursor).opcode !== 0x42 || decode(cursor).opcode !== 0x7d) return false;
  const to = decode(cursor);
  return to.opcode === 0x21 || to.opcode === 0x22 || (to.opcode === 0x24 && to.index === fuelGlobal);
}

/** Whether the charge at `start` is followed by a check: i64.const 0, i64.lt_s, br_if. */
function checks(bytes: Uint8Array, start: number): boolean {
  const cursor = { bytes, at: start };
  if (decode(cursor).opcode !== 0x20 && bytes[start] !== 0x23) return false;
  let next = decode(cursor);
  if (next.opcode === 0x42) {
    decode(cursor);
    next = decode(cursor);
  }
  return (
    next.opcode === 0x22 &&
    decode(cursor).opcode === 0x42 &&
    decode(cursor).opcode === 0x53 &&
    decode(cursor).opcode === 0x0d
  );
}

/** Scans the code of a metered module whose fuel is the global `fuelGlobal`. */
export function scanMetered(bytes: Uint8Array, fuelGlobal: number): ScanReport {
  const faults: string[] = [];
  let functions = 0;
  let loops = 0;
  const sections: Cursor = { bytes, at: 8 };
  while (sections.at < bytes.length) {
    const id = bytes[sections.at++]!;
    const size = leb(sections);
    const content: Cursor = { bytes, at: sections.at };
    sections.at += size;
    if (id !== 10) continue;
    for (let left = leb(content); left > 0; left -= 1) {
      const bodySize = leb(content);
      const end = content.at + bodySize;
      const body: Cursor = { bytes, at: content.at };
      for (let groups = leb(body); groups > 0; groups -= 1) {
        leb(body);
        leb(body);
      }
      // A block around the whole body, to whose end the checks branch.
      const entry = bytes[body.at] === 0x02 && bytes[body.at + 1] === 0x40 ? body.at + 2 : body.at;
      if (!charges(bytes, entry, fuelGlobal) && !charges(bytes, body.at, fuelGlobal))
        faults.push(`function ${functions}: entry`);
      functions += 1;
      const open: { head: number; loop: boolean; repeated: boolean; dead: boolean }[] = [];
      // Code behind an unconditional jump is never run, so it need not be charged.
      let dead = false;
      while (body.at < end) {
        const { opcode, labels } = decode(body);
        for (const label of dead ? [] : labels) {
          const target = open.at(-1 - label);
          if (target !== undefined) target.repeated = true;
        }
        if (opcode === 0x02 || opcode === 0x03 || opcode === 0x04 || opcode === 0x06) {
          open.push({ head: body.at, loop: opcode === 0x03, repeated: false, dead });
        } else if ([0x00, 0x08, 0x09, 0x0c, 0x0e, 0x0f, 0x12, 0x13].includes(opcode)) {
          dead = true;
        } else if (opcode === 0x05 || opcode === 0x07 || opcode === 0x19) {
          dead = open.at(-1)?.dead ?? false;
        } else if (opcode === 0x0b || opcode === 0x18) {
          const closed = open.pop();
          dead = closed?.dead ?? false;
          if (closed?.loop !== true) continue;
          loops += 1;
          if (closed.repeated && !checks(bytes, closed.head))
            faults.push(`function ${functions - 1}: loop at ${closed.head}`);
        }
      }
      content.at = end;
    }
  }
  return { functions, loops, faults };
}
