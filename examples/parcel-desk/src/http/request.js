import { URL } from 'node:url';
import { HttpProblem } from '../lib/problem.js';

const BODY_LIMIT = 64 * 1024;

/** Reads a node request to its end and returns what the handlers work with. */
export async function readRequest(req) {
  req.setEncoding('utf8');
  let bodyText = '';
  for await (const chunk of req) {
    bodyText += chunk;
    if (bodyText.length > BODY_LIMIT) break;
  }
  return toRequest(req.method, req.url, req.headers, bodyText);
}

/** The same for parts that are at hand already: method, target, headers and the text of the body. */
export function toRequest(method, target, headers = {}, bodyText = '') {
  const url = new URL(target, 'http://desk.invalid');
  return {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body: parseBody(headers['content-type'] ?? '', bodyText),
  };
}

function parseBody(contentType, bodyText) {
  if (bodyText === '') return {};
  if (bodyText.length > BODY_LIMIT) throw new HttpProblem(413, 'that is too much at once');
  if (!contentType.startsWith('application/json')) throw new HttpProblem(415, 'send JSON');
  try {
    return JSON.parse(bodyText);
  } catch {
    throw new HttpProblem(400, 'that is not JSON');
  }
}
