import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HttpProblem } from '../lib/problem.js';

/** A receipt by its file name. Receipts hold signatures, hence nothing but the folder's own files. */
export async function readReceipt(folder, name) {
  const root = path.resolve(folder);
  const file = path.resolve(root, name);
  if (!file.startsWith(root + path.sep)) {
    throw new HttpProblem(404, 'there is no such receipt');
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') throw new HttpProblem(404, 'there is no such receipt');
    throw error;
  }
}
