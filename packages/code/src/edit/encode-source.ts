const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The UTF-8 bytes of a text, behind a byte order mark where the file had one: the inverse of `decodeSource`. */
export function encodeSource(text: string, hasBom: boolean): Uint8Array {
  const body = new TextEncoder().encode(text);
  if (!hasBom) return body;
  const bytes = new Uint8Array(body.length + byteOrderMark.length);
  bytes.set(byteOrderMark);
  bytes.set(body, byteOrderMark.length);
  return bytes;
}
