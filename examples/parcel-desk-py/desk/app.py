"""The WSGI application."""

from collections.abc import Callable, Iterable
from typing import Any

from .desk import Desk
from .handlers import labels, parcels, pickups, receipts, settings, shifts
from .problem import Problem, not_found
from .reply import Reply, json_reply
from .request import read_request
from .routing import Router


def build_router() -> Router:
    router = Router()
    router.add("GET", "/parcels", parcels.list_waiting)
    router.add("GET", "/parcels/search", parcels.search)
    router.add("GET", "/parcels/<id>", parcels.show)
    router.add("POST", "/parcels", parcels.check_in)
    router.add("GET", "/pickups/<code>", pickups.look_up)
    router.add("POST", "/pickups/<code>/collect", pickups.collect)
    router.add("POST", "/doors/<door>/open", pickups.open_locker)
    router.add("GET", "/labels/<name>", labels.download)
    router.add("POST", "/labels/<name>/print", labels.print_label)
    router.add("GET", "/printers", labels.printers)
    router.add("GET", "/receipts/<name>", receipts.download)
    router.add("GET", "/settings", settings.show)
    router.add("PUT", "/settings/<key>", settings.change)
    router.add("GET", "/shifts", shifts.list_shifts)
    router.add("PUT", "/shifts/<name>", shifts.plan)
    return router


def create_app(desk: Desk) -> Callable:
    router = build_router()

    def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        reply = answer(environ)
        headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        start_response(reply.status, headers)
        return [reply.body]

    def answer(environ: dict[str, Any]) -> Reply:
        try:
            request = read_request(environ)
            found = router.match(request.method, request.path)
            if found is None:
                raise not_found("page")
            handler, request.params = found
            return handler(request, desk)
        except Problem as problem:
            return json_reply({"problem": problem.message}, problem.status)

    return application
