from ..desk import Desk
from ..printing.spooler import list_queues, print_label_file
from ..problem import refused
from ..reply import Reply, json_reply, text_reply
from ..request import Request
from ..services.labels import label_file, read_label


def download(request: Request, desk: Desk) -> Reply:
    return text_reply(read_label(desk.label_folder, request.params["name"]))


def print_label(request: Request, desk: Desk) -> Reply:
    printer = request.body.get("printer", "counter")
    copies = request.body.get("copies", 1)
    if not isinstance(copies, int) or not 1 <= copies <= 10:
        raise refused("one to ten copies")
    file = label_file(desk.db, desk.label_folder, request.params["name"])
    job = print_label_file(printer, file, copies)
    return json_reply({"job": job}, "202 Accepted")


def printers(request: Request, desk: Desk) -> Reply:
    return json_reply(list_queues())
