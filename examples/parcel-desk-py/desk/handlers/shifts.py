from ..desk import Desk
from ..reply import Reply, json_reply
from ..request import Request
from ..services import shifts as shift_service


def list_shifts(request: Request, desk: Desk) -> Reply:
    return json_reply(shift_service.list_shifts(desk.db))


def plan(request: Request, desk: Desk) -> Reply:
    body = request.body
    shift_service.plan(desk.db, request.params["name"], str(body.get("opens", "")), str(body.get("closes", "")))
    return json_reply(shift_service.list_shifts(desk.db))
