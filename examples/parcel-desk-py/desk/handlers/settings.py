from ..desk import Desk
from ..problem import refused
from ..reply import Reply, json_reply
from ..request import Request
from ..services.settings import change_setting, preview


def show(request: Request, desk: Desk) -> Reply:
    """With ?key=&value= it shows what a change would make of the settings."""
    if "key" in request.query:
        return json_reply(preview(desk.settings, request.query["key"], request.query.get("value", "")))
    return json_reply(desk.settings)


def change(request: Request, desk: Desk) -> Reply:
    value = request.body.get("value")
    if not isinstance(value, str):
        raise refused("the value is missing")
    changed = change_setting(desk.settings, request.params["key"], value)
    return json_reply({request.params["key"]: changed})
