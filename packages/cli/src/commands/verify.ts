import { verifyRecord } from '@trocar/workflows';
import type { Command } from '../command.js';
import { exitCode } from '../exit-code.js';
import { findHome } from '../home.js';
import { createStyle } from '../report/style.js';

/** `trocar verify [RUN]`. Reads the journal with the public key alone. */
export const verify: Command = async (parsed, terminal) => {
  const verdict = await verifyRecord(findHome(terminal), parsed.positionals[0]);
  if (parsed.isSet('json')) terminal.write(`${JSON.stringify({ firstBad: null, ...verdict })}\n`);
  else {
    const style = createStyle(terminal.hasColor);
    if (verdict.ok) terminal.write(`${style.good('Verified:')} ${verdict.entries} entries, as they were written.\n`);
    else {
      const { run, seq, index, reason } = verdict.firstBad;
      const place = run === null ? `entry ${index ?? 'unknown'} of the journal` : `entry ${seq ?? 'unknown'} of ${run}`;
      terminal.write(`${style.bad('Tampered:')} first bad: ${place}: ${reason}\n`);
    }
  }
  return verdict.ok ? exitCode.ok : exitCode.bad;
};
