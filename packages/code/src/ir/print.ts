import type { Block, Instruction, Terminator } from './instruction.js';
import type { IrFunction, IrModule } from './module.js';

function slotText(fn: IrFunction, slot: number): string {
  const name = fn.slotNames[slot];
  return name === undefined || name === '' ? `%${slot}` : `%${slot}:${name}`;
}

function instructionText(fn: IrFunction, instruction: Instruction): string {
  const parts: string[] = [instruction.op];
  if (instruction.name !== '') parts.push(instruction.name);
  if (instruction.op === 'const' || instruction.value !== undefined) {
    parts.push(instruction.value === undefined ? 'undefined' : JSON.stringify(instruction.value));
  }
  if (instruction.op === 'loadCell' || instruction.op === 'storeCell') {
    parts.push(`^${instruction.a}`);
    if (instruction.b >= 0) parts.push(slotText(fn, instruction.b));
  } else {
    for (const slot of [instruction.a, instruction.b, instruction.c]) if (slot >= 0) parts.push(slotText(fn, slot));
  }
  if (instruction.target >= 0) parts.push(`@${instruction.target}`);
  if (instruction.args.length > 0) parts.push(`(${instruction.args.map((arg) => argumentText(fn, arg)).join(', ')})`);
  for (const member of instruction.classInfo?.members ?? []) {
    parts.push(`${member.isStatic ? 'static ' : ''}${member.name}=${slotText(fn, member.slot)}`);
  }
  return `${instruction.dst < 0 ? '' : `${slotText(fn, instruction.dst)} = `}${parts.join(' ')}`;
}

function argumentText(fn: IrFunction, argument: Instruction['args'][number]): string {
  const marks = { plain: '', spread: '...', keyword: `${argument.name}=`, keywords: '**' };
  return `${marks[argument.kind]}${slotText(fn, argument.slot)}`;
}

function terminatorText(fn: IrFunction, terminator: Terminator): string {
  switch (terminator.kind) {
    case 'jump':
      return `jump b${terminator.target}`;
    case 'branch':
      return `branch ${slotText(fn, terminator.test)} b${terminator.yes} b${terminator.no}`;
    case 'return':
    case 'throw':
      return `${terminator.kind} ${slotText(fn, terminator.value)}`;
    case 'stop':
      return 'stop';
  }
}

function blockText(fn: IrFunction, block: Block, index: number): string {
  const head = `  b${index}:${block.handler < 0 ? '' : ` catch b${block.handler}`}`;
  const body = block.instructions.map((instruction) => `    ${instructionText(fn, instruction)}`);
  return [head, ...body, `    ${terminatorText(fn, block.terminator)}`].join('\n');
}

function functionText(fn: IrFunction): string {
  const kinds = { plain: '', rest: '...', keywords: '**', keywordOnly: '*, ' };
  const parameters = fn.parameters.map((parameter) => `${kinds[parameter.kind]}%${parameter.slot}:${parameter.name}`);
  const modifiers = `${fn.isAsync ? 'async ' : ''}${fn.isGenerator ? 'generator ' : ''}`;
  const head = `${modifiers}function @${fn.index} ${fn.path === '' ? '<module>' : fn.path}(${parameters.join(', ')})`;
  return [head, ...fn.blocks.map((block, index) => blockText(fn, block, index))].join('\n');
}

/** The printed form of a module's IR: one function after the other, blocks in order, for tests and for people. */
export function printIr(module: IrModule): string {
  return `${module.functions.map(functionText).join('\n\n')}\n`;
}
