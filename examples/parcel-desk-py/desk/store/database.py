from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

# The columns are ours; tables are made by the shop's migrations, these are those of the demo.
SCHEMA = """
CREATE TABLE carriers (name TEXT PRIMARY KEY);
CREATE TABLE labels (number TEXT PRIMARY KEY);
CREATE TABLE parcels (
    id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, carrier TEXT NOT NULL, weight_grams INTEGER NOT NULL,
    arrived_at TEXT NOT NULL, collected_at TEXT
);
CREATE TABLE pickups (
    id INTEGER PRIMARY KEY, parcel_id INTEGER NOT NULL, code TEXT NOT NULL, shelf TEXT NOT NULL, signed_by TEXT
);
CREATE TABLE shifts (name TEXT PRIMARY KEY, opens TEXT NOT NULL, closes TEXT NOT NULL);
"""


class Database:
    """The one door to SQLite. Rows come back as dictionaries."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        cursor = self._connection.execute(sql, values)
        return [dict(row) for row in cursor.fetchall()]

    def first(self, sql: str, values: Sequence[Any] = ()) -> dict[str, Any] | None:
        rows = self.query(sql, values)
        return rows[0] if rows else None

    def insert(self, sql: str, values: Sequence[Any] = ()) -> int:
        with self._connection:
            return self._connection.execute(sql, values).lastrowid or 0

    def create(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self._connection.executescript(SCHEMA)
        for carrier in tables["carriers"]:
            self.insert("INSERT INTO carriers VALUES (:name)", carrier)
        for label in tables["labels"]:
            self.insert("INSERT INTO labels VALUES (:number)", label)
        for parcel in tables["parcels"]:
            self.insert(
                "INSERT INTO parcels VALUES (:id, :recipient, :carrier, :weight_grams, :arrived_at, :collected_at)", parcel
            )
        for pickup in tables["pickups"]:
            self.insert("INSERT INTO pickups VALUES (:id, :parcel_id, :code, :shelf, :signed_by)", pickup)
