"""From a WSGI environment to what the handlers work with."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from .problem import Problem

BODY_LIMIT = 64 * 1024


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)


def read_request(environ: dict[str, Any]) -> Request:
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        body=read_body(environ),
    )


def read_body(environ: dict[str, Any]) -> dict[str, Any]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length == 0:
        return {}
    if length > BODY_LIMIT:
        raise Problem("413 Content Too Large", "that is too much at once")
    text = environ["wsgi.input"].read(length).decode("utf-8")
    try:
        body = json.loads(text)
    except ValueError:
        raise Problem("400 Bad Request", "that is not JSON") from None
    if not isinstance(body, dict):
        raise Problem("400 Bad Request", "send an object")
    return body


def segments_of(path: str) -> list[str]:
    """The parts of a path; a slash may be sent as %2F inside of one (labels of returns have it in their number)."""
    return [unquote(part) for part in path.strip("/").split("/")]
