import type { IrFunction, IrModule } from '../../ir/module.js';
import { type FlatTree, nodeFlag } from '../../syntax/flat-tree.js';
import { JsContext } from './context.js';
import { lowerExpression } from './lower-expression.js';
import { lowerFunction } from './lower-function.js';
import { lowerStatement, lowerStatements } from './lower-statement.js';
import { identifierName, patternNames } from './scopes.js';

function sourceOf(cx: JsContext, node: number): string {
  return cx.tree.textOf(cx.tree.childByField(node, 'source')).slice(1, -1);
}

function exportedName(cx: JsContext, node: number): string {
  return cx.tree.textOf(node).replace(/^['"]|['"]$/g, '');
}

/** An import runs the other module; its names are looked up where they are used. */
export function lowerImport(cx: JsContext, node: number): void {
  if (cx.tree.hasFlag(node, nodeFlag.typeOnly)) return;
  const from = sourceOf(cx, node);
  cx.imports.add(from);
  cx.at(node);
  cx.fn.compute('import', { name: from, value: '*' });
}

/** Records what an export statement makes visible and lowers the declaration below it. */
export function lowerExport(cx: JsContext, node: number): void {
  const { tree } = cx;
  if (tree.hasFlag(node, nodeFlag.typeOnly)) return;
  switch (tree.kindOf(node)) {
    case 'ExportAllDeclaration':
      lowerExportAll(cx, node);
      break;
    case 'ExportDefaultDeclaration':
      lowerExportDefault(cx, node);
      break;
    default: {
      const declaration = tree.childByField(node, 'declaration');
      if (declaration >= 0) {
        exportDeclared(cx, declaration);
        lowerStatement(cx, declaration);
      }
      lowerSpecifiers(cx, node);
    }
  }
}

function lowerExportAll(cx: JsContext, node: number): void {
  const from = sourceOf(cx, node);
  cx.imports.add(from);
  const exported = cx.tree.childByField(node, 'exported');
  if (exported < 0) cx.starExports.push(from);
  else cx.exports.set(exportedName(cx, exported), { kind: 'reexport', from, name: '*' });
  cx.at(node);
  cx.fn.compute('import', { name: from, value: '*' });
}

function lowerExportDefault(cx: JsContext, node: number): void {
  const { tree } = cx;
  const declaration = tree.childByField(node, 'declaration');
  const kind = tree.kindOf(declaration);
  const id = tree.childByField(declaration, 'id');
  if (id >= 0 && (kind === 'FunctionDeclaration' || kind === 'ClassDeclaration')) {
    cx.exports.set('default', { kind: 'cell', name: identifierName(tree, id) });
    lowerStatement(cx, declaration);
    return;
  }
  cx.exports.set('default', { kind: 'cell', name: 'default' });
  const value =
    kind === 'FunctionDeclaration'
      ? lowerFunction(cx, declaration, 'default')
      : lowerExpression(cx, declaration, 'default');
  cx.at(node);
  cx.fn.emit('storeCell', { a: 0, name: 'default', b: value });
}

function exportDeclared(cx: JsContext, declaration: number): void {
  const { tree } = cx;
  const names =
    tree.kindOf(declaration) === 'VariableDeclaration'
      ? tree.childrenOf(declaration).flatMap((declarator) => patternNames(tree, tree.childByField(declarator, 'id')))
      : [tree.childByField(declaration, 'id')];
  for (const name of names) {
    if (name >= 0) cx.exports.set(identifierName(tree, name), { kind: 'cell', name: identifierName(tree, name) });
  }
}

function lowerSpecifiers(cx: JsContext, node: number): void {
  const { tree } = cx;
  const hasSource = tree.childByField(node, 'source') >= 0;
  const from = hasSource ? sourceOf(cx, node) : '';
  if (hasSource) {
    cx.imports.add(from);
    cx.at(node);
    cx.fn.compute('import', { name: from, value: '*' });
  }
  for (const specifier of tree.childrenByField(node, 'specifiers')) {
    if (tree.hasFlag(specifier, nodeFlag.typeOnly)) continue;
    const local = exportedName(cx, tree.childByField(specifier, 'local'));
    const exported = exportedName(cx, tree.childByField(specifier, 'exported'));
    const imported = cx.scopes.resolve(node, local)?.imported;
    if (hasSource) cx.exports.set(exported, { kind: 'reexport', from, name: local });
    else if (imported !== undefined) cx.exports.set(exported, { kind: 'reexport', ...imported });
    else cx.exports.set(exported, { kind: 'cell', name: local });
  }
}

/** Lowers a JavaScript or TypeScript tree. */
export function lowerJavaScript(file: string, tree: FlatTree): IrModule {
  const cx = new JsContext(tree);
  lowerStatements(cx, tree.childrenByField(0, 'body'));
  cx.functions[0] = cx.fn.build();
  return {
    file,
    language: tree.language,
    functions: cx.functions as IrFunction[],
    exports: cx.exports,
    starExports: cx.starExports,
    imports: [...cx.imports],
    lines: tree.lines,
  };
}
