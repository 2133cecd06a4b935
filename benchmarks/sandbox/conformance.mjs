// Runs the WebAssembly specification suite in plain V8 and metered, side by side. A regression is a command that plain
// V8 passes and the metered module does not.
//   node conformance.mjs SUITE_DIR [--json FILE]      needs wasm-tools (json-from-wast) on PATH or in WASM_TOOLS
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meterModule } from '../../packages/sandbox/dist/wasm/meter.js';
import { callExactly, isPlain } from './spec-wrapper.mjs';

const grant = 2n ** 50n;
const caps = { memoryPages: 65_536, tableElements: 2 ** 32 - 1 };

/** One way to run modules: `prepare` turns bytes into something to instantiate. */
class Runner {
  constructor(metered) {
    this.metered = metered;
    const print = () => {};
    const globals = { i32: [666, 'i32'], i64: [666n, 'i64'], f32: [666.6, 'f32'], f64: [666.6, 'f64'] };
    const spectest = {
      print,
      print_i32: print,
      print_i64: print,
      print_f32: print,
      print_f64: print,
      print_i32_f32: print,
      print_f64_f64: print,
    };
    for (const [name, [value, type]] of Object.entries(globals))
      spectest[`global_${name}`] = new WebAssembly.Global({ value: type }, value);
    spectest.table = new WebAssembly.Table({ initial: 10, maximum: 20, element: 'anyfunc' });
    spectest.memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
    this.registered = { spectest };
    this.named = new Map();
    this.current = undefined;
    this.tanks = [];
    /** Why modules of this file were refused; what follows such a module in its file may depend on it. */
    this.refused = new Set();
  }

  instantiate(bytes) {
    let module;
    let hasStart = false;
    if (this.metered) {
      // As the sandbox does: the engine judges the module as it was, then as it is.
      new WebAssembly.Module(bytes);
      const result = meterModule(bytes, caps);
      if (!result.ok) {
        if (result.refusal.code === 'unsupported') this.refused.add(result.refusal.message.replace(/ at byte \d+/, ''));
        throw new Error(`refused: ${result.refusal.code}: ${result.refusal.message}`);
      }
      module = new WebAssembly.Module(result.module.bytes);
      hasStart = result.module.hasStart;
    } else {
      module = new WebAssembly.Module(bytes);
    }
    const instance = new WebAssembly.Instance(module, this.registered);
    if (this.metered) {
      this.tanks.push(instance.exports);
      this.grant();
      if (hasStart) instance.exports['trocar:start']();
    }
    return instance;
  }

  grant() {
    for (const exports of this.tanks) {
      exports['trocar:fuel'].value = grant;
      exports['trocar:stack'].value = 12_000;
    }
  }

  instanceOf(name) {
    return name === undefined ? this.current : this.named.get(name);
  }

  act(action) {
    const instance = this.instanceOf(action.module);
    if (instance === undefined) throw new Error('no instance');
    const thing = instance.exports[action.field];
    if (action.type === 'get') return { value: thing.value };
    this.grant();
    const takes = action.args.map(({ type }) => type);
    const gives = (action.expected ?? []).map(({ type }) => type);
    if (action.expected !== undefined && isPlain(takes) && isPlain(gives)) {
      return { slots: callExactly(thing, takes, gives, action.args.map(toSlot)) };
    }
    const values = thing(...action.args.map(toValue));
    return { values: gives.length > 1 ? [...values] : [values] };
  }
}

function toSlot({ type, value, lane_type: lane }) {
  const slot = new Uint8Array(16);
  const view = new DataView(slot.buffer);
  if (type === 'v128') {
    const size = { i8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 }[lane];
    for (const [index, item] of value.entries()) {
      const bits = BigInt(item);
      for (let byte = 0; byte < size; byte += 1) slot[index * size + byte] = Number((bits >> BigInt(byte * 8)) & 255n);
    }
  } else {
    view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  }
  return slot;
}

const refs = new Map();
function toValue({ type, value }) {
  if (value === 'null' || value === undefined) return null;
  if (type === 'externref') {
    if (!refs.has(value)) refs.set(value, { value });
    return refs.get(value);
  }
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  switch (type) {
    case 'i32':
      return bits.getInt32(0, true);
    case 'i64':
      return bits.getBigInt64(0, true);
    case 'f32':
      return bits.getFloat32(0, true);
    case 'f64':
      return bits.getFloat64(0, true);
    default:
      throw new Error(`argument of type ${type}`);
  }
}

function isNanPattern(bits, width, kind) {
  const mantissa = width === 32 ? 23n : 52n;
  const exponent = width === 32 ? 0xffn : 0x7ffn;
  if (((bits >> mantissa) & exponent) !== exponent) return false;
  const payload = bits & ((1n << mantissa) - 1n);
  const quiet = 1n << (mantissa - 1n);
  return kind === 'nan:canonical' ? payload === quiet : (payload & quiet) !== 0n;
}

function matchBits(slot, offset, width, expected) {
  let bits = 0n;
  for (let byte = width / 8 - 1; byte >= 0; byte -= 1) bits = (bits << 8n) | BigInt(slot[offset + byte]);
  if (String(expected).startsWith('nan:')) return isNanPattern(bits, width, expected);
  return bits === BigInt.asUintN(width, BigInt(expected));
}

function matches(outcome, expected) {
  if (outcome.slots !== undefined) {
    return expected.every(({ type, value, lane_type: lane }, index) => {
      const slot = outcome.slots[index];
      if (type !== 'v128') return matchBits(slot, 0, type.endsWith('32') ? 32 : 64, value);
      const width = Number(lane.slice(1));
      return value.every((item, at) => matchBits(slot, (at * width) / 8, width, item));
    });
  }
  const values = outcome.values ?? [outcome.value];
  return expected.every((item, index) => {
    const value = values[index];
    if (item.type in { i32: 1, i64: 1, f32: 1, f64: 1 }) {
      const wanted = String(item.value).startsWith('nan:') ? Number.NaN : toValue(item);
      return Object.is(value, wanted) || (typeof value === 'number' && Number.isNaN(value) && Number.isNaN(wanted));
    }
    if (item.value === 'null') return value === null;
    if (item.type === 'externref' && item.value !== undefined) return value === toValue(item);
    return value !== null;
  });
}

/** Runs one command; true, false, or undefined when it is nothing to pass. */
function runCommand(runner, command, directory) {
  const load = () => new Uint8Array(readFileSync(join(directory, command.filename)));
  switch (command.type) {
    case 'module': {
      runner.current = undefined;
      if (command.name !== undefined) runner.named.delete(command.name);
      runner.current = runner.instantiate(load());
      if (command.name !== undefined) runner.named.set(command.name, runner.current);
      return true;
    }
    case 'module_definition':
    case 'module_instance':
      return undefined;
    case 'register':
      runner.registered[command.as] = runner.instanceOf(command.name).exports;
      return undefined;
    case 'action':
      runner.act(command.action);
      return true;
    case 'assert_return':
      return matches(runner.act({ ...command.action, expected: command.expected }), command.expected);
    case 'assert_trap':
    case 'assert_exhaustion':
      try {
        if (command.action === undefined) runner.instantiate(load());
        else runner.act(command.action);
        return false;
      } catch (error) {
        return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
      }
    case 'assert_exception':
      try {
        runner.act(command.action);
        return false;
      } catch (error) {
        return error instanceof WebAssembly.Exception;
      }
    case 'assert_invalid':
    case 'assert_malformed':
      if (command.module_type === 'text') return undefined;
      try {
        new WebAssembly.Module(runner.metered ? meterAnyway(load()) : load());
        return false;
      } catch {
        return true;
      }
    case 'assert_unlinkable':
    case 'assert_uninstantiable':
      try {
        runner.instantiate(load());
        return false;
      } catch {
        return true;
      }
    default:
      return undefined;
  }
}

/** Meters a module that need not be valid, so as to see that metering does not make it valid. */
function meterAnyway(bytes) {
  const result = meterModule(bytes, caps);
  if (!result.ok) throw new Error(result.refusal.message);
  return WebAssembly.validate(bytes) ? result.module.bytes : bytes;
}

function attempt(runner, command, directory) {
  try {
    return runCommand(runner, command, directory);
  } catch {
    return false;
  }
}

const [suite] = process.argv.slice(2);
if (suite === undefined) {
  process.stderr.write('Usage: node conformance.mjs SUITE_DIR [--json FILE]\n');
  process.exit(2);
}
const counts = {};
const regressions = [];
const refusals = {};
let behindRefusals = 0;
const unconverted = [];
const files = readdirSync(suite)
  .filter((name) => name.endsWith('.wast'))
  .sort();
for (const file of files) {
  const directory = mkdtempSync(join(tmpdir(), 'spec-'));
  try {
    const json = join(directory, 'commands.json');
    try {
      execFileSync(
        process.env.WASM_TOOLS ?? 'wasm-tools',
        ['json-from-wast', join(suite, file), '--output', json, '--wasm-dir', directory],
        { stdio: 'pipe' },
      );
    } catch {
      unconverted.push(file);
      continue;
    }
    const plain = new Runner(false);
    const metered = new Runner(true);
    for (const command of JSON.parse(readFileSync(json, 'utf8')).commands) {
      const before = attempt(plain, command, directory);
      const after = attempt(metered, command, directory);
      if (before === undefined) continue;
      counts[command.type] ??= { total: 0, plain: 0, metered: 0 };
      counts[command.type].total += 1;
      if (before) counts[command.type].plain += 1;
      if (after) counts[command.type].metered += 1;
      if (!before || after) continue;
      if (metered.refused.size > 0) behindRefusals += 1;
      else regressions.push(`${file}:${command.line} ${command.type}`);
    }
    for (const reason of metered.refused) refusals[reason] = (refusals[reason] ?? 0) + 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
for (const [type, { total, plain, metered }] of Object.entries(counts)) {
  process.stdout.write(
    `${type.padEnd(22)} ${String(total).padStart(6)} ${String(plain).padStart(6)} ${String(metered).padStart(6)}\n`,
  );
}
for (const line of regressions.slice(0, 40)) process.stdout.write(`REGRESSION ${line}\n`);
for (const [reason, count] of Object.entries(refusals)) process.stdout.write(`refused in ${count} files: ${reason}\n`);
process.stdout.write(`${behindRefusals} commands of plain V8 lie behind modules that are refused by name\n`);
process.stdout.write(`${files.length} files, ${unconverted.length} not converted, ${regressions.length} regressions\n`);
const jsonAt = process.argv.indexOf('--json');
if (jsonAt > 0)
  writeFileSync(
    process.argv[jsonAt + 1],
    `${JSON.stringify({ node: process.version, v8: process.versions.v8, files: files.length, unconverted, counts, refusals, behindRefusals, regressions }, null, 2)}\n`,
  );
process.exitCode = regressions.length > 0 ? 1 : 0;
