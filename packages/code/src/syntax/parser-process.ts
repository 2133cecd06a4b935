import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { FlatTree } from './flat-tree.js';
import type { AdapterInput } from './oxc-adapter.js';
import type { ParseResult } from './parse-result.js';
import type { ParserAnswer } from './parser-answer.js';

/** The built child; the relative path leads there from `src` and from `dist` alike. */
const child = new URL('../../dist/syntax/parser-child.js', import.meta.url);
const minTimeoutMs = 10_000;
const timeoutMsPerCharacter = 0.01;
const maxAnswerBytes = 1_000_000_000;

/** Bounds of the process that {@link parseApart} starts. */
export interface ProcessLimits {
  readonly timeoutMs: number;
}

/**
 * Parses in a process of its own with bounded time and memory. Texts that would end the native parser's process fail
 * with `too-deep` or `budget`.
 */
export function parseApart(input: AdapterInput, limits?: ProcessLimits): ParseResult {
  const timeout = limits?.timeoutMs ?? minTimeoutMs + Math.ceil(input.text.length * timeoutMsPerCharacter);
  const args = ['--max-old-space-size=3000', fileURLToPath(child)];
  const ended = spawnSync(process.execPath, args, {
    input: serialize(input),
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: maxAnswerBytes,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    windowsHide: true,
  });
  if (ended.status === 0) return fromAnswer(deserialize(ended.stdout) as ParserAnswer, input);
  if (ended.signal === 'SIGSEGV' || ended.signal === 'SIGBUS') {
    return {
      status: 'failed',
      failure: 'too-deep',
      message: 'nested more deeply than the parser takes',
      diagnostics: [],
    };
  }
  const message = 'took more time or memory to parse than the limit';
  return { status: 'failed', failure: 'budget', message, diagnostics: [] };
}

function fromAnswer(answer: ParserAnswer, input: AdapterInput): ParseResult {
  if (answer.status === 'failed') return answer;
  const tree = new FlatTree({ ...answer.tree, language: input.language, text: input.text });
  if (answer.status === 'recovered') return { ...answer, tree };
  return { ...answer, tree };
}
