import { json } from '../http/reply.js';
import { HttpProblem } from '../lib/problem.js';
import { changeSettings, settingsFor } from '../services/settings-service.js';

/** GET /settings */
export async function show(_request, desk) {
  return json(desk.settings);
}

/** GET /settings/effective?shift={"opening":{"from":"08:00"}}: the settings with what the shift changes for a day. */
export async function effective(request, desk) {
  let shift;
  try {
    shift = JSON.parse(request.query.shift ?? '{}');
  } catch {
    throw new HttpProblem(400, 'that is not JSON');
  }
  return json(settingsFor(desk.settings, shift));
}

/** PATCH /settings */
export async function update(request, desk) {
  if (typeof request.body !== 'object' || request.body === null || Array.isArray(request.body)) {
    throw new HttpProblem(422, 'settings are an object');
  }
  return json(changeSettings(desk.settings, request.body));
}
