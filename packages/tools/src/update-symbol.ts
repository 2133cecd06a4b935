import { basename } from 'node:path';
import type { SymbolEditProblem } from '@trocar/code';
import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { toJudgedPath } from './path/canonical-path.js';
import { readSourceText } from './path/source-file.js';
import { locateFile } from './project/project-place.js';
import { digestSchema } from './result/change.js';
import { toFileDiff } from './result/file-diff.js';
import { type PlannedChange, plannedChangeSchema } from './result/planned-change.js';
import { replaceFiles } from './snapshot/snapshot.js';

const inputSchema = z.strictObject({
  path: z.string().min(1),
  symbol: z.string().min(1).describe('a name, or a path such as Router.get'),
  new_code: z.string().min(1).max(1_000_000).describe('defines the same symbol; its indentation is adapted'),
  expected_digest: digestSchema.optional().describe('digest from extract_code: refuse if the file changed since'),
  line: z.int().positive().optional().describe('tells symbols of the same name apart'),
});

/** Plans the replacement of one symbol. */
export const updateSymbol = defineContract({
  name: 'update_symbol',
  description: 'Replaces one symbol and leaves every other byte of the file as it is. The change waits for approval.',
  input: inputSchema,
  output: plannedChangeSchema,
});

/**
 * Implements {@link updateSymbol}. Codes: `edit-refused`, `file-changed`, `symbol-missing`, `symbol-ambiguous`, those of
 * reading a source file.
 */
export function createUpdateSymbol({
  blobs,
  workingFolder,
}: Engines): Tool<z.infer<typeof inputSchema>, PlannedChange> {
  return implementTool(updateSymbol, {
    resources: async ({ path }) => [{ path: await toJudgedPath(workingFolder, path), access: 'read' }],
    async execute({ path, symbol, new_code, expected_digest, line }, { resources }) {
      const { applyEdits, replaceSymbol } = await import('@trocar/code');
      const { root, file, name } = await locateFile(workingFolder, path, resources);
      const { language, text, bytes, digest } = await readSourceText(file);
      if (expected_digest !== undefined && expected_digest !== digest) {
        throw new ToolError('file-changed', `${basename(file)} changed since it was read. Read the symbol again.`);
      }
      const edit = replaceSymbol({ language, text, symbol, ...(line !== undefined && { line }) }, new_code);
      if (!edit.ok) throw refusal(edit.problem);
      const edited = applyEdits(bytes, digest, edit.edits);
      if (!edited.ok) throw new ToolError('edit-refused', edited.problem.message);

      const contents = new Map([[name, edited.bytes]]);
      const change = { path: name, before: digest, after: edited.digest, edits: [...edit.edits] };
      const isChanged = change.before !== change.after;
      return {
        output: {
          root,
          snapshot: replaceFiles(blobs, { version: 1, files: [], omissions: [] }, contents),
          changes: { files: isChanged ? [change] : [] },
          edits: isChanged ? [await toFileDiff(name, bytes, edited.bytes)] : [],
        },
      };
    },
  });
}

function refusal({ code, message, candidates }: SymbolEditProblem): ToolError {
  const data = candidates ? { data: { candidates: candidates.map((candidate) => ({ ...candidate })) } } : {};
  if (code === 'symbol-missing' || code === 'symbol-ambiguous') return new ToolError(code, message, data);
  return new ToolError('edit-refused', message, { data: { reason: code } });
}
