import { createManualClock, createSeededRandom, systemClock } from '@trocar/core';
import { expect, it, vi } from 'vitest';
import { createTimerQueue } from '../../src/worker/timer-queue.js';
import { until } from '../scratch.js';

it('fires in the order of the times, whatever the order of adding', async () => {
  const fired: number[] = [];
  const queue = createTimerQueue<{ at: number }>(systemClock, ({ at }) => fired.push(at));
  const random = createSeededRandom('timers');
  const start = Date.now();
  const times = Array.from({ length: 500 }, () => (random.bytes(1)[0] as number) / 10);
  for (const at of times) queue.add({ at }, start + at);
  await until(() => fired.length === times.length);
  expect(fired).toEqual([...times].sort((left, right) => left - right));
  queue.close();
});

it('knows a key only once, and nothing after it is closed', async () => {
  const fire = vi.fn();
  const queue = createTimerQueue(systemClock, fire);
  const key = {};
  queue.add(key, Date.now() + 5);
  queue.add(key, Date.now() + 1);
  await until(() => fire.mock.calls.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fire).toHaveBeenCalledTimes(1);
  queue.add({}, Date.now() + 5);
  queue.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fire).toHaveBeenCalledTimes(1);
});

it('follows a clock that is set forward', async () => {
  const clock = createManualClock(1_000);
  const fire = vi.fn();
  const queue = createTimerQueue(clock, fire);
  queue.add({}, 1_000_000);
  clock.advance(1_000_000);
  await until(() => fire.mock.calls.length === 1);
  queue.close();
});
