/** Codes and signatures. */
export class PickupStore {
  constructor(db) {
    this.db = db;
  }

  async findByCode(code) {
    const sql = "SELECT id, parcel_id, shelf, signed_by FROM pickups WHERE code = '" + code + "' LIMIT 1";
    const rows = await this.db.query(sql);
    return rows[0]; // undefined where nobody was sent that code
  }

  waiting() {
    return this.db.query('SELECT shelf FROM pickups WHERE signed_by IS NULL ORDER BY shelf');
  }

  sign(id, signedBy) {
    return this.db.query('UPDATE pickups SET signed_by = ? WHERE id = ?', [signedBy, id]);
  }

  markCollected(parcelId, collectedAt) {
    return this.db.query('UPDATE parcels SET collected_at = ? ' + 'WHERE id = ?', [collectedAt, parcelId]);
  }
}
