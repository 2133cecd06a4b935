from ..desk import Desk
from ..printing.drawer import open_door
from ..problem import not_found, refused
from ..reply import Reply, json_reply
from ..request import Request
from ..services.pickups import PickupService


def look_up(request: Request, desk: Desk) -> Reply:
    """What the scanner asks when somebody shows a code."""
    pickup = PickupService(desk.db).find(request.params["code"])
    return json_reply({"parcel": pickup["parcel_id"], "shelf": pickup["shelf"]})


def collect(request: Request, desk: Desk) -> Reply:
    signed_by = str(request.body.get("signed_by", ""))
    if not signed_by:
        raise refused("somebody has to sign")
    service = PickupService(desk.db)
    return json_reply(service.collect(request.params["code"], signed_by, desk.now()))


def open_locker(request: Request, desk: Desk) -> Reply:
    door = request.params["door"]
    if not door.isdecimal() or not 1 <= int(door) <= 48:
        raise not_found("door")
    open_door(int(door), str(request.body.get("reason", "")))
    return json_reply({"door": int(door), "open": True})
