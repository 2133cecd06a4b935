/** A file's bytes as text that can be edited and written back without changing a byte outside the edits. */
export interface SourceText {
  /** The text without byte order mark. */
  readonly text: string;
  /** Whether the file starts with the UTF-8 byte order mark. */
  readonly hasByteOrderMark: boolean;
}

const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Decodes UTF-8 with or without byte order mark; undefined where the bytes are no valid UTF-8, which could not be
 * written back unchanged.
 */
export function decodeSourceText(bytes: Uint8Array): SourceText | undefined {
  const hasByteOrderMark = byteOrderMark.every((byte, index) => bytes[index] === byte);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(hasByteOrderMark ? 3 : 0),
    );
    return { text, hasByteOrderMark };
  } catch {
    return undefined;
  }
}

/** The bytes of a text; the inverse of {@link decodeSourceText}. */
export function encodeSourceText(source: SourceText): Uint8Array {
  const body = new TextEncoder().encode(source.text);
  if (!source.hasByteOrderMark) return body;
  const bytes = new Uint8Array(body.length + byteOrderMark.length);
  bytes.set(byteOrderMark);
  bytes.set(body, byteOrderMark.length);
  return bytes;
}
