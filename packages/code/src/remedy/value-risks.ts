import type { FileContext } from '../outline/file-context.js';

const settingKinds =
  /^(VariableDeclarator|AssignmentExpression|AssignmentPattern|assignment|augmented_assignment|(typed_)?default_parameter)$/;

/** How much of a declaration is looked at: enough for any value that is written in place. */
const maximumCode = 2_000;

/** The code of an expression, and of what is given to the names in it in this file. */
function codeOf(file: FileContext, node: number): string[] {
  const { tree, scopes } = file;
  const codes = [tree.textOf(node)];
  for (const row of file.referencesIn(node)) {
    const binding = scopes.bindingOf.get(row);
    const places =
      binding === undefined
        ? []
        : [...binding.declarations, ...binding.references.filter(({ isWrite }) => isWrite).map((use) => use.node)];
    for (const place of places) {
      const holder = tree.parent[place] as number;
      if (settingKinds.test(tree.kindOf(holder)) && !file.contains(holder, node)) codes.push(tree.textOf(holder));
    }
  }
  return codes.map((code) => code.slice(0, maximumCode));
}

/** Whether a value has gone through a function that escapes or quotes it: bound or passed as it is, it would be another. */
export function isEscaped(file: FileContext, node: number): boolean {
  return codeOf(file, node).some(
    (code) =>
      /\b\w*(?:escape|quote|sanitiz|literal|addslashes)\w*\s*\(/i.test(code) ||
      /\.(?:replace|replaceAll)\(\s*(?:\/\[?\\?['"]|["']\\?['"]["']|["']'["'])/.test(code),
  );
}

/** Whether a spliced text may be more than one value of SQL: a keyword, quotes of its own, a list. */
export function mayBeSqlFragment(file: FileContext, node: number): boolean {
  return codeOf(file, node).some(
    (code) =>
      /(["'`])\s*(?:NULL|DEFAULT|TRUE|FALSE|CURRENT_\w+|NOW\(\))\s*\1/i.test(code) ||
      /"[^"\n]*'[^"\n]*"|'[^'\n]*\\'|`[^`]*'[^`]*`|\.join\s*\(/.test(code),
  );
}

/** Whether a shell may make several words, or none, of a spliced text, where a list of arguments makes one. */
export function mayBeSeveralWords(file: FileContext, node: number): boolean {
  if (/(?:args|arguments|options|opts|flags|params|switches)$/i.test(file.tree.textOf(node))) return true;
  return codeOf(file, node).some((code) =>
    /\.join\s*\(|["']\S+ \S[^"'\n]*["']|`[^`]*\S \S[^`]*`|[?:]\s*(["'`])\1|\belse\s+(["'])\2|(["'])\3\s+if\b/.test(
      code,
    ),
  );
}
