import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSeededRandom } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import { applyToFolder } from '../../../src/edit/disk/apply-to-folder.js';
import { openSampleFolder, sampleAfter, sampleBefore } from './sample-folder.js';

const killPoints = 8;
const built = new URL('../../../dist/index.js', import.meta.url).href;

/** Applies a change set read from a file and ends itself with SIGKILL ahead of the call to the disk with this number. */
const program = `
import { readFileSync } from 'node:fs';
import { applyToFolder, diskFs } from '${built}';
const { root, undoFolder, changeSet, contents, killAt } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let calls = 0;
const step = () => { if (calls++ === killAt) process.kill(process.pid, 'SIGKILL'); };
const wrap = (target) => new Proxy(target, { get: (object, name) => {
  const value = Reflect.get(object, name);
  if (typeof value !== 'function') return value;
  return async (...args) => {
    step();
    const result = await Reflect.apply(value, object, args);
    return name === 'open' ? wrap(result) : result;
  };
} });
const bytes = new Map(contents.map(([path, text]) => [path, Buffer.from(text, 'base64')]));
const outcome = await applyToFolder(root, changeSet, bytes, { undoFolder, fs: wrap(diskFs) });
process.stdout.write(JSON.stringify({ outcome, calls }));
`;

async function runChild(file: string, input: unknown): Promise<{ signal: string | null; output: string }> {
  await writeFile(`${file}.mjs`, program);
  await writeFile(`${file}.json`, JSON.stringify(input));
  const child = spawn(process.execPath, [`${file}.mjs`, `${file}.json`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
  });
  const [, signal] = await once(child, 'close');
  return { signal, output };
}

describe('a process that is killed while it applies', () => {
  it('leaves each file before or after; the next process finishes the rest', async () => {
    const random = createSeededRandom('kill points');
    const calls = await countCalls();
    for (let round = 0; round < killPoints; round += 1) {
      await using sample = await openSampleFolder();
      const [high = 0, low = 0] = random.bytes(2);
      const killAt = (high * 256 + low) % calls;
      const input = {
        root: sample.root,
        undoFolder: sample.undoFolder,
        changeSet: sample.changeSet,
        contents: [...sample.contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]),
        killAt,
      };
      const killed = await runChild(join(sample.root, '..', 'child'), input);
      expect(killed.signal).toBe('SIGKILL');
      for (const [path, text] of Object.entries(await sample.list())) {
        if (path.endsWith('/') || path.includes('.trocar-')) continue;
        expect([sampleBefore[path], sampleAfter[path]]).toContain(text);
      }
      const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
      expect(outcome.status).toBe('applied');
      expect(await sample.list()).toEqual(sampleAfter);
    }
  });
});

/** How many calls to the disk an undisturbed child makes. */
async function countCalls(): Promise<number> {
  await using sample = await openSampleFolder();
  const input = {
    root: sample.root,
    undoFolder: sample.undoFolder,
    changeSet: sample.changeSet,
    contents: [...sample.contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]),
    killAt: -1,
  };
  const { output } = await runChild(join(sample.root, '..', 'child'), input);
  return (JSON.parse(output) as { calls: number }).calls;
}
