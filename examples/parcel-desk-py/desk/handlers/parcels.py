from ..desk import Desk
from ..problem import refused
from ..reply import Reply, json_reply
from ..request import Request
from ..services import parcels as parcel_service

WEIGHT_LIMIT_GRAMS = 31_500


def list_waiting(request: Request, desk: Desk) -> Reply:
    query = request.query
    rows = parcel_service.list_waiting(
        desk.db, query.get("sort", "arrived"), query.get("order", "asc"), query.get("limit", "20")
    )
    return json_reply(rows)


def search(request: Request, desk: Desk) -> Reply:
    recipient = request.query.get("recipient", "").strip()
    if len(recipient) < 2:
        raise refused("type at least two letters of the name")
    return json_reply(parcel_service.search_by_recipient(desk.db, recipient))


def show(request: Request, desk: Desk) -> Reply:
    return json_reply(parcel_service.get_parcel(desk.db, request.params["id"]))


def check_in(request: Request, desk: Desk) -> Reply:
    recipient = str(request.body.get("recipient", "")).strip()
    weight = request.body.get("weight_grams")
    if recipient == "":
        raise refused("the recipient is missing")
    if not isinstance(weight, int) or not 0 < weight <= WEIGHT_LIMIT_GRAMS:
        raise refused("too heavy for the shelf")
    carrier = str(request.body.get("carrier", "unknown"))
    parcel = parcel_service.check_in(desk.db, recipient, carrier, weight, desk.now())
    return json_reply(parcel, "201 Created")
