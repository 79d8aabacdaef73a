"""Posts in CSV: each row becomes a row of JSON Lines, by a map of columns, and is read as one."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import orjson

from soundings.services.domain.accounts import AccountBook
from soundings.services.intake.archive import ArchiveError, Line, open_archive
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import Malformed, parse_row

LISTS = frozenset({"accounts", "media"})
NUMBERS = frozenset({"likes", "reposts", "replies", "quotes", "ref_likes", "ref_answers", "followers"})
FLAGS = frozenset({"text_full", "verified"})
TEXTS = frozenset(
    {"id", "created_at", "author", "author_handle", "text", "lang", "kind", "ref_id", "conversation_id"}
    | {"reply_to_author", "own_account", "quoted_account", "url", "platform", "instance"}
)
FIELDS = TEXTS | LISTS | NUMBERS | FLAGS
"""Fields of a row, as in JSON Lines."""

_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_SEPARATORS = re.compile(r"[\s,;|]+")


def column_map(text: str) -> dict[str, str]:
    """`created_at=Date,author=User` → field to column.

    Raises:
        ValueError: it has another form or names a field that rows do not have.
    """
    columns = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        field, equals, column = part.partition("=")
        if not equals or not column or field not in FIELDS:
            raise ValueError(f"{part!r} is not FIELD=COLUMN with one of {', '.join(sorted(FIELDS))}")
        columns[field] = column
    return columns


def read_csv(
    path: Path, columns: Mapping[str, str], book: AccountBook, pseudonyms: Pseudonyms, source: str, now: datetime
) -> Iterator[Line]:
    """The rows in their order, numbered from 1. Columns that are not mapped are taken by the field's own name.

    Raises:
        ArchiveError: the file cannot be read, or lacks a mapped column.
    """
    try:
        with closing(io.TextIOWrapper(open_archive(path), "utf-8-sig", "replace", newline="")) as handle:
            reader = csv.DictReader(handle, delimiter="\t" if ".tsv" in path.name else ",")
            lacking = set(columns.values()) - set(reader.fieldnames or ())
            if lacking:
                raise ArchiveError(f"{path}: has no column {', '.join(sorted(lacking))}")
            for number, row in enumerate(reader, 1):
                raw = orjson.dumps(as_row(row, columns))
                try:
                    yield Line(number=number, raw=raw, post=parse_row(raw, book, pseudonyms, source, now))
                except Malformed as problem:
                    yield Line(number=number, raw=raw, problem=str(problem))
    except (csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveError(f"{path}: cut off, or no CSV ({type(error).__name__})") from error
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from error


def as_row(row: Mapping[str | None, object], columns: Mapping[str, str]) -> dict[str, object]:
    """The row as JSON Lines would have it; empty cells are missing fields."""
    found: dict[str, object] = {}
    for field in FIELDS:
        cell = row.get(columns.get(field, field))
        if not isinstance(cell, str) or not cell.strip():
            if field == "text" and isinstance(cell, str):
                found[field] = cell
            continue
        found[field] = _value(field, cell)
    return found


def _value(field: str, cell: str) -> object:
    if field in LISTS:
        return [part for part in _SEPARATORS.split(cell.strip("[] ")) if part]
    if field in NUMBERS:
        digits = cell.strip().replace(",", "")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
    if field in FLAGS:
        word = cell.strip().casefold()
        return True if word in _TRUE else False if word in _FALSE else None
    return cell if field == "text" else cell.strip()
