import type { InputRequests, InputResponses } from '@modelcontextprotocol/server';

/** Questions of one task to its client. */
export interface InputExchange {
  /** Waits until every question is answered. Rejects once the exchange is abandoned. */
  ask(requests: InputRequests): Promise<InputResponses>;
  /** Takes answers by key; unknown keys and answered ones are ignored. */
  deliver(responses: Readonly<Record<string, unknown>>): void;
  abandon(): void;
}

/**
 * Creates the exchange of one task. `onPending` is told the open questions whenever they change, and undefined once
 * none is open. A key is never used twice in one task: the round is put in front of it.
 */
export function createInputExchange(onPending: (pending: InputRequests | undefined) => void): InputExchange {
  let round = 0;
  let isAbandoned = false;
  const open = new Map<string, { request: InputRequests[string]; answer(response: InputResponses[string]): void }>();
  let reject: (reason: Error) => void = () => {};
  const abandoned = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  // Nobody may be waiting when a task is cancelled; that is no unhandled rejection.
  abandoned.catch(() => {});

  const announce = () => {
    const pending = Object.fromEntries([...open].map(([key, { request }]) => [key, request]));
    onPending(open.size > 0 ? pending : undefined);
  };

  return {
    async ask(requests) {
      round += 1;
      const waiting = Object.entries(requests).map(
        ([key, request]) =>
          new Promise<[string, InputResponses[string]]>((resolve) => {
            open.set(`${round}-${key}`, { request, answer: (response) => resolve([key, response]) });
          }),
      );
      if (!isAbandoned) announce();
      return Object.fromEntries(await Promise.race([Promise.all(waiting), abandoned]));
    },
    deliver(responses) {
      let isChanged = false;
      for (const [key, response] of Object.entries(responses)) {
        const question = open.get(key);
        // Only objects can be answers; a checked reading of them is the asking tool's own.
        if (question === undefined || typeof response !== 'object' || response === null) continue;
        open.delete(key);
        question.answer(response as InputResponses[string]);
        isChanged = true;
      }
      if (isChanged) announce();
    },
    abandon() {
      isAbandoned = true;
      open.clear();
      reject(new Error('The task was cancelled.'));
    },
  };
}
