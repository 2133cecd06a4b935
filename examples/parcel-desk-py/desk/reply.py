import json
from dataclasses import dataclass
from typing import Any


@dataclass
class Reply:
    status: str
    content_type: str
    body: bytes


def json_reply(value: Any, status: str = "200 OK") -> Reply:
    return Reply(status, "application/json; charset=utf-8", json.dumps(value).encode())


def text_reply(text: str) -> Reply:
    return Reply("200 OK", "text/plain; charset=utf-8", text.encode())
