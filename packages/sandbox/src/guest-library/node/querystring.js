export const escape = encodeURIComponent;

export function unescape(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parse(text, separator = '&', equals = '=') {
  const result = Object.create(null);
  for (const part of String(text).split(separator)) {
    if (part === '') continue;
    const at = part.indexOf(equals);
    const [key, value] = (at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + equals.length)]).map((item) => unescape(item.replaceAll('+', ' ')));
    result[key] = key in result ? [result[key], value].flat() : value;
  }
  return result;
}

export function stringify(values, separator = '&', equals = '=') {
  return Object.entries(values ?? {})
    .flatMap(([key, value]) => [value].flat().map((item) => `${escape(key)}${equals}${escape(item ?? '')}`))
    .join(separator);
}

export const decode = parse;
export const encode = stringify;
export default { decode, encode, escape, parse, stringify, unescape };
