"""The HTML of a Mastodon post into text: paragraphs and lines stay, links in full, mentions as whole addresses."""

from collections.abc import Callable
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "blockquote", "ul", "ol", "pre"})
_UNSEEN = frozenset({"script", "style"})


def plain(markup: str, mention: Callable[[str], str | None]) -> str:
    """The text.

    Args:
        mention: What to show for a link to this address if it is a mention, None for other links.
    """
    reader = _Reader(mention)
    reader.feed(markup)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self, mention: Callable[[str], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self._mention = mention
        self._parts: list[str] = []
        self._link: tuple[str, str] | None = None
        """(address, class) of the link that is open."""
        self._shown: list[str] = []
        """What the open link shows: cut addresses, with the rest in invisible elements."""
        self._unseen = 0

    def text(self) -> str:
        self._end_link()
        lines = "".join(self._parts).split("\n")
        tidy = "\n".join(line.strip() for line in lines)
        while "\n\n\n" in tidy:
            tidy = tidy.replace("\n\n\n", "\n\n")
        return tidy.strip()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._parts.append("\n- ")
        elif tag in _BLOCKS:
            self._parts.append("\n\n")
        elif tag == "a":
            self._end_link()
            found = {name: value or "" for name, value in attributes}
            self._link = (found.get("href", ""), found.get("class", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a":
            self._end_link()
        elif tag in _BLOCKS:
            self._parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        (self._parts if self._link is None else self._shown).append(data)

    def _end_link(self) -> None:
        if self._link is None:
            return
        address, kind = self._link
        shown = "".join(self._shown)
        self._link, self._shown = None, []
        if (named := self._mention(address)) is not None:
            self._parts.append(named)
        elif "hashtag" in kind.split() or shown.startswith("#") or not address:
            self._parts.append(shown)
        else:
            self._parts.append(address)
