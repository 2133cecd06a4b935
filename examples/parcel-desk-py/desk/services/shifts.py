"""Shifts are planned with times of the day, `08:30`."""

from __future__ import annotations

import re
from typing import Any

from ..problem import refused
from ..store.database import Database

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
TABLE = "shifts"


def list_shifts(db: Database) -> list[dict[str, Any]]:
    return db.query(f"SELECT name, opens, closes FROM {TABLE} ORDER BY opens")


def plan(db: Database, name: str, opens: str, closes: str) -> None:
    if not TIME.fullmatch(opens) or not TIME.fullmatch(closes) or opens >= closes:
        raise refused("a shift opens before it closes, as in 08:30")
    db.insert("INSERT OR REPLACE INTO shifts (name, opens, closes) VALUES (?, ?, ?)", (name, opens, closes))
