import type { JsonValue, Problem } from '@trocar/core';
import type { JournalEntry } from '../journal/entry.js';
import type { Journal } from '../journal/journal.js';
import { type Payload, type PayloadName, payloadMembers, readPayload } from '../journal/payload.js';
import type { MachineState } from '../replay/run-machine.js';

/** Writes and reads the payloads of entries, large ones as blobs, sealed where the run is. */
export class PayloadAccess {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** The members that carry a payload in an entry of a run. */
  members(runId: string, name: PayloadName, payload: Payload): Readonly<Record<string, string>> {
    return this.membersUnder(this.#journal.keyOf(runId), runId, name, payload);
  }

  /** As {@link members}, for a run whose key is not committed yet. */
  membersUnder(
    key: Uint8Array | undefined,
    runId: string,
    name: PayloadName,
    payload: Payload,
  ): Readonly<Record<string, string>> {
    const { blobs, keys } = this.#journal;
    return payloadMembers(name, payload, (text) =>
      blobs.put(key === undefined ? text : keys.sealBlob(key, runId, text)),
    );
  }

  /** The payload of an entry. */
  read(name: PayloadName, { content, runId }: JournalEntry): JsonValue {
    const { blobs, keys } = this.#journal;
    return readPayload(name, content, (digest) => keys.openBlob(runId, blobs.get(digest)));
  }

  /** What a closing entry says. */
  finalState(entry: JournalEntry): MachineState {
    const status = entry.kind.slice('run-'.length) as 'completed' | 'failed' | 'cancelled';
    // Throws what stands in the way of reading it.
    if (entry.content.sealed !== undefined) this.#journal.keys.get(entry.runId);
    if (status === 'completed') return { status, output: this.read('output', entry) };
    return { status, problem: entry.content.problem as unknown as Problem };
  }
}
