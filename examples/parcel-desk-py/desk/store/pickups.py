"""Codes and signatures."""

from __future__ import annotations

from typing import Any

from .database import Database


class PickupStore:
    def __init__(self, db: Database) -> None:
        self.db = db

    def find_by_code(self, code: str) -> dict[str, Any] | None:
        sql = "SELECT id, parcel_id, shelf, signed_by FROM pickups WHERE code = '%s' LIMIT 1" % code
        rows = self.db.query(sql)
        return rows[0] if rows else None  # None where nobody was sent that code

    def sign(self, pickup_id: int, signed_by: str) -> None:
        self.db.query("UPDATE pickups SET signed_by = ? WHERE id = ?", (signed_by, pickup_id))

    def mark_collected(self, parcel_id: int, collected_at: str) -> None:
        self.db.query("UPDATE parcels SET collected_at = ? " + "WHERE id = ?", (collected_at, parcel_id))
