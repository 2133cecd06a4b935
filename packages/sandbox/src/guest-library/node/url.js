import { resolve as resolvePath } from 'node:path';
import { withCode } from 'trocar:errors';
import { URL, URLSearchParams } from 'trocar:url';

const escapes = { '%': '%25', '\\': '%5C', '\n': '%0A', '\r': '%0D', '\t': '%09', '?': '%3F', '#': '%23' };

export function fileURLToPath(url) {
  const parsed = typeof url === 'string' ? new URL(url) : url;
  if (parsed.protocol !== 'file:')
    throw withCode(new TypeError('The URL must be of scheme file'), 'ERR_INVALID_URL_SCHEME');
  if (/%2f/i.test(parsed.pathname))
    throw withCode(new TypeError('File URL path must not include encoded / characters'), 'ERR_INVALID_FILE_URL_PATH');
  return decodeURIComponent(parsed.pathname);
}

export function pathToFileURL(path) {
  const absolute = resolvePath(path) + (path.endsWith('/') && path !== '/' ? '/' : '');
  return new URL(`file://${absolute.replace(/[%\\\n\r\t?#]/g, (character) => escapes[character])}`);
}

export function format(url) {
  if (typeof url === 'string') return url;
  if (url instanceof URL) return url.href;
  const protocol = url.protocol ? (url.protocol.endsWith(':') ? url.protocol : `${url.protocol}:`) : '';
  const host = url.host ?? (url.hostname ? `${url.hostname}${url.port ? `:${url.port}` : ''}` : '');
  const query =
    url.search ?? (url.query && Object.keys(url.query).length > 0 ? `?${new URLSearchParams(url.query)}` : '');
  return `${protocol}${host || url.slashes ? '//' : ''}${url.auth ? `${url.auth}@` : ''}${host}${url.pathname ?? ''}${query}${url.hash ?? ''}`;
}

/** The old parser, for the parts that people still use. */
export function parse(text, parseQuery = false) {
  const match =
    /^(?:([a-z][a-z0-9+.-]*:))?(\/\/)?(?:([^@/?#]*)@)?([^/?#]*)?([^?#]*)?(\?[^#]*)?(#.*)?$/i.exec(text) ?? [];
  const hasHost = match[2] !== undefined;
  const host = hasHost ? (match[4] ?? '') : null;
  const pathname = (hasHost ? match[5] : `${match[4] ?? ''}${match[5] ?? ''}`) || (hasHost ? '/' : null);
  const search = match[6] ?? null;
  const query = search === null ? null : search.slice(1);
  const [hostname, port] = host === null ? [null, null] : host.split(':');
  return {
    protocol: match[1] ?? null,
    slashes: hasHost || null,
    auth: match[3] ?? null,
    host,
    port: port ?? null,
    hostname,
    hash: match[7] ?? null,
    search,
    query: parseQuery
      ? Object.assign(Object.create(null), Object.fromEntries(new URLSearchParams(query ?? '')))
      : query,
    pathname,
    path: `${pathname ?? ''}${search ?? ''}` || null,
    href: text,
  };
}

export function resolve(from, to) {
  const base = new URL(to, new URL(from, 'resolve://'));
  return base.protocol === 'resolve:' ? `${base.pathname}${base.search}${base.hash}` : base.toString();
}

export function urlToHttpOptions(url) {
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    hash: url.hash,
    search: url.search,
    pathname: url.pathname,
    path: `${url.pathname}${url.search}`,
    href: url.href,
  };
}

export { URL, URLSearchParams };
export default { fileURLToPath, format, parse, pathToFileURL, resolve, URL, URLSearchParams, urlToHttpOptions };
