import type { SymbolPlace, UncertainPlace } from '@trocar/code';
import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { readSourceText } from './path/source-file.js';
import type { LinkedProjects } from './project/linked-projects.js';
import { searchCoverageSchema, toSearchCoverage } from './project/project-coverage.js';
import { locateFile, readsProjectOf } from './project/project-place.js';
import { findRenamedUses } from './project/renamed-exports.js';
import { toSymbolError } from './result/symbol-problem.js';

const inputSchema = z.strictObject({
  path: z.string().min(1).describe('file that declares it'),
  symbol: z.string().min(1),
  line: z.int().positive().optional().describe('tells symbols of the same name apart'),
});

const placeSchema = z.object({
  line: z.int().positive(),
  column: z.int().positive().optional(),
  role: z.enum(['declaration', 'reference', 'import']).optional(),
  reason: z.string().optional().describe('why it is not sure that the symbol is meant'),
});

const groupSchema = z.object({
  file: z.string(),
  kind: z.enum(['proven', 'possible']),
  places: z.array(placeSchema),
});

const outputSchema = z.object({
  symbol: z.string(),
  kind: z.string(),
  file: z.string(),
  line: z.int().positive(),
  end_line: z.int().positive(),
  proven: z.int().nonnegative().describe('places in all files'),
  possible: z.int().nonnegative(),
  complete: z.boolean().describe('every use is in the list, and each is sure'),
  references: z.array(groupSchema).describe('by file'),
  coverage: searchCoverageSchema,
});

type Group = z.infer<typeof groupSchema>;

/** Finds the uses of one symbol in the whole project. */
export const getSymbolReferences = defineContract({
  name: 'get_symbol_references',
  description: 'Finds where a symbol is declared, imported and used in the project, by scopes, not by its text.',
  input: inputSchema,
  output: outputSchema,
});

/**
 * Implements {@link getSymbolReferences}. Codes: `symbol-missing`, `symbol-ambiguous`, `needs-types`, `tree-too-large`,
 * those of reading a source file.
 */
export function createGetSymbolReferences(
  { workingFolder }: Engines,
  projects: LinkedProjects,
): Tool<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>> {
  return implementTool(getSymbolReferences, {
    resources: ({ path }) => readsProjectOf(workingFolder, path),
    async execute({ path, symbol: wanted, line }, { resources }) {
      const { findReferences, incompleteCodes } = await import('@trocar/code');
      const { root, file, name } = await locateFile(workingFolder, path, resources);
      const { language } = await readSourceText(file);
      const { tree, linked } = await projects.open(root);
      const project = await linked(language === 'python');
      const target = { path: name, symbol: wanted, ...(line !== undefined && { line }) };
      const found = await findReferences(tree, target, { project });
      if (!found.ok) throw toSymbolError(found.problem);
      const { symbol } = found;
      // What declares the name in another file imports it there.
      const places = found.places.map((place) =>
        place.role === 'declaration' && place.path !== name ? { ...place, role: 'import' as const } : place,
      );
      const uncertain = [...found.uncertain, ...findRenamedUses(project, name, symbol, places)];
      const coverage = toSearchCoverage(tree, project);
      return {
        output: {
          symbol: symbol.path,
          kind: symbol.kind,
          file: name,
          line: symbol.line,
          end_line: symbol.endLine,
          proven: places.length,
          possible: uncertain.length,
          complete: uncertain.length === 0 && coverage.skipped.every(({ code }) => !incompleteCodes.has(code)),
          references: [...toGroups('proven', places), ...toGroups('possible', uncertain)],
          coverage,
        },
      };
    },
  });
}

// So that a long list can be cut between two groups.
const maximumGroup = 40;

function toGroups(kind: Group['kind'], places: readonly (SymbolPlace | UncertainPlace)[]): Group[] {
  const groups: Group[] = [];
  for (const { path: file, ...place } of places) {
    const last = groups.at(-1);
    if (last?.file === file && last.places.length < maximumGroup) last.places.push(place);
    else groups.push({ file, kind, places: [place] });
  }
  return groups;
}
