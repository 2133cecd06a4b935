import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { DurableError } from '../errors.js';

/** Adds signed checkpoints to a file outside the store, one JSON string per line. */
export function appendToWitness(path: string, notes: readonly string[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, notes.map((note) => `${JSON.stringify(note)}\n`).join(''));
  } catch (error) {
    const message = 'The witness file cannot be written. Make it writable or choose another path.';
    throw new DurableError('io-failed', message, { cause: error });
  }
}

/**
 * All notes of a witness file, null for a line that is none. A last line without its end is left out: a crash may cut
 * it. Undefined when there is no file.
 */
export function readWitness(path: string): readonly (string | null)[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  return text.split('\n').slice(0, -1).map(parseLine);
}

const tailSizeBytes = 1_048_576;

/** The newest notes of a witness file, cheap also when it is long. */
export function readWitnessTail(path: string): readonly (string | null)[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    const size = fstatSync(descriptor).size;
    const start = Math.max(0, size - tailSizeBytes);
    const bytes = Buffer.alloc(size - start);
    readSync(descriptor, bytes, 0, bytes.length, start);
    const lines = bytes
      .toString('utf8')
      .split('\n')
      .slice(start === 0 ? 0 : 1, -1);
    return lines.map(parseLine);
  } catch (error) {
    throw new DurableError('io-failed', 'The witness file cannot be read. Make it readable or choose another path.', {
      cause: error,
    });
  } finally {
    closeSync(descriptor);
  }
}

function parseLine(line: string): string | null {
  try {
    const note: unknown = JSON.parse(line);
    return typeof note === 'string' ? note : null;
  } catch {
    return null;
  }
}
