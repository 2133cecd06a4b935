"""A desk with the demo data and a clock that stands still, and a client that calls the application."""

from __future__ import annotations

import io
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from desk.app import create_app
from desk.desk import Desk, open_desk

DATA = Path(__file__).parent.parent / "data"


def create_desk() -> Desk:
    return open_desk(DATA, now=lambda: datetime(2026, 3, 4, 10, tzinfo=timezone.utc))


class Client:
    def __init__(self) -> None:
        self.desk = create_desk()
        self.app = create_app(self.desk)

    def call(self, method: str, path: str, query: str = "", body: Any = None) -> tuple[int, Any]:
        """The status and the parsed body (text where it is not JSON)."""
        sent = b"" if body is None else json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent),
        }
        started: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            started["status"] = int(status.split(" ")[0])
            started["type"] = dict(headers)["Content-Type"]

        answer = b"".join(self.app(environ, start_response)).decode()
        return started["status"], json.loads(answer) if "json" in started["type"] else answer
