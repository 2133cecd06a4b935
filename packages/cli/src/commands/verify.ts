import { verifyRecord } from '@trocar/workflows';
import type { Command } from '../command.js';
import { exitCode } from '../exit-code.js';
import { findHome } from '../home.js';
import { createStyle } from '../report/style.js';
import { formatVerdict } from '../report/verdict-text.js';

/** `trocar verify [RUN]`. Reads the journal with the public key alone. */
export const verify: Command = async (parsed, terminal) => {
  const verdict = await verifyRecord(findHome(terminal), parsed.positionals[0]);
  if (parsed.isSet('json')) terminal.write(`${JSON.stringify({ firstBad: null, ...verdict })}\n`);
  else terminal.write(formatVerdict(verdict, createStyle(terminal.hasColor)));
  return verdict.ok ? exitCode.ok : exitCode.bad;
};
