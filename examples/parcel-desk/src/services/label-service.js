import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpProblem } from '../lib/problem.js';

/** The text of a label as it was printed. */
export async function readLabel(folder, name) {
  const file = join(folder, `${name}.txt`);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') throw new HttpProblem(404, 'there is no such label');
    throw error;
  }
}

/** Where the label of a known parcel lies. The number is read from the table, so what comes back is ours. */
export async function labelFile(db, folder, name) {
  const label = await db.first('SELECT number FROM labels WHERE number = ?', [name]);
  if (label === undefined) throw new HttpProblem(404, 'there is no such label');
  return join(folder, `${label.number}.txt`);
}
