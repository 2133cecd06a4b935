/** What a resource URI of Trocar stands for. */
export type ResourcePlace =
  | { readonly kind: 'tools' }
  | { readonly kind: 'analysis'; readonly path: string }
  | { readonly kind: 'symbol'; readonly path: string; readonly symbol: string };

/** The list of tool definitions with their digests. */
export const toolsUri = 'trocar://tools';

/** The findings of a file or folder. */
export const analysisTemplate = 'trocar://analysis/{+path}';

/** The source text of one symbol. */
export const symbolTemplate = 'trocar://symbol/{+path}{?name}';

/** Takes a URI of Trocar apart; undefined for anything else. An analysis without a path is that of the whole folder. */
export function parseResourceUri(uri: string): ResourcePlace | undefined {
  if (uri.length > 8_192 || !URL.canParse(uri)) return undefined;
  const { protocol, hostname, pathname, searchParams } = new URL(uri);
  if (protocol !== 'trocar:') return undefined;
  const path = decode(pathname.replace(/^\//, ''));
  if (path === undefined) return undefined;
  switch (hostname) {
    case 'tools':
      return path === '' ? { kind: 'tools' } : undefined;
    case 'analysis':
      return { kind: 'analysis', path: path === '' ? '.' : path };
    case 'symbol': {
      const symbol = searchParams.get('name');
      return path === '' || !symbol ? undefined : { kind: 'symbol', path, symbol };
    }
    default:
      return undefined;
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
