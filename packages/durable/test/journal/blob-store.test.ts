import { digestBytes } from '@trocar/core';
import { expect, it } from 'vitest';
import { createFolder, openTestEngine, query, tamper } from '../scratch.js';

it('keeps bytes under their digest, before and after they are committed', async () => {
  const folder = createFolder();
  const { blobs } = await openTestEngine(folder, []);
  const bytes = Buffer.from([0, 1, 2, 255]);
  const digest = blobs.put(bytes);
  bytes[0] = 9;
  expect(digest).toBe(digestBytes(Uint8Array.of(0, 1, 2, 255)));
  expect(blobs.has(digest)).toBe(true);
  expect([...blobs.get(digest)]).toEqual([0, 1, 2, 255]);
  blobs.flush();
  expect(query(folder, 'SELECT count(*) AS n FROM blobs')).toEqual([{ n: 1 }]);
  expect(blobs.put(Uint8Array.of(0, 1, 2, 255))).toBe(digest);
  expect([...blobs.get(digest)]).toEqual([0, 1, 2, 255]);
  expect(blobs.has(digest)).toBe(true);
  expect([...blobs.get(blobs.put(''))]).toEqual([]);
});

it('takes thousands of small blobs in few transactions, and large ones at once', async () => {
  const folder = createFolder();
  const { blobs } = await openTestEngine(folder, []);
  const digests = Array.from({ length: 3_000 }, (_, at) => blobs.put(`file ${at}`));
  blobs.put(Buffer.alloc(9 * 1_048_576));
  expect(query(folder, 'SELECT count(*) AS n FROM blobs')).toEqual([{ n: 3_001 }]);
  expect(Buffer.from(blobs.get(digests[2_999] as never)).toString()).toBe('file 2999');
});

it('says which blob is missing or damaged', async () => {
  const folder = createFolder();
  const { blobs } = await openTestEngine(folder, []);
  const missing = digestBytes('missing');
  expect(blobs.has(missing)).toBe(false);
  expect(() => blobs.get(missing)).toThrow(
    expect.objectContaining({ code: 'blob-missing', data: { digest: missing } }),
  );
  const digest = blobs.put('intact');
  blobs.flush();
  tamper(folder, "UPDATE blobs SET bytes = x'00'");
  expect(() => blobs.get(digest)).toThrow(expect.objectContaining({ code: 'blob-corrupt' }));
});
