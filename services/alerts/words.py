"""Numbers and times in words, and post text made harmless to show."""

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

# Directional marks, embeddings, overrides and isolates: they can make a line read differently from what it is.
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Invisible without a use in ordinary text. The joiners U+200C and U+200D stay: scripts and emoji need them.
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF])
_BREAKS = {0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x09: " "}
# Also where it sticks to the word before it, as in a hasty `thanks@name`.
_HANDLE = re.compile(r"(?<![@/])@(\w[\w.]*(?:@[\w.-]+)?)")
EXACT = 256
"""Different people up to whom every count here is exact; larger ones are estimated from a sample, 5 to 6 % off."""
_MARKS = 4
"""Marks on one letter: Vietnamese and Hebrew need up to three, more is a text made to overflow its line."""


def clean(text: str, *, one_line: bool = False) -> str:
    """The text without control, directional or invisible characters; line breaks become one newline or a space."""
    plain = text.replace("\r\n", "\n").translate(_BREAKS | _BIDI | _INVISIBLE)
    kept: list[str] = []
    marks = 0
    for char in plain:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MARKS:
            continue
        kept.append("\ufffd" if category in ("Cc", "Cs") and char != "\n" else char)
    joined = "".join(kept)
    return " ".join(joined.split()) if one_line else joined


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where that is possible."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > limit // 2 else cut).rstrip(" ,;:") + "…"


def without_handles(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Every @handle but those in `keep` (case-folded, without @) becomes `@…`: people are quoted, not named."""
    return _HANDLE.sub(lambda found: found[0] if found[1].rstrip(".").casefold() in keep else "@…", text)


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def people(count: int) -> str:
    return "nobody" if count == 0 else voices(count, "person", "people")


def voices(count: int, one: str, many: str) -> str:
    """How many different people: `1 person`, `256 people`, `about 1,550 people`."""
    return plural(count, one, many) if count <= EXACT else f"about {round(count, -1):,} {many}"


def span(minutes: float) -> str:
    """A length of time for reading aloud, as exact as its size deserves: `38 minutes`, `3 h 20 min`, `2 days`."""
    whole = round(minutes)
    if whole < 1:
        return "under a minute"
    if whole < 120:
        return plural(whole, "minute")
    if whole < 48 * 60:
        hours, rest = divmod(round(whole / 10) * 10, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} hours"
    return plural(round(whole / (24 * 60)), "day")


def short_span(minutes: float) -> str:
    """The same for a subject line: `10 min`, `2 h`."""
    whole = max(1, round(minutes))
    return f"{whole} min" if whole < 120 else f"{round(whole / 60)} h"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y}"


def local_time(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`21:05`, with its day unless that is today."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%H:%M} on {day(moment, zone)}"


def ago(moment: datetime, now: datetime) -> str:
    minutes = (now - moment).total_seconds() / 60
    return "just now" if minutes < 1 else f"{span(minutes)} ago"


def usual(expected: float) -> str:
    """What the baseline expects, as a word: a fraction of a person means hardly anybody."""
    return "hardly anybody" if expected < 0.5 else f"{round(expected):,}"


def times(value: float, expected: float) -> str:
    """`about 23 times as many`; empty where the comparison says nothing."""
    if expected < 0.5 or value < 1.5 * expected:
        return ""
    ratio = value / expected
    return f"about {ratio:.1f} times as many" if ratio < 3 else f"about {round(ratio):,} times as many"
