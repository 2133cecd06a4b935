import { json } from '../http/reply.js';
import { HttpProblem } from '../lib/problem.js';
import * as parcelService from '../services/parcel-service.js';

const WEIGHT_LIMIT_GRAMS = 31_500;

/** GET /parcels?sort=&order=&limit= */
export async function list(request, desk) {
  const { sort = 'arrived', order = 'asc', limit = '20' } = request.query;
  return json(await parcelService.listParcels(desk.db, { sort, order, limit }));
}

/** GET /parcels/search?recipient= */
export async function search(request, desk) {
  const recipient = (request.query.recipient ?? '').trim();
  if (recipient.length < 2) throw new HttpProblem(422, 'type at least two letters of the name');
  return json(await parcelService.searchByRecipient(desk.db, recipient));
}

/** GET /parcels/:id */
export async function show(request, desk) {
  const parcel = await parcelService.getParcel(desk.db, request.params.id);
  return json(parcel);
}

/** POST /parcels { recipient, carrier, weightGrams } */
export async function checkIn(request, desk) {
  const { recipient, carrier, weightGrams } = request.body;
  if (typeof recipient !== 'string' || recipient.trim() === '') throw new HttpProblem(422, 'the recipient is missing');
  if (!(weightGrams > 0 && weightGrams <= WEIGHT_LIMIT_GRAMS)) throw new HttpProblem(422, 'too heavy for the shelf');
  const parcel = await parcelService.checkIn(desk.db, { recipient: recipient.trim(), carrier, weightGrams }, desk.now());
  return json(parcel, 201);
}
