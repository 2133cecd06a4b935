import { expect, it } from 'vitest';
import { withHeartbeat } from '../../src/toolset/heartbeat.js';
import { pause } from '../desk.js';

it('reports progress while work lasts, and no longer', async () => {
  const beats: number[] = [];
  const progress = async (done: number) => void beats.push(done);
  const work = pause(60).then(() => 'done');
  expect(await withHeartbeat({ progress }, 'working', work, 20)).toBe('done');
  const count = beats.length;
  expect(count).toBeGreaterThan(1);
  expect(beats).toEqual(Array.from({ length: count }, (_, beat) => beat * 0.02));
  await pause(50);
  expect(beats).toHaveLength(count);
  await expect(withHeartbeat({ progress }, 'working', Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
