"""What one shop consists of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable

from .store.database import Database


@dataclass
class Desk:
    db: Database
    settings: dict[str, Any]
    label_folder: Path
    receipt_folder: Path
    now: Callable[[], datetime]


def open_desk(data: Path, now: Callable[[], datetime] | None = None) -> Desk:
    seed = json.loads((data / "seed.json").read_text("utf-8"))
    db = Database(":memory:")
    db.create(seed["tables"])
    return Desk(
        db=db,
        settings=seed["settings"],
        label_folder=data / "labels",
        receipt_folder=data / "receipts",
        now=now or (lambda: datetime.now(timezone.utc)),
    )
