import { basename } from 'node:path';
import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { toAdmittedPath, toJudgedPath } from './path/canonical-path.js';
import { readParsedFile } from './path/parsed-file.js';
import { digestSchema } from './result/change.js';

const inputSchema = z.strictObject({
  path: z.string().min(1),
  symbol: z.string().min(1).describe('a name, or a path such as Router.get'),
  line: z.int().positive().optional().describe('tells symbols of the same name apart'),
});

const outputSchema = z.object({
  symbol: z.string(),
  kind: z.string(),
  line: z.int().positive(),
  end_line: z.int().positive(),
  code: z.string().describe('byte for byte as written'),
  comment: z.string().optional(),
  imports: z.array(z.string()).describe('import statements of the file that the symbol uses'),
  digest: digestSchema.describe('of the whole file; give it to update_symbol as expected_digest'),
});

/** Reads one symbol. */
export const extractCode = defineContract({
  name: 'extract_code',
  description: 'Reads one function, class, method or other symbol instead of a whole file, exactly as written.',
  input: inputSchema,
  output: outputSchema,
});

/** Implements {@link extractCode}. Codes: `symbol-missing`, `symbol-ambiguous`, those of reading a source file. */
export function createExtractCode({
  workingFolder,
}: Engines): Tool<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>> {
  return implementTool(extractCode, {
    resources: async ({ path }) => [{ path: await toJudgedPath(workingFolder, path), access: 'read' }],
    async execute({ path, symbol: name, line }, { resources }) {
      const { extractSymbol, findSymbol, outlineTree } = await import('@trocar/code');
      const file = await toAdmittedPath(workingFolder, path, resources);
      const { source, tree } = await readParsedFile(file);
      const found = findSymbol(outlineTree(tree), name, line === undefined ? {} : { line });
      if (found.status === 'missing') {
        const hint = found.nearest.length > 0 ? ` Did you mean ${found.nearest.join(', ')}?` : '';
        throw new ToolError('symbol-missing', `There is no symbol ${name} in ${basename(file)}.${hint}`, {
          data: { nearest: [...found.nearest] },
        });
      }
      if (found.status === 'ambiguous') {
        const candidates = found.candidates.map(({ path: full, kind, line: at }) => ({ symbol: full, kind, line: at }));
        throw new ToolError('symbol-ambiguous', `${name} is ${candidates.length} symbols; add the line of one.`, {
          data: { candidates },
        });
      }
      const { symbol, code, line: first, endLine, comment, imports } = extractSymbol(tree, found.symbol);
      return {
        output: {
          symbol: symbol.path,
          kind: symbol.kind,
          line: first,
          end_line: endLine,
          code,
          ...(comment !== undefined && { comment }),
          imports: imports.map((statement) => statement.code),
          digest: source.digest,
        },
      };
    },
  });
}
