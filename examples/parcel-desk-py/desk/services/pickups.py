from __future__ import annotations

from datetime import datetime
from typing import Any

from ..problem import Problem, not_found
from ..store.database import Database
from ..store.pickups import PickupStore


class PickupService:
    """Handing out parcels against the code that their owner was sent."""

    def __init__(self, db: Database) -> None:
        self.store = PickupStore(db)

    def find(self, code: str) -> dict[str, Any]:
        # Customers read the code out in groups of four.
        compact = code.replace(" ", "").upper()
        pickup = self.store.find_by_code(compact)
        if pickup is None:
            raise not_found("code")
        return pickup

    def collect(self, code: str, signed_by: str, now: datetime) -> dict[str, Any]:
        pickup = self.find(code)
        if pickup["signed_by"] is not None:
            raise Problem("409 Conflict", "that parcel was handed out already")
        collected_at = now.isoformat()
        self.store.sign(pickup["id"], signed_by)
        self.store.mark_collected(pickup["parcel_id"], collected_at)
        return {"parcel": pickup["parcel_id"], "signed_by": signed_by, "collected_at": collected_at}
