import type { CallContext } from '../catalog/call-context.js';

/**
 * Waits for work and reports progress to the client while it lasts, so that a client which counts silence as failure goes
 * on waiting. What is counted is seconds; how many there will be nobody knows.
 */
export async function withHeartbeat<Value>(
  { progress }: Pick<CallContext, 'progress'>,
  message: string,
  work: Promise<Value>,
  everyMs = 5_000,
): Promise<Value> {
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
    void progress((beats * everyMs) / 1_000, { message });
  }, everyMs);
  try {
    await progress(0, { message });
    return await work;
  } finally {
    clearInterval(timer);
  }
}
