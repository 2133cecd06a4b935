import type { IrModule } from '../../ir/module.js';
import type { FlatTree } from '../../syntax/flat-tree.js';

export function lowerPython(file: string, tree: FlatTree): IrModule {
  return {
    file,
    language: tree.language,
    functions: [],
    exports: new Map(),
    starExports: [],
    imports: [],
    lines: tree.lines,
  };
}
