import { readFileSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { AdapterInput } from './oxc-adapter.js';
import { answerRequest } from './parser-answer.js';

// The whole program of the process that `parseApart` starts: a request on standard input, an answer on standard output.
const maxResidentBytes = 1_500_000_000;
const tooMuchMemory = 9;

const input = deserialize(readFileSync(0)) as AdapterInput;
const memory = setInterval(() => {
  if (process.memoryUsage.rss() > maxResidentBytes) process.exit(tooMuchMemory);
}, 10);
const bytes = serialize(await answerRequest(input));
clearInterval(memory);
for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
