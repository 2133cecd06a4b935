import { HttpProblem } from '../lib/problem.js';
import { PickupStore } from '../store/pickup-store.js';

/** Handing out parcels against the code that their owner was sent. */
export class PickupService {
  constructor(db) {
    this.store = new PickupStore(db);
  }

  async find(code) {
    // Customers read the code out in groups of four.
    const compact = code.replace(/\s+/g, '').toUpperCase();
    const pickup = await this.store.findByCode(compact);
    if (pickup === undefined) throw new HttpProblem(404, 'that code is not known');
    return pickup;
  }

  async collect(code, signedBy, now) {
    const pickup = await this.find(code);
    if (pickup.signed_by !== null) throw new HttpProblem(409, 'that parcel was handed out already');
    const collectedAt = now.toISOString();
    await this.store.sign(pickup.id, signedBy);
    await this.store.markCollected(pickup.parcel_id, collectedAt);
    return { parcel: pickup.parcel_id, signedBy, collectedAt };
  }

  /** Shelf names are what the staff typed, `constructor` among them for all we know: hence no prototype. */
  async countShelves() {
    const counts = Object.create(null);
    for (const { shelf } of await this.store.waiting()) {
      counts[shelf] = (counts[shelf] ?? 0) + 1;
    }
    return counts;
  }
}
