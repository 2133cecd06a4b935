import { HttpProblem } from '../lib/problem.js';
import * as parcelStore from '../store/parcel-store.js';

/** What the list may be sorted by, and the column that stands for it. */
const SORT_COLUMNS = { arrived: 'arrived_at', recipient: 'recipient', weight: 'weight_grams' };

export function listParcels(db, { sort, order, limit }) {
  if (!Object.hasOwn(SORT_COLUMNS, sort)) throw new HttpProblem(422, 'the list cannot be sorted by that');
  const rows = Math.min(Number.parseInt(limit, 10) || 20, 100);
  return parcelStore.listWaiting(db, SORT_COLUMNS[sort], order === 'desc' ? 'DESC' : 'ASC', rows);
}

export async function searchByRecipient(db, recipient) {
  const rows = await parcelStore.findByRecipient(db, recipient);
  return rows.map((row) => ({ ...row, waiting: row.collected_at === null }));
}

export async function getParcel(db, idText) {
  const id = Number(idText);
  if (!Number.isInteger(id) || id < 1) throw new HttpProblem(404, 'there is no such parcel');
  const parcel = await parcelStore.findById(db, id);
  if (parcel === undefined) throw new HttpProblem(404, 'there is no such parcel');
  return parcel;
}

export async function checkIn(db, { recipient, carrier = 'unknown', weightGrams }, now) {
  const known = await parcelStore.findCarrier(db, carrier);
  if (known === undefined) throw new HttpProblem(422, 'the desk has no contract with that carrier');
  const id = await parcelStore.insert(db, { recipient, carrier, weightGrams, arrivedAt: now.toISOString() });
  return parcelStore.findById(db, id);
}
