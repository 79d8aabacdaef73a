"""Tags for a file of posts: a line for each line, in order, whatever is in it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from soundings.services.domain.posts import Tags
from soundings.services.tagging.tagger import Tagger

AT_ONCE = 500
"""Lines that are tagged together: more gain no speed, and hold more memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as read."""

    text: str
    lang: str | None
    id: str | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    line: int
    """From 1."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedLine:
    json: bytes
    """With its line feed; `{"error": reason}` for a malformed line, so that line counts match."""
    malformed: Malformed | None


def parse(line: bytes) -> Row | str:
    """The post of a line, or why there is none.

    A lone surrogate (half of an emoji cut by a source) is refused by strict readers of JSON; its text is good enough
    to tag, so a lenient one has the second look.
    """
    try:
        post = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        try:
            post = json.loads(line)
        except (ValueError, RecursionError):
            return f"not JSON: {error.msg}"
    if not isinstance(post, dict):
        return "not a JSON object"
    text, lang, identifier = post.get("text"), post.get("lang"), post.get("id")
    if not isinstance(text, str):
        return "no text" if text is None else "text is not a string"
    return Row(
        text=text,
        lang=lang if isinstance(lang, str) else None,
        id=identifier if isinstance(identifier, str | int) and not isinstance(identifier, bool) else None,
    )


def tag_lines(lines: Iterable[bytes], tagger: Tagger) -> Iterator[TaggedLine]:
    """A tagged line for each line read."""
    number = 0
    for batch in _batches(lines):
        rows = [parse(line) for line in batch]
        good = [row for row in rows if isinstance(row, Row)]
        tagged = iter(tagger.tag([row.text for row in good], [row.lang for row in good]))
        for row in rows:
            number += 1
            if isinstance(row, Row):
                yield TaggedLine(json=_line(row, next(tagged)), malformed=None)
            else:
                said = orjson.dumps({"error": row}, option=orjson.OPT_APPEND_NEWLINE)
                yield TaggedLine(json=said, malformed=Malformed(line=number, reason=row))


def _batches(lines: Iterable[bytes]) -> Iterator[Sequence[bytes]]:
    batch: list[bytes] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _line(row: Row, tags: Tags) -> bytes:
    identity = {} if row.id is None else {"id": row.id}
    told = {
        "lang": tags.lang,
        "sentiment": tags.sentiment.value,
        "hostility": tags.hostility,
        "offensive": tags.offensive,
        "acts": [act.value for act in tags.acts],
    }
    # json, not orjson: an id may be a number beyond 64 bits or hold a lone surrogate.
    return json.dumps({**identity, **told}).encode() + b"\n"
