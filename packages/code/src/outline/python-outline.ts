import { type FlatTree, nodeFlag, type Span } from '../syntax/flat-tree.js';
import { OutlineBuilder } from './outline-builder.js';
import { declarationSpan, type OutlineSymbol, type SymbolKind } from './outline-symbol.js';

/** Statements whose blocks declare in the scope around them. */
const transparentKinds = new Set([
  'module',
  'block',
  'if_statement',
  'elif_clause',
  'else_clause',
  'try_statement',
  'except_clause',
  'finally_clause',
  'with_statement',
  'expression_statement',
]);

/** The outline of a Python tree. One pass over the rows; nothing recurses. */
export function outlinePython(tree: FlatTree): OutlineSymbol[] {
  const builder = new OutlineBuilder(tree);
  const owner = new Int32Array(tree.size).fill(-1);
  for (let node = 1; node < tree.size; node += 1) {
    const parent = owner[tree.parent[node] as number] as number;
    owner[node] = parent;
    const kind = tree.kindOf(node);
    if (kind === 'function_definition' || kind === 'class_definition')
      owner[node] = addDefinition(tree, builder, node, parent);
    else if (kind === 'assignment') addAssignment(tree, builder, node, parent);
    else if (kind === 'type_alias_statement') addTypeAlias(tree, builder, node, parent);
  }
  return builder.symbols;
}

function addDefinition(tree: FlatTree, builder: OutlineBuilder, node: number, parent: number): number {
  const wrapper = tree.parent[node] as number;
  const isDecorated = tree.kindOf(wrapper) === 'decorated_definition';
  const decorators = isDecorated ? tree.childrenOf(wrapper).filter((child) => tree.kindOf(child) === 'decorator') : [];
  const decoratorTexts = decorators.map((decorator) => tree.textOf(decorator).replace(/^@\s*/, ''));
  const id = tree.childByField(node, 'name');
  const name = tree.textOf(id);
  const body = tree.childByField(node, 'body');
  const span = tree.spanOf(node);
  const bodySpan = body < 0 ? undefined : tree.spanOf(body);
  const last = builder.symbols.length - 1;
  const isImplementation = last >= 0 && overloads.get(builder)?.has(last) === true;
  const isOverload = decoratorTexts.some((text) => /^(typing\.|t\.|typing_extensions\.)?overload$/.test(text));
  const previous = builder.symbols[last];
  let index: number;
  if (isImplementation && previous?.name === name && previous.parent === parent) {
    builder.extend(last, span.end, bodySpan);
    index = last;
  } else {
    index = builder.add({
      name,
      kind: kindOf(tree, builder, node, parent, decoratorTexts),
      span,
      nameSpan: tree.spanOf(id),
      bodySpan,
      decorators: decorators.map((decorator) => tree.spanOf(decorator)),
      parent,
      isStatic: decoratorTexts.includes('staticmethod') || decoratorTexts.includes('classmethod'),
      isAsync: tree.hasFlag(node, nodeFlag.async) || /^async\b/.test(tree.textOf(node)),
    });
  }
  if (isOverload) markOverload(builder, index);
  else overloads.get(builder)?.delete(index);
  return index;
}

/** Symbols that so far consist of `@overload` signatures only, by the builder that holds them. */
const overloads = new WeakMap<OutlineBuilder, Set<number>>();

function markOverload(builder: OutlineBuilder, index: number): void {
  const marked = overloads.get(builder) ?? new Set();
  marked.add(index);
  overloads.set(builder, marked);
}

function kindOf(
  tree: FlatTree,
  builder: OutlineBuilder,
  node: number,
  parent: number,
  decorators: readonly string[],
): SymbolKind {
  if (tree.kindOf(node) === 'class_definition') return 'class';
  if (builder.symbols[parent]?.kind !== 'class') return 'function';
  if (decorators.some((text) => /(^|\.|_)(cached_)?property$/.test(text))) return 'getter';
  if (decorators.some((text) => text.endsWith('.setter'))) return 'setter';
  return tree.textOf(tree.childByField(node, 'name')) === '__init__' ? 'constructor' : 'method';
}

/** Assignments to names at the top of a module or class; those in functions are local variables, not symbols. */
function addAssignment(tree: FlatTree, builder: OutlineBuilder, node: number, parent: number): void {
  if (!standsInDeclarations(tree, node, builder, parent)) return;
  const statement = tree.parent[node] as number;
  const targets: number[] = [];
  const stack = [tree.childByField(node, 'left')];
  for (let target = stack.pop(); target !== undefined; target = stack.pop()) {
    const kind = tree.kindOf(target);
    if (kind === 'identifier') targets.push(target);
    else if (/^(pattern_list|tuple_pattern|list_pattern|list_splat_pattern)$/.test(kind)) {
      stack.push(...tree.childrenOf(target).reverse());
    }
  }
  const isChain =
    tree.kindOf(statement) === 'assignment' || tree.kindOf(tree.childByField(node, 'right')) === 'assignment';
  let outer = node;
  while (tree.kindOf(tree.parent[outer] as number) === 'assignment') outer = tree.parent[outer] as number;
  for (const target of targets) {
    const name = tree.textOf(target);
    const plain: SymbolKind = /^_*[A-Z][A-Z0-9_]*$/.test(name) ? 'constant' : 'variable';
    builder.add({
      name,
      kind: builder.symbols[parent]?.kind === 'class' ? 'property' : plain,
      span: statementSpan(tree, outer),
      nameSpan: tree.spanOf(target),
      parent,
      isShared: targets.length > 1 || isChain,
    });
  }
}

function addTypeAlias(tree: FlatTree, builder: OutlineBuilder, node: number, parent: number): void {
  const left = tree.childByField(node, 'left');
  const name = /^\w+/.exec(tree.textOf(left < 0 ? node : left))?.[0];
  if (name === undefined || left < 0) return;
  const start = tree.start[left] as number;
  const nameSpan = { start, end: start + name.length };
  builder.add({ name, kind: 'type', span: tree.spanOf(node), nameSpan, parent });
}

function standsInDeclarations(tree: FlatTree, node: number, builder: OutlineBuilder, parent: number): boolean {
  const owner = builder.symbols[parent];
  if (owner !== undefined && owner.kind !== 'class') return false;
  const limit = owner === undefined ? -1 : declarationSpan(owner).start;
  for (let outer = tree.parent[node] as number; outer > 0; outer = tree.parent[outer] as number) {
    const kind = tree.kindOf(outer);
    if (kind === 'class_definition' && (tree.start[outer] as number) >= limit) return true;
    if (kind !== 'assignment' && !transparentKinds.has(kind)) return false;
  }
  return true;
}

/** The statement around an assignment, which is the assignment itself unless others share the line. */
function statementSpan(tree: FlatTree, assignment: number): Span {
  const statement = tree.parent[assignment] as number;
  return tree.spanOf(tree.kindOf(statement) === 'expression_statement' ? statement : assignment);
}
