/**
 * Undoes the mapping of byte-level BPE vocabularies, which write each byte as a printable character: those that print
 * stand for themselves, the others follow from U+0100 on (introduced with GPT-2).
 */
export function fromByteUnicode(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i += 1) {
    const byte = byteOf.get(token.charCodeAt(i));
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

const byteOf = new Map<number, number>();
for (let byte = 0, next = 0x100; byte < 256; byte += 1) {
  const prints = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  byteOf.set(prints ? byte : next, byte);
  if (!prints) next += 1;
}
