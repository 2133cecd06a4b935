import type { CallArgument } from '../../ir/instruction.js';
import { cookText } from '../cooked-text.js';
import type { PyContext } from './context.js';
import { lowerExpression } from './lower-expression.js';

/** Parts of a string literal: its texts and, in an f-string, the values between them. */
function partsOf(cx: PyContext, node: number): CallArgument[] {
  const { tree, fn } = cx;
  const parts: CallArgument[] = [];
  let isRaw = false;
  for (const child of tree.childrenOf(node)) {
    cx.at(child);
    switch (tree.kindOf(child)) {
      case 'string_start':
        isRaw = /r/i.test(tree.textOf(child));
        break;
      case 'string_content': {
        const text = tree.textOf(child);
        const cooked = isRaw ? text : cookText(text);
        const isFormat = tree.childrenOf(child).some((inner) => tree.kindOf(inner) === 'escape_interpolation');
        parts.push(
          cx.argument(
            child,
            fn.constant(isFormat ? cooked.replace(/\{\{|\}\}/g, (pair) => pair[0] as string) : cooked),
          ),
        );
        break;
      }
      case 'interpolation': {
        const expression = tree.childByField(child, 'expression');
        if (expression >= 0) parts.push(interpolated(cx, child, expression));
        break;
      }
      default:
    }
  }
  return parts;
}

/** `{value:05d}` prints a number whatever the value was. */
function interpolated(cx: PyContext, node: number, expression: number): CallArgument {
  const { tree, fn } = cx;
  const slot = lowerExpression(cx, expression);
  const format = tree.childByField(node, 'format_specifier');
  if (format < 0 || !/[bdoxXeEfFgGn%]$/.test(tree.textOf(format))) return cx.argument(node, slot);
  cx.at(node);
  const number = fn.compute('call', {
    a: fn.compute('global', { name: 'float' }),
    args: [cx.argument(expression, slot)],
  });
  return cx.argument(node, number);
}

/** Lowers a string literal, an f-string, or several that stand side by side. */
export function lowerText(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const strings = tree.kindOf(node) === 'concatenated_string' ? tree.childrenOf(node) : [node];
  const parts = strings.flatMap((string) => partsOf(cx, string));
  cx.at(node);
  const isPlain = strings.every(
    (string) => !tree.childrenOf(string).some((child) => tree.kindOf(child) === 'interpolation'),
  );
  if (parts.length === 0) return fn.constant('');
  if (parts.length === 1 && isPlain) return (parts[0] as CallArgument).slot;
  return fn.compute('template', { args: parts });
}
