import type { FlatTree } from '../../syntax/flat-tree.js';
import type { HolePiece, Piece } from '../string-pieces.js';
import { stringValue, unescapeText, unwrap } from './expressions.js';

/** The parts of a string expression: a literal, a template, or operands joined with `+`; undefined for anything else. */
export function readPieces(tree: FlatTree, expression: number): Piece[] | undefined {
  const operands = flattenSum(tree, expression);
  const pieces: Piece[] = [];
  for (const operand of operands) {
    const parts = readOperand(tree, operand);
    if (parts === undefined) return undefined;
    pieces.push(...parts);
  }
  return pieces.some(({ kind }) => kind === 'text') ? pieces : undefined;
}

/**
 * Operands of a chain of `+`. Where the first two are no strings they may be numbers that are added, so the chain up to
 * the first string stays one operand.
 */
function flattenSum(tree: FlatTree, expression: number): number[] {
  const operands: number[] = [];
  let node = unwrap(tree, expression);
  while (tree.kindOf(node) === 'BinaryExpression' && tree.detailOf(node) === '+') {
    const left = tree.childByField(node, 'left');
    const right = tree.childByField(node, 'right');
    if (!isText(tree, right) && !startsWithText(tree, left)) break;
    const inner = flattenSum(tree, right);
    operands.unshift(...(inner.length > 1 ? inner : [right]));
    node = tree.kindOf(left) === 'BinaryExpression' ? left : unwrap(tree, left);
  }
  operands.unshift(node);
  return operands;
}

/** Whether a chain of `+` is a string from its second operand on at the latest. */
function startsWithText(tree: FlatTree, expression: number): boolean {
  let node = unwrap(tree, expression);
  while (tree.kindOf(node) === 'BinaryExpression' && tree.detailOf(node) === '+') {
    if (isText(tree, tree.childByField(node, 'right'))) return true;
    node = unwrap(tree, tree.childByField(node, 'left'));
  }
  return isText(tree, node);
}

function isText(tree: FlatTree, node: number): boolean {
  const inner = unwrap(tree, node);
  return tree.kindOf(inner) === 'TemplateLiteral' || stringValue(tree, inner) !== undefined;
}

function readOperand(tree: FlatTree, operand: number): Piece[] | undefined {
  const node = unwrap(tree, operand);
  const { start, end } = tree.spanOf(node);
  if (tree.kindOf(node) === 'TemplateLiteral') return readTemplate(tree, node);
  if (stringValue(tree, node) === undefined && tree.kindOf(node) === 'Literal' && /^['"]/.test(tree.textOf(node)))
    return undefined;
  const value = stringValue(tree, node);
  if (value === undefined)
    return [toHole(tree, operand, tree.start[operand] as number, tree.end[operand] as number, false)];
  const mark = tree.text.charAt(start);
  const literal = { start, end, open: mark, close: mark };
  const isPlain = !tree.textOf(node).includes('\\');
  return [{ kind: 'text', value, start: start + 1, end: end - 1, isPlain, literal }];
}

function readTemplate(tree: FlatTree, node: number): Piece[] | undefined {
  const { text } = tree;
  const { start, end } = tree.spanOf(node);
  const literal = { start, end, open: '`', close: '`' };
  const pieces: Piece[] = [];
  let reached = start + 1;
  const addText = (to: number): boolean => {
    const raw = text.slice(reached, to);
    const value = unescapeText(raw);
    if (value === undefined) return false;
    pieces.push({ kind: 'text', value, start: reached, end: to, isPlain: !raw.includes('\\'), literal });
    return true;
  };
  for (const expression of tree.childrenByField(node, 'expressions')) {
    const open = text.lastIndexOf('${', tree.start[expression]);
    const close = text.indexOf('}', tree.end[expression]);
    // A comment inside the braces could hold a brace of its own.
    const around = text.slice(open + 2, tree.start[expression]) + text.slice(tree.end[expression], close);
    if (open < reached || close < 0 || around.trim() !== '' || !addText(open)) return undefined;
    pieces.push(toHole(tree, expression, open, close + 1, true));
    reached = close + 1;
  }
  return addText(end - 1) ? pieces : undefined;
}

function toHole(tree: FlatTree, node: number, outerStart: number, outerEnd: number, isInLiteral: boolean): HolePiece {
  return { kind: 'hole', node, ...tree.spanOf(node), outerStart, outerEnd, isInLiteral };
}
