import { DurableError } from '../errors.js';
import { isClosed, type RunRecord } from './run-summary.js';

/** What must hold when a draft is committed. Checked inside the transaction, so that no other process comes between. */
export type Guard =
  /** There is no such run yet. */
  | { readonly kind: 'new' }
  /** The run is open; whoever drives it. */
  | { readonly kind: 'open' }
  /** The run is open and this engine drives it: the fence against a process that was taken for dead. */
  | { readonly kind: 'held'; readonly holder: string }
  /** The run is open and nobody alive drives it. */
  | { readonly kind: 'free'; readonly isAlive: (holder: string) => boolean }
  /** The run has its last entry, and a data key whose row is the one that this digest names. */
  | { readonly kind: 'closed' }
  /** The run is sealed with the key that this digest names. */
  | { readonly kind: 'sealed'; readonly key: string };

/** Why a guard refuses a run; undefined when it lets the draft pass. */
export function checkGuard(guard: Guard, runId: string, record: RunRecord | undefined): DurableError | undefined {
  const data = { runId };
  if (guard.kind === 'new') {
    if (record === undefined) return undefined;
    return new DurableError('run-exists', 'There is a run with this id. Choose another id or resume it.', { data });
  }
  if (record === undefined) {
    return new DurableError('run-unknown', 'There is no run with this id in this store.', { data });
  }
  switch (guard.kind) {
    case 'sealed':
      if (record.key === guard.key) return undefined;
      return new DurableError('run-shredded', "The run's key was changed or destroyed meanwhile.", { data });
    case 'closed':
      if (isClosed(record)) return undefined;
      return new DurableError('run-open', 'The run is not closed yet. Cancel it or wait for its end.', { data });
    default:
      return checkOpen(guard, record, data);
  }
}

function checkOpen(
  guard: Extract<Guard, { kind: 'open' | 'held' | 'free' }>,
  record: RunRecord,
  data: { readonly runId: string },
): DurableError | undefined {
  if (isClosed(record)) return new DurableError('run-closed', `The run is ${record.status} already.`, { data });
  const isHeldByOther =
    guard.kind === 'held' ? record.holder !== guard.holder : guard.kind === 'free' && guard.isAlive(record.holder);
  if (!isHeldByOther) return undefined;
  const message = 'Another live process drives this run. Wait for it, or end it and resume.';
  return new DurableError('run-held', message, { data, retryable: true });
}
