from __future__ import annotations

from datetime import datetime
from typing import Any

from ..problem import not_found, refused
from ..store import parcels as parcel_store
from ..store.database import Database

SORT_COLUMNS = {"arrived": "arrived_at", "recipient": "recipient", "weight": "weight_grams"}


def list_waiting(db: Database, sort: str, order: str, limit: str) -> list[dict[str, Any]]:
    column = SORT_COLUMNS.get(sort)
    if column is None:
        raise refused("the list cannot be sorted by that")
    if not limit.isdecimal():
        raise refused("the limit is a number")
    direction = "DESC" if order == "desc" else "ASC"
    return parcel_store.list_waiting(db, column, direction, min(int(limit), 100))


def search_by_recipient(db: Database, recipient: str) -> list[dict[str, Any]]:
    rows = parcel_store.find_by_recipient(db, recipient)
    return [{**row, "waiting": row["collected_at"] is None} for row in rows]


def get_parcel(db: Database, id_text: str) -> dict[str, Any]:
    try:
        parcel_id = int(id_text)
    except ValueError:
        raise not_found("parcel") from None
    parcel = parcel_store.find_by_id(db, parcel_id)
    if parcel is None:
        raise not_found("parcel")
    return parcel


def check_in(db: Database, recipient: str, carrier: str, weight_grams: int, now: datetime) -> dict[str, Any]:
    if parcel_store.find_carrier(db, carrier) is None:
        raise refused("the desk has no contract with that carrier")
    parcel_id = parcel_store.insert(db, recipient, carrier, weight_grams, now.isoformat())
    return get_parcel(db, str(parcel_id))
