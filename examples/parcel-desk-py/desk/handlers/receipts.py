from ..desk import Desk
from ..reply import Reply, text_reply
from ..request import Request
from ..services.receipts import read_receipt


def download(request: Request, desk: Desk) -> Reply:
    return text_reply(read_receipt(desk.receipt_folder, request.params["name"]))
