const encodePart = encodeURIComponent;

function decodePart(text) {
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
    const [key, value] = (at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + equals.length)]).map((item) =>
      decodePart(item.replaceAll('+', ' ')),
    );
    result[key] = key in result ? [result[key], value].flat() : value;
  }
  return result;
}

export function stringify(values, separator = '&', equals = '=') {
  return Object.entries(values ?? {})
    .flatMap(([key, value]) => [value].flat().map((item) => `${encodePart(key)}${equals}${encodePart(item ?? '')}`))
    .join(separator);
}

export const decode = parse;
export const encode = stringify;
export { decodePart as unescape, encodePart as escape };
export default { decode, encode, escape: encodePart, parse, stringify, unescape: decodePart };
