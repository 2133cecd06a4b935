import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { ToolError } from './errors.js';
import { toJudgedPath } from './path/canonical-path.js';
import type { LinkedProjects } from './project/linked-projects.js';
import { toSkipped } from './project/project-coverage.js';
import { locateFolder } from './project/project-place.js';
import { coverageSchema } from './result/coverage.js';

const inputSchema = z.strictObject({
  path: z.string().min(1).default('.').describe('folder'),
  symbol: z.string().min(1).optional().describe('a function, such as parse or src.parser.parse; else all'),
  depth: z.int().min(1).max(10).default(2).describe('calls away from the symbol, in both directions'),
});

const outputSchema = z.object({
  symbol: z.string().optional(),
  functions: z.int().nonnegative().describe('in the whole folder'),
  calls: z.array(z.object({ caller: z.string(), callees: z.array(z.string()) })),
  coverage: coverageSchema,
});

/** Finds which function calls which. */
export const getCallGraph = defineContract({
  name: 'get_call_graph',
  description:
    'Which function calls which, through variables, fields, arguments and classes. Calls that cannot be resolved are left out.',
  input: inputSchema,
  output: outputSchema,
});

type Edges = ReadonlyMap<string, readonly string[]>;

/** Implements {@link getCallGraph}. Codes: `symbol-missing`, `symbol-ambiguous`, `not-a-folder`, `tree-too-large`, those of a path. */
export function createGetCallGraph(
  { workingFolder }: Engines,
  projects: LinkedProjects,
): Tool<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>> {
  return implementTool(getCallGraph, {
    resources: async ({ path }) => [{ path: await toJudgedPath(workingFolder, path), access: 'read' }],
    async execute({ path, symbol, depth }, { resources }) {
      const project = await projects.open(await locateFolder(workingFolder, path, resources));
      const graph = await project.calls();
      const calls: Edges = new Map(Object.entries(graph.edges));
      const skipped = [...graph.coverage.skipped, ...toSkipped(project.tree.omissions())];
      const common = {
        functions: calls.size,
        coverage: coverageSchema.parse({ ...graph.coverage, skipped }),
      };
      if (symbol === undefined) return { output: { ...common, calls: toList(calls, new Set(calls.keys())) } };
      const start = findFunction(calls, symbol);
      const near = new Set([...reach(calls, start, depth), ...reach(reverse(calls), start, depth)]);
      return { output: { symbol: start, ...common, calls: toList(calls, near) } };
    },
  });
}

/** The calls between functions of a set, without functions that call none of them. */
function toList(calls: Edges, among: ReadonlySet<string>): { caller: string; callees: string[] }[] {
  return [...calls].flatMap(([caller, callees]) => {
    const kept = among.has(caller) ? callees.filter((callee) => among.has(callee)) : [];
    return kept.length === 0 ? [] : [{ caller, callees: kept }];
  });
}

const maximumCandidates = 50;

function findFunction(calls: Edges, symbol: string): string {
  if (calls.has(symbol)) return symbol;
  const found = [...calls.keys()].filter((name) => name.endsWith(`.${symbol}`));
  const [only] = found;
  if (only === undefined) throw new ToolError('symbol-missing', `No analysed function is called ${symbol}.`);
  if (found.length === 1) return only;
  const candidates = found.slice(0, maximumCandidates);
  const named = `${candidates.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}`;
  throw new ToolError('symbol-ambiguous', `${symbol} is ${found.length} functions: ${named}.`, {
    data: { candidates },
  });
}

function reverse(calls: Edges): Map<string, string[]> {
  const callers = new Map<string, string[]>();
  for (const [caller, callees] of calls) {
    for (const callee of callees) {
      const known = callers.get(callee) ?? [];
      known.push(caller);
      callers.set(callee, known);
    }
  }
  return callers;
}

function reach(edges: Edges, start: string, depth: number): Set<string> {
  const reached = new Set([start]);
  let edge = [start];
  for (let step = 0; step < depth && edge.length > 0; step += 1) {
    const next = new Set(edge.flatMap((name) => edges.get(name) ?? []).filter((name) => !reached.has(name)));
    for (const name of next) reached.add(name);
    edge = [...next];
  }
  return reached;
}
