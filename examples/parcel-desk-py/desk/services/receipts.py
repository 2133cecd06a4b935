from pathlib import Path

from ..problem import not_found


def read_receipt(folder: Path, name: str) -> str:
    """A receipt by its file name. Receipts hold signatures, hence nothing but the folder's own files."""
    root = folder.resolve()
    file = (root / name).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        raise not_found("receipt")
    return file.read_text("utf-8")
