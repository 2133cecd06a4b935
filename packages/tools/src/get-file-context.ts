import type { FlatTree, OutlineSymbol } from '@trocar/code';
import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { toAdmittedPath, toJudgedPath } from './path/canonical-path.js';
import { readParsedFile } from './path/parsed-file.js';
import { digestSchema } from './result/change.js';

const inputSchema = z.strictObject({ path: z.string().min(1) });

const symbolSchema = z.object({
  symbol: z.string(),
  kind: z.string(),
  line: z.int().positive(),
  end_line: z.int().positive(),
  exported: z.literal(true).optional(),
  signature: z.string().optional().describe('what stands before the body'),
});

const outputSchema = z.object({
  language: z.string(),
  lines: z.int().nonnegative(),
  size_bytes: z.int().nonnegative(),
  complete: z.boolean().describe('false: syntax errors, so that symbols may be missing'),
  imports: z.array(z.string()).describe('statements as written'),
  more_imports: z.int().positive().optional(),
  symbols: z.array(symbolSchema),
  digest: digestSchema,
});

/** Reads what a file declares and imports. */
export const getFileContext = defineContract({
  name: 'get_file_context',
  description: 'Outlines one file without its bodies: symbols with lines and signatures, imports, digest.',
  input: inputSchema,
  output: outputSchema,
});

/** Implements {@link getFileContext}. Codes: those of reading a source file. */
export function createGetFileContext({
  workingFolder,
}: Engines): Tool<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>> {
  return implementTool(getFileContext, {
    resources: async ({ path }) => [{ path: await toJudgedPath(workingFolder, path), access: 'read' }],
    async execute({ path }, { resources }) {
      const { outlineTree } = await import('@trocar/code');
      const { source, tree, isWhole } = await readParsedFile(await toAdmittedPath(workingFolder, path, resources));
      const { language, text, bytes, digest } = source;
      const imports = importsOf(tree);
      return {
        output: {
          language,
          lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length,
          size_bytes: bytes.byteLength,
          complete: isWhole,
          imports: imports.slice(0, maximumImports),
          ...(imports.length > maximumImports && { more_imports: imports.length - maximumImports }),
          symbols: outlineTree(tree).map((symbol) => toItem(symbol, text)),
          digest,
        },
      };
    },
  });
}

const maximumImports = 100;
const maximumText = 200;

function toItem({ path: symbol, kind, line, endLine, ...rest }: OutlineSymbol, text: string) {
  const { span, bodySpan, isExported } = rest;
  const head = bodySpan === undefined ? undefined : toOneLine(text.slice(span.start, bodySpan.start));
  return {
    symbol,
    kind,
    line,
    end_line: endLine,
    ...(isExported && { exported: true as const }),
    ...(head !== undefined && head !== '' && { signature: head }),
  };
}

const importKinds =
  /^(ImportDeclaration|TSImportEqualsDeclaration|import_statement|import_from_statement|future_import_statement|ExportAllDeclaration)$/;

/** Import statements, re-exports, and variables that are `require`d at the top of the file. */
function importsOf(tree: FlatTree): string[] {
  const found: string[] = [];
  for (let node = 0; node < tree.size; node += 1) {
    const kind = tree.kindOf(node);
    const isReExport = kind === 'ExportNamedDeclaration' && tree.childByField(node, 'source') >= 0;
    if (importKinds.test(kind) || isReExport || isRequire(tree, node, kind)) found.push(toOneLine(tree.textOf(node)));
  }
  return found;
}

function isRequire(tree: FlatTree, node: number, kind: string): boolean {
  if (kind !== 'VariableDeclaration' || tree.kindOf(tree.parent[node] as number) !== 'Program') return false;
  return tree.childrenByField(node, 'declarations').some((declarator) => {
    const value = tree.childByField(declarator, 'init');
    return value >= 0 && /^require\s*\(/.test(tree.textOf(value).slice(0, maximumText));
  });
}

/** A text in one line of at most 200 characters. */
function toOneLine(text: string): string {
  const line = text
    .slice(0, 4 * maximumText)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > maximumText ? `${line.slice(0, maximumText)}…` : line;
}
