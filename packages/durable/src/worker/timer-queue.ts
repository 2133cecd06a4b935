import type { Clock } from '@trocar/core';

/** Calls back at times of a clock, with one timer of the event loop for any number of them. */
export interface TimerQueue<Key extends object> {
  /** Remembers a time for `key`; a key that is there already stays as it is. */
  add(key: Key, dueMs: number): void;
  close(): void;
}

interface Timer<Key> {
  readonly key: Key;
  readonly dueMs: number;
}

// A longer sleep would miss a clock that was set forward, or a machine that was asleep.
const longestSleepMs = 1_000;

/** A queue that calls `fire` with every key whose time has come. */
export function createTimerQueue<Key extends object>(clock: Clock, fire: (key: Key) => void): TimerQueue<Key> {
  const heap: Timer<Key>[] = [];
  const known = new Set<Key>();
  let timeout: NodeJS.Timeout | undefined;

  const arm = (): void => {
    clearTimeout(timeout);
    const first = heap[0];
    if (first === undefined) return;
    timeout = setTimeout(check, Math.max(0, Math.min(first.dueMs - clock.nowMs(), longestSleepMs)));
  };
  const check = (): void => {
    const nowMs = clock.nowMs();
    for (let first = heap[0]; first !== undefined && first.dueMs <= nowMs; first = heap[0]) {
      removeFirst(heap);
      known.delete(first.key);
      fire(first.key);
    }
    arm();
  };
  return {
    add(key, dueMs) {
      if (known.has(key)) return;
      known.add(key);
      insert(heap, { key, dueMs });
      if (heap[0]?.key === key) arm();
    },
    close() {
      clearTimeout(timeout);
      heap.length = 0;
      known.clear();
    },
  };
}

function insert<Key>(heap: Timer<Key>[], timer: Timer<Key>): void {
  let at = heap.length;
  heap.push(timer);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (dueAt(heap, parent) <= timer.dueMs) break;
    heap[at] = heap[parent] as Timer<Key>;
    at = parent;
  }
  heap[at] = timer;
}

function removeFirst<Key>(heap: Timer<Key>[]): void {
  const last = heap.pop() as Timer<Key>;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (dueAt(heap, child + 1) < dueAt(heap, child)) child += 1;
    if (dueAt(heap, child) >= last.dueMs) break;
    heap[at] = heap[child] as Timer<Key>;
    at = child;
  }
  heap[at] = last;
}

function dueAt<Key>(heap: readonly Timer<Key>[], at: number): number {
  return heap[at]?.dueMs ?? Number.POSITIVE_INFINITY;
}
