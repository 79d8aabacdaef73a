"""The text of a Bluesky post: what its facets mark is named as in our configuration, or not at all.

Facets mark stretches of the text by bytes of its UTF-8 form: a mention by the DID, a link by its full address
(https://docs.bsky.app/docs/advanced-guides/post-richtext).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from soundings.services.domain.accounts import Platform
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.streams.sources.fields import content, items, mapping, text

_MENTION = "app.bsky.richtext.facet#mention"
_LINK = "app.bsky.richtext.facet#link"


def mentioned(record: Mapping[str, Any]) -> set[str]:
    """DIDs that the facets of the record mention."""
    return {
        did
        for facet in items(record, "facets")
        for feature in items(facet, "features")
        if feature.get("$type") == _MENTION and (did := text(feature, "did"))
    }


def readable(
    record: Mapping[str, Any], named: Callable[[str], str | None], pseudonyms: Pseudonyms, at: datetime
) -> str:
    """The pseudonymised text.

    Args:
        named: The handle to show for a DID, None for members of the public.

    Raises:
        Malformed: the record has no text.
    """
    said = content(record, "text").encode("utf-8", "surrogatepass")
    parts: list[bytes] = []
    done = 0
    for begin, end, feature in sorted(_marks(record, len(said)), key=lambda mark: mark[:2]):
        if begin < done:
            continue  # facets must not overlap; if they do, the first one stands
        parts += [said[done:begin], _shown(said[begin:end], feature, named, pseudonyms, at)]
        done = end
    parts.append(said[done:])
    return pseudonyms.text(Platform.BLUESKY, b"".join(parts).decode("utf-8", "replace"), at)


def _marks(record: Mapping[str, Any], length: int) -> list[tuple[int, int, Mapping[str, Any]]]:
    marks = []
    for facet in items(record, "facets"):
        index = mapping(facet, "index")
        begin, end = index.get("byteStart"), index.get("byteEnd")
        if type(begin) is not int or type(end) is not int or not 0 <= begin < end <= length:
            continue
        marks += [
            (begin, end, feature) for feature in items(facet, "features") if feature.get("$type") in (_MENTION, _LINK)
        ][:1]
    return marks


def _shown(
    marked: bytes,
    feature: Mapping[str, Any],
    named: Callable[[str], str | None],
    pseudonyms: Pseudonyms,
    at: datetime,
) -> bytes:
    if feature["$type"] == _LINK:
        # Clients show a long address cut; the whole one is what the text links to.
        address = text(feature, "uri")
        return address.encode("utf-8", "surrogatepass") if address else marked
    did = text(feature, "did") or ""
    handle = named(did)
    if handle is not None:
        return f"@{handle}".encode()
    # Also where the marked words are a person's name and no handle.
    return b"@user_" + pseudonyms.voice(Platform.BLUESKY, did, at)[:12].encode()
