import type { IrFunction, IrModule } from '../../ir/module.js';
import type { FlatTree } from '../../syntax/flat-tree.js';
import { PyContext } from './context.js';
import { lowerBlock } from './lower-statement.js';

/** Lowers a Python tree. */
export function lowerPython(file: string, tree: FlatTree): IrModule {
  const cx = new PyContext(tree);
  lowerBlock(cx, 0);
  cx.functions[0] = cx.fn.build();
  return {
    file,
    language: tree.language,
    functions: cx.functions as IrFunction[],
    exports: new Map(),
    starExports: cx.starImports,
    imports: [...cx.imports],
    lines: tree.lines,
  };
}
