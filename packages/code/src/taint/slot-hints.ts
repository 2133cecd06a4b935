import type { IrFunction } from '../ir/module.js';

const hints = new WeakMap<IrFunction, readonly string[]>();

/** What the source calls the value of each slot: a variable, a field, an imported name. Empty where it has no name. */
export function slotHints(fn: IrFunction): readonly string[] {
  const known = hints.get(fn);
  if (known !== undefined) return known;
  const names = [...fn.slotNames];
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      if (instruction.dst < 0 || names[instruction.dst]) continue;
      switch (instruction.op) {
        case 'loadField':
        case 'loadCell':
        case 'callMethod':
        case 'global':
          names[instruction.dst] = instruction.name;
          break;
        case 'import':
          names[instruction.dst] = /^[*]$|^default$|^module\.exports$/.test(String(instruction.value))
            ? instruction.name.replace(/^.*[/:]/, '')
            : String(instruction.value);
          break;
        case 'call':
        case 'await':
          names[instruction.dst] = names[instruction.a] ?? '';
          break;
        case 'this':
          names[instruction.dst] = 'this';
          break;
        default:
      }
    }
  }
  hints.set(fn, names);
  return names;
}
