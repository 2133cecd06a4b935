import os.path
from pathlib import Path

from ..problem import not_found
from ..store.database import Database


def read_label(folder: Path, name: str) -> str:
    """The text of a label as it was printed."""
    path = os.path.join(folder, name + ".txt")
    try:
        with open(path, encoding="utf-8") as label:
            return label.read()
    except FileNotFoundError:
        raise not_found("label") from None


def label_file(db: Database, folder: Path, name: str) -> Path:
    """Where the label of a known parcel lies. The number is read from the table, so what comes back is ours."""
    label = db.first("SELECT number FROM labels WHERE number = ?", (name,))
    if label is None:
        raise not_found("label")
    return folder / f"{label['number']}.txt"
