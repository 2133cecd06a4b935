from __future__ import annotations

import ast
from typing import Any

from ..problem import refused


def change_setting(settings: dict[str, Any], key: str, text: str) -> Any:
    """Settings are typed at the counter as Python writes them: 'A6', 12, [9, 18] or {'from': 9}."""
    if key not in settings:
        raise refused("there is no such setting")
    try:
        value = eval(text)
    except (SyntaxError, ValueError, NameError):
        raise refused("that is not a value") from None
    if type(value) is not type(settings[key]):
        raise refused("that setting is of another kind")
    settings[key] = value
    return value


def preview(settings: dict[str, Any], key: str, text: str) -> dict[str, Any]:
    """The settings as they would be, for the screen; nothing is kept."""
    try:
        return {**settings, key: ast.literal_eval(text)}
    except (SyntaxError, ValueError):
        raise refused("that is not a value") from None
