from __future__ import annotations

from typing import Any

from .database import Database

COLUMNS = "id, recipient, carrier, weight_grams, arrived_at, collected_at"


def list_waiting(db: Database, column: str, direction: str, rows: int) -> list[dict[str, Any]]:
    """Parcels still on the shelf. Column and direction come from the service's own table."""
    return db.query(f"SELECT {COLUMNS} FROM parcels WHERE collected_at IS NULL ORDER BY {column} {direction} LIMIT {rows}")


def find_by_recipient(db: Database, recipient: str) -> list[dict[str, Any]]:
    """Everything for people whose name contains the text, the newest first."""
    return db.query(
        f"SELECT {COLUMNS} FROM parcels WHERE recipient LIKE '%{recipient}%' ORDER BY arrived_at DESC LIMIT 50"
    )


def find_by_id(db: Database, parcel_id: int) -> dict[str, Any] | None:
    return db.first("SELECT %s FROM parcels WHERE id = %d" % (COLUMNS, parcel_id))


def find_carrier(db: Database, name: str) -> dict[str, Any] | None:
    return db.first("SELECT name FROM carriers WHERE name = ?", (name,))


def insert(db: Database, recipient: str, carrier: str, weight_grams: int, arrived_at: str) -> int:
    return db.insert(
        "INSERT INTO parcels (recipient, carrier, weight_grams, arrived_at) VALUES (?, ?, ?, ?)",
        (recipient, carrier, weight_grams, arrived_at),
    )
