/**
 * The one door to the database. A driver has `query(sql, params)`, answers `{ rows, lastId }` and takes the values for
 * the question marks of a statement in order.
 */
export function openDb(driver) {
  return {
    async query(sql, params = []) {
      const result = await driver.query(sql, params);
      return result.rows;
    },

    /** The first row, or undefined. */
    async first(sql, params = []) {
      const result = await driver.query(sql, params);
      return result.rows[0];
    },

    /** The id of the row that was added. */
    async insert(sql, params = []) {
      const result = await driver.query(sql, params);
      return result.lastId;
    },
  };
}
