import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Problem, toProblem } from '@trocar/core';
import { type AnswerFields, toFailure } from './answer.js';
import { hintFor } from './hint.js';

// Facts of a problem that help a model to correct its call; others stay in the journal.
const helpful = new Set([
  'known',
  'reason',
  'issues',
  'candidates',
  'nearest',
  'paths',
  'expected',
  'actual',
  'limitBytes',
  'line',
]);

/** The answer to a call that threw. */
export function answerToThrown(thrown: unknown): CallToolResult {
  return answerToProblem(toProblem(thrown));
}

/** The answer to a call that ended with a problem; `more` adds fields. */
export function answerToProblem(
  problem: Pick<Problem, 'code' | 'message' | 'data'>,
  more: AnswerFields = {},
): CallToolResult {
  const facts = Object.fromEntries(Object.entries(problem.data ?? {}).filter(([key]) => helpful.has(key)));
  return toFailure({ error: problem.message, code: problem.code, hint: hintFor(problem.code), ...facts, ...more });
}
