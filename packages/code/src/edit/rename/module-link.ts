/** How a file gets at another file's names. `node` is the row of the name at the exporting side, `local` at this side. */
export type ModuleLink =
  | {
      /** `import { name }`, `from m import name`. */
      readonly kind: 'named';
      readonly module: string;
      readonly name: string;
      readonly node: number;
      /** Row that binds the local name; the same as `node` where there is no alias. */
      readonly local: number;
    }
  | {
      /** `export { name } from`. */
      readonly kind: 're-export';
      readonly module: string;
      readonly name: string;
      readonly node: number;
      readonly hasAlias: boolean;
    }
  /** `export * from`, without a name of its own. */
  | { readonly kind: 'export-all'; readonly module: string; readonly node: number }
  /** `import * as ns`, `import m`: the names are members of `local`. */
  | { readonly kind: 'whole'; readonly module: string; readonly local: number; readonly node: number }
  /** `require`, `import()`, a mock, `from m import *`: which names it takes cannot be told. */
  | { readonly kind: 'opaque'; readonly module: string; readonly node: number };
