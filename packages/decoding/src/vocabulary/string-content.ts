/** What a token's bytes are when they are read from inside a JSON string that allows every character. */
export interface StringContent {
  /** Characters that are complete or begun before the closing quote, or before the end of the token. */
  readonly chars: number;
  /** Position of the closing quote; -1 where the token stays inside the string. */
  readonly closedAt: number;
  /** Whether all characters before that are plain: no escapes, none begun and not finished. */
  readonly plain: boolean;
}

const shortEscapes = '"\\/bfnrt';

/** Reads a token (bytes as Latin-1) from inside a JSON string; undefined where it cannot stand there. */
export function readStringContent(text: string): StringContent | undefined {
  let at = 0;
  let chars = 0;
  let plain = true;
  while (at < text.length) {
    const byte = text.charCodeAt(at);
    if (byte === 0x22) return { chars, closedAt: at, plain };
    if (byte < 0x20) return undefined;
    const next = byte === 0x5c ? afterEscape(text, at) : byte < 0x80 ? at + 1 : afterUtf8(text, at);
    if (next === undefined) return undefined;
    if (byte === 0x5c || next > text.length) plain = false;
    chars += 1;
    at = next;
  }
  return { chars, closedAt: -1, plain };
}

/** The position after a UTF-8 sequence; beyond the end where it is cut off; undefined where it is invalid. */
function afterUtf8(text: string, at: number): number | undefined {
  const lead = text.charCodeAt(at);
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0) return undefined;
  for (let i = 1; i < length && at + i < text.length; i += 1) {
    const byte = text.charCodeAt(at + i);
    // RFC 3629: the second byte shuts out overlong forms, surrogates and what is beyond Unicode.
    const low = i > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = i > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (byte < low || byte > high) return undefined;
  }
  return at + length;
}

function afterEscape(text: string, at: number): number | undefined {
  if (at + 1 >= text.length) return at + 2;
  if (text[at + 1] !== 'u') return shortEscapes.includes(text[at + 1]!) ? at + 2 : undefined;
  const digits = text.slice(at + 2, at + 6);
  if (!/^[0-9a-fA-F]*$/.test(digits)) return undefined;
  if (/^d[c-f]/i.test(digits)) return undefined;
  if (!/^d[89ab]/i.test(digits) || digits.length < 4) return at + 6;
  const rest = text.slice(at + 6, at + 12);
  const low = /^\\?$|^\\u$|^\\ud$|^\\ud[c-f][0-9a-f]{0,2}$/i;
  return low.test(rest) ? at + 12 : undefined;
}
