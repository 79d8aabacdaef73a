"""Which form a file of posts has: rows of JSON Lines, CSV, or pages of the X API v2 as archives keep them."""

import gzip
import zlib
from enum import StrEnum
from pathlib import Path

import orjson

from soundings.services.intake.archive import ArchiveError, open_archive

LOOKED_AT = 4 * 1024 * 1024
"""Bytes read to tell the form: a whole page of 500 posts with all that came with them."""


class Form(StrEnum):
    AUTO = "auto"
    JSONL = "jsonl"
    CSV = "csv"
    X = "x"


def form_of(path: Path) -> Form:
    """The form, by the name for CSV and by the first record for the others.

    Raises:
        ArchiveError: the file cannot be read.
    """
    if path.name.removesuffix(".gz").endswith((".csv", ".tsv")):
        return Form.CSV
    try:
        with open_archive(path) as handle:
            head = handle.read(LOOKED_AT).lstrip()
    except (OSError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveError(f"{path}: cannot be read ({type(error).__name__})") from error
    first = _object(head.partition(b"\n")[0]) or _object(head)
    return Form.X if is_page(first) else Form.JSONL


def is_page(record: dict[str, object] | None) -> bool:
    """Whether it is an answer of X's API: posts under `data`, or an empty answer with only `meta`."""
    if record is None or "text" in record:
        return False
    return isinstance(record.get("data"), list | dict) or isinstance(record.get("meta"), dict)


def _object(raw: bytes) -> dict[str, object] | None:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
