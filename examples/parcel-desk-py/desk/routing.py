from __future__ import annotations

from collections.abc import Callable

from .request import segments_of


class Router:
    """Routes by method and path. A segment in angle brackets is a parameter; the first match wins."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, list[str], Callable]] = []

    def add(self, method: str, pattern: str, handler: Callable) -> None:
        self._routes.append((method, pattern.strip("/").split("/"), handler))

    def match(self, method: str, path: str) -> tuple[Callable, dict[str, str]] | None:
        given = segments_of(path)
        for route_method, pattern, handler in self._routes:
            if route_method != method or len(pattern) != len(given):
                continue
            params: dict[str, str] = {}
            for wanted, part in zip(pattern, given):
                if wanted.startswith("<"):
                    params[wanted[1:-1]] = part
                elif wanted != part:
                    break
            else:
                return handler, params
        return None
