import type { JournalEntry } from '@trocar/durable';
import { describe, expect, it } from 'vitest';
import { reportOperate } from '../src/operate/report.js';
import { operateResultSchema } from '../src/operate/result.js';
import type { RecordedRun } from '../src/port/run-outcome.js';

const digest = `sha256:${'0'.repeat(64)}` as const;
const finding = {
  id: 'f1',
  rule: 'sql-injection',
  cwe: 'CWE-89',
  severity: 'high',
  confidence: 'high',
  file: 'a.js',
  line: 1,
  message: 'SQL',
  witness: [],
  sink: { file: 'a.js', start: 0, end: 1, api: 'db.query' },
};
const scanned = { findings: [finding], coverage: { files: 1, analysed: 1, skipped: [] }, complete: true };
const record = { entries: 1, verified: true };

function recorded(
  status: RecordedRun['summary']['status'],
  steps: readonly [string, object][],
  rest = {},
): RecordedRun {
  const entries = steps.map(([name, output], index) => ({
    runId: 'run-1',
    seq: index,
    atMs: 0,
    kind: 'step-completed',
    index: steps.length - index,
    name,
    content: { output },
  }));
  const summary = {
    runId: 'run-1',
    workflow: 'operate',
    version: '1',
    status,
    startedMs: 0,
    updatedMs: 0,
    entries: entries.length,
    waitingFor: [],
    ...rest,
  };
  return { summary, entries: entries as unknown as JournalEntry[] } as RecordedRun;
}

const report = async (run: RecordedRun) => operateResultSchema.parse(await reportOperate(run, async () => record));

describe('the report of a run that stopped early', () => {
  it('has nothing to tell of a run without a step but why it failed', async () => {
    const problem = { code: 'denied', message: 'No grant.', retryable: false };
    expect(await report(recorded('failed', [], { problem }))).toMatchObject({
      status: 'failed',
      findings: [],
      fixed: [],
      coverage: { files: 0, analysed: 0, skipped: [] },
      complete: false,
      tests: { before: { tier: 'none' }, verdict: 'unknown' },
      problem: { code: 'denied', message: 'No grant.' },
    });
  });

  it('knows the files once there is a snapshot', async () => {
    const run = recorded('running', [['snapshot_tree', { snapshot: digest, files: 3, sizeBytes: 9 }]]);
    expect(await report(run)).toMatchObject({ problem: { code: 'interrupted' }, coverage: { files: 3 } });
  });

  it('counts nothing as fixed before the edited copy was scanned', async () => {
    expect(await report(recorded('waiting', [['scan_snapshot', scanned]]))).toMatchObject({
      status: 'awaiting-approval',
      findings: [{ id: 'f1' }],
      fixed: [],
      remaining: [{ id: 'f1' }],
    });
  });

  it('lists edits also where the plan is not to be found', async () => {
    const edit = { file: 'a.js', added: 1, removed: 1, diff: '' };
    const run = recorded('waiting', [['edit_snapshot', { snapshot: digest, edits: [edit] }]]);
    expect(await report(run)).toMatchObject({ edits: [{ file: 'a.js', findings: [] }], refused: [] });
  });
});
