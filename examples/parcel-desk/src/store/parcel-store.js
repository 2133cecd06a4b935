const COLUMNS = 'id, recipient, carrier, weight_grams, arrived_at, collected_at';

/** Parcels still on the shelf. Column, direction and count come from the service, never from outside. */
export function listWaiting(db, column, direction, rows) {
  return db.query(`SELECT ${COLUMNS} FROM parcels WHERE collected_at IS NULL ORDER BY ${column} ${direction} LIMIT ${rows}`);
}

/** Everything for people whose name contains the text, the newest first. */
export function findByRecipient(db, recipient) {
  return db.query(
    `SELECT ${COLUMNS} FROM parcels WHERE recipient LIKE '%${recipient}%' ORDER BY arrived_at DESC LIMIT 50`,
  );
}

export async function findById(db, id) {
  const rows = await db.query(`SELECT ${COLUMNS} FROM parcels WHERE id = ${id}`);
  return rows[0];
}

export function findCarrier(db, name) {
  return db.first('SELECT name FROM carriers WHERE name = ?', [name]);
}

export function insert(db, { recipient, carrier, weightGrams, arrivedAt }) {
  return db.insert(
    'INSERT INTO parcels (recipient, carrier, weight_grams, arrived_at, collected_at) VALUES (?, ?, ?, ?, NULL)',
    [recipient, carrier, weightGrams, arrivedAt],
  );
}
