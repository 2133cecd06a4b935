const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
  ['a', '\u0007'],
  ['\n', ''],
  ['\r\n', ''],
]);

function fromCode(digits: string): string {
  const code = Number.parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** What a string literal's inner text stands for, with the escapes that JavaScript and Python share. */
export function cookText(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|U([0-9a-fA-F]{8})|(\r\n|[\s\S]))/g,
    (_, x?: string, u?: string, braced?: string, wide?: string, simple?: string) => {
      const digits = x ?? u ?? braced ?? wide;
      if (digits !== undefined) return fromCode(digits);
      return simpleEscapes.get(simple as string) ?? (simple as string);
    },
  );
}
