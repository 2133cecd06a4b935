/** The text of a file, or why its bytes are none. `hasBom` tells that a UTF-8 byte order mark was cut off. */
export type DecodedSource =
  | { readonly ok: true; readonly text: string; readonly hasBom: boolean }
  | { readonly ok: false; readonly code: 'binary' | 'invalid-utf8'; readonly reason: string };

const sniffedBytes = 8_192;

function looksBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, sniffedBytes).includes(0);
}

/** Decodes strict UTF-8. A NUL byte near the start means binary content; any malformed sequence refuses the file. */
export function decodeSource(bytes: Uint8Array): DecodedSource {
  if (looksBinary(bytes)) return { ok: false, code: 'binary', reason: 'binary content' };
  const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(hasBom ? bytes.subarray(3) : bytes);
    return { ok: true, text, hasBom };
  } catch {
    return { ok: false, code: 'invalid-utf8', reason: 'not valid UTF-8' };
  }
}
