import { json } from '../http/reply.js';
import { HttpProblem } from '../lib/problem.js';
import { openDoor } from '../printing/drawer.js';
import { PickupService } from '../services/pickup-service.js';

/** GET /pickups/:code: what the scanner asks when somebody shows a code. */
export async function lookUp(request, desk) {
  const pickup = await new PickupService(desk.db).find(request.params.code);
  return json({ parcel: pickup.parcel_id, shelf: pickup.shelf });
}

/** POST /pickups/:code/collect { signedBy } */
export async function collect(request, desk) {
  const signedBy = request.body.signedBy;
  if (typeof signedBy !== 'string' || signedBy === '') throw new HttpProblem(422, 'somebody has to sign');
  const service = new PickupService(desk.db);
  const receipt = await service.collect(request.params.code, signedBy, desk.now());
  return json(receipt);
}

/** GET /shelves: how many parcels wait on each. */
export async function shelves(_request, desk) {
  return json(await new PickupService(desk.db).countShelves());
}

/** POST /doors/:door/open */
export async function openLocker(request) {
  const door = Number.parseInt(request.params.door, 10);
  if (!(door >= 1 && door <= 48)) throw new HttpProblem(404, 'there is no such door');
  await openDoor(door, String(request.body.reason ?? ''));
  return json({ door, open: true });
}
