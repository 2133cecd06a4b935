"""Serves the desk with the standard library's own server; a shop puts its WSGI server in front instead."""

import os
from pathlib import Path
from wsgiref.simple_server import make_server

from desk.app import create_app
from desk.desk import open_desk

if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8080"))
    desk = open_desk(Path(__file__).parent / "data")
    with make_server("127.0.0.1", port, create_app(desk)) as server:
        print(f"parcel desk on http://127.0.0.1:{port}")
        server.serve_forever()
