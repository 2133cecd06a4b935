import type { IrMember } from '../../ir/module.js';
import type { PyContext } from './context.js';
import { lowerArguments } from './lower-expression.js';
import { applyDecorators, classPrefix } from './lower-function.js';
import { lowerBlock } from './lower-statement.js';

const dataclassDecorators = /(?:^|\.)(?:dataclass|define|frozen|attrs|s)\b/;

/** Lowers a class and returns the slot of its value. Its body is ordinary code whose names become the members. */
export function lowerClass(cx: PyContext, node: number, decorators: readonly number[] = []): number {
  const { tree, fn } = cx;
  const name = tree.textOf(tree.childByField(node, 'name'));
  const superclasses = lowerArguments(cx, tree.childByField(node, 'superclasses'));
  const bases = superclasses.filter((argument) => argument.kind === 'plain').map((argument) => argument.slot);
  lowerBlock(cx, tree.childByField(node, 'body'));
  const kinds = memberKinds(cx, node);
  const members: IrMember[] = [];
  for (const binding of cx.scopes.classBindings(node)) {
    cx.at(node);
    const slot = cx.readBinding(binding);
    members.push({ name: binding.name, ...(kinds.get(binding.name) ?? { kind: 'value', isStatic: false }), slot });
  }
  const isData =
    decorators.some((decorator) => dataclassDecorators.test(tree.textOf(decorator).slice(1).trim())) ||
    /NamedTuple|BaseModel/.test(tree.textOf(tree.childByField(node, 'superclasses')));
  const annotated = isData ? annotatedFields(cx, node, members) : [];
  cx.at(node);
  const slot = fn.compute('class', {
    name,
    classInfo: { name, path: cx.pathOf(classPrefix(cx, node) + name), bases, members, initializers: [], annotated },
  });
  return applyDecorators(cx, decorators, slot);
}

type MemberKind = Pick<IrMember, 'kind' | 'isStatic'>;

function statementsOf(cx: PyContext, node: number): number[] {
  return cx.tree.childrenOf(cx.tree.childByField(node, 'body'));
}

/** What the definitions of a class body are, by their decorators. */
function memberKinds(cx: PyContext, node: number): Map<string, MemberKind> {
  const { tree } = cx;
  const kinds = new Map<string, MemberKind>();
  for (const statement of statementsOf(cx, node)) {
    const isDecorated = tree.kindOf(statement) === 'decorated_definition';
    const definition = isDecorated ? tree.childByField(statement, 'definition') : statement;
    if (tree.kindOf(definition) !== 'function_definition') continue;
    const names = tree
      .childrenOf(statement)
      .filter((child) => tree.kindOf(child) === 'decorator')
      .map((child) => tree.textOf(child).slice(1).trim());
    const name = tree.textOf(tree.childByField(definition, 'name'));
    const isGetter = names.some((one) => /(?:^|\.)(?:cached_)?property$/.test(one));
    const isSetter = names.some((one) => /\.(?:setter|deleter)$/.test(one));
    if (isSetter) continue;
    const kind = isGetter ? 'getter' : names.includes('classmethod') ? 'classMethod' : 'method';
    kinds.set(name, { kind, isStatic: names.includes('staticmethod') });
  }
  return kinds;
}

/** Annotated names of a class body in order, with the slot of their default or -1. */
function annotatedFields(cx: PyContext, node: number, members: readonly IrMember[]): { name: string; slot: number }[] {
  const { tree } = cx;
  return statementsOf(cx, node).flatMap((statement) => {
    const assignment = tree.firstChild[statement] as number;
    if (tree.kindOf(statement) !== 'expression_statement' || tree.kindOf(assignment) !== 'assignment') return [];
    if (tree.childByField(assignment, 'type') < 0) return [];
    const name = tree.textOf(tree.childByField(assignment, 'left'));
    const hasDefault = tree.childByField(assignment, 'right') >= 0;
    return [{ name, slot: hasDefault ? (members.find((member) => member.name === name)?.slot ?? -1) : -1 }];
  });
}
