const encoder = new TextEncoder();

/** The bytes of a SentencePiece token: `▁` is a space, and `<0x0A>` stands for one byte. */
export function fromSentencePiece(token: string): Uint8Array {
  const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
  if (byte !== null) return Uint8Array.of(Number.parseInt(byte[1]!, 16));
  return encoder.encode(token.replaceAll('\u2581', ' '));
}
