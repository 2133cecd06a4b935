import { HttpProblem } from '../lib/problem.js';

export function json(value, status = 200) {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

export function text(body, status = 200) {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function problemReply(error) {
  if (error instanceof HttpProblem) return json({ problem: error.message }, error.status);
  return json({ problem: 'the desk could not do that' }, 500);
}
