import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../../src/journal/checkpoint.js';
import { openNote, parseVerifierKey, signNote, toVerifierKey } from '../../src/journal/signed-note.js';
import { openSigningKey } from '../../src/journal/signing-key.js';
import { createFolder } from '../scratch.js';

describe('a signed note', () => {
  it('opens only unchanged, for the key that signed it', () => {
    const signer = openSigningKey(createFolder(), true);
    const other = openSigningKey(createFolder(), true);
    const note = signNote('origin\n1\nroot\n', signer);
    expect(openNote(note, signer)).toBe('origin\n1\nroot\n');
    expect(openNote(note, parseVerifierKey(toVerifierKey(signer)))).toBe('origin\n1\nroot\n');
    expect(openNote(note, other)).toBeUndefined();
    expect(openNote(note, { ...other, name: signer.name })).toBeUndefined();
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.string({ minLength: 0, maxLength: 2 }), (at, text) => {
        const changed = note.slice(0, at) + text + note.slice(at + 1);
        expect(openNote(changed, signer)).toBe(changed === note ? 'origin\n1\nroot\n' : undefined);
      }),
      { numRuns: 300 },
    );
    for (const malformed of ['', '\n\n', 'text\n', `${note}\n`, note.slice(0, -1)]) {
      expect(openNote(malformed, signer)).toBeUndefined();
    }
  });
});

describe('a checkpoint', () => {
  it('carries size, root and entries, and is refused when its text is malformed', () => {
    const signer = openSigningKey(createFolder(), true);
    const root = Buffer.alloc(32, 7);
    const checkpoint = { size: 3, root, lines: [{ run: 'run-a', seq: 2, hash: Buffer.alloc(32, 1) }] };
    expect(openCheckpoint(signCheckpoint(checkpoint, signer), signer)).toEqual(checkpoint);
    const base = `${signer.name}\n`;
    const encoded = root.toString('base64');
    for (const text of [
      `other\n1\n${encoded}\n`,
      base,
      `${base}1\n`,
      `${base}01\n${encoded}\n`,
      `${base}-1\n${encoded}\n`,
      `${base}9999999999999999\n${encoded}\n`,
      `${base}1\nAAAA\n`,
      `${base}1\n${encoded}\nrun-a 1\n`,
      `${base}1\n${encoded}\nrun-a x ${encoded}\n`,
      `${base}1\n${encoded}\nrun-a 1 ${encoded} more\n`,
      `${base}1\n${encoded}\nrun-a 1 AAAA\n`,
    ]) {
      expect(openCheckpoint(signNote(text, signer), signer)).toBeUndefined();
    }
  });
});

describe('the signing key', () => {
  it('is made once, private to the user, and read again', () => {
    const folder = createFolder();
    const first = openSigningKey(folder, true);
    const again = openSigningKey(folder, false);
    expect(toVerifierKey(again)).toBe(toVerifierKey(first));
    expect(statSync(join(folder, 'journal-key.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'journal-key.pub'), 'utf8')).toBe(`${toVerifierKey(first)}\n`);
  });

  it('is refused by name when it is missing, exposed, unreadable or of another kind', () => {
    const folder = createFolder();
    const path = join(folder, 'journal-key.pem');
    expect(() => openSigningKey(folder, false)).toThrow(expect.objectContaining({ code: 'key-missing' }));
    openSigningKey(folder, true);
    chmodSync(path, 0o644);
    expect(() => openSigningKey(folder, false)).toThrow(expect.objectContaining({ code: 'key-exposed' }));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const text of ['', 'garbage', privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()]) {
      writeFileSync(path, text, { mode: 0o600 });
      chmodSync(path, 0o600);
      expect(() => openSigningKey(folder, false)).toThrow(expect.objectContaining({ code: 'key-invalid' }));
    }
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => openSigningKey(join(file, 'inside'), true)).toThrow(expect.objectContaining({ code: 'key-invalid' }));
    mkdirSync(join(folder, 'sub', 'journal-key.pem'), { recursive: true, mode: 0o700 });
    expect(() => openSigningKey(join(folder, 'sub'), true)).toThrow(expect.objectContaining({ code: 'key-invalid' }));
  });
});
