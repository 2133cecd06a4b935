import type { LinkedProject, Omission, SourceTree } from '@trocar/code';
import { z } from 'zod';
import { type Coverage, coverageSchema } from '../result/coverage.js';

/** What a search for the uses of a symbol has looked at. */
export const searchCoverageSchema = coverageSchema.extend({
  searched: z.int().nonnegative().describe('files that cannot be analysed; their text was searched for the name'),
});

type SearchCoverage = z.infer<typeof searchCoverageSchema>;

type Skipped = Coverage['skipped'][number];

/** The places that a listing left out, as parts of a coverage. */
export function toSkipped(omissions: readonly Omission[]): Skipped[] {
  return omissions.map(({ path, code, reason }) => ({
    file: path,
    reason,
    code: code === 'too-deep' ? 'budget' : code,
  }));
}

/** The coverage of a linked project. */
export function toSearchCoverage(tree: SourceTree, linked: LinkedProject): SearchCoverage {
  const unread = linked.unread.map((file): Skipped => ({ file, reason: 'it cannot be read', code: 'unreadable' }));
  return {
    files: tree.files().length,
    analysed: linked.files.size,
    searched: linked.opaque.length,
    skipped: [...unread, ...toSkipped(tree.omissions())],
  };
}
