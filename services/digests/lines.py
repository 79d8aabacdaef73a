"""Lines of a plain-text letter."""

import textwrap
from collections.abc import Iterable, Iterator

from soundings.services.digests.quote import Quote

_WIDTH = 76
"""Characters: a plain-text letter that is quoted once still fits in 80."""


def heading(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()


def quotes(quotes: Iterable[Quote]) -> Iterator[str]:
    for quote in quotes:
        yield from wrapped(quote.text, "  > ")
        if quote.url:
            yield f"    {quote.url}"


def wrapped(line: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        line, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
