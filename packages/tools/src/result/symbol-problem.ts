import type { RenameProblem } from '@trocar/code';
import { ToolError } from '../errors.js';

const maximumPlaces = 50;
const maximumNamed = 5;

/** The error for a symbol whose uses cannot be given, or cannot get a new name; `data` holds the places that decide it. */
export function toSymbolError({ code, message, places }: RenameProblem): ToolError {
  const named = places.slice(0, maximumNamed).map(({ path, line, reason }) => `${path}:${line} (${reason})`);
  const others = places.length > named.length ? `, and ${places.length - named.length} more` : '';
  const text = named.length === 0 ? message : `${message} See ${named.join(', ')}${others}.`;
  const candidates = places.slice(0, maximumPlaces).map(({ path, line, reason }) => ({ file: path, line, reason }));
  const data = candidates.length === 0 ? { reason: code } : { reason: code, candidates };
  switch (code) {
    case 'symbol-missing':
    case 'symbol-ambiguous':
    case 'needs-types':
      return new ToolError(code, text, { data });
    case 'file-missing':
      return new ToolError('file-not-code', text, { data });
    default:
      return new ToolError('rename-refused', text, { data });
  }
}
