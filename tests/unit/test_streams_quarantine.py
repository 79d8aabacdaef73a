"""The quarantine: content is kept to be looked at, by nobody but who has the key."""

from datetime import UTC, datetime

import orjson
import pytest

from soundings.streams.codecs import decode, encode
from soundings.streams.quarantine import CONTENT_KEPT, Seal

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CONTENT = b'{"author": "a_person", "text": "broken'
SEAL = Seal("a key of enough characters")


def test_what_was_sealed_can_be_opened_after_a_journey_and_a_restart() -> None:
    sent = encode(SEAL.quarantined("x", 7, "not JSON", CONTENT, AT))
    received = decode(sent)
    assert Seal("a key of enough characters").open(received) == CONTENT
    assert (received.source, received.position, received.reason) == ("x", 7, "not JSON")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(ValueError, match="another pseudonym key"):
        Seal("another key of enough characters").open(SEAL.quarantined("x", 7, "why", CONTENT, AT))


@pytest.mark.parametrize("content", [CONTENT, b"a_person", b"\xff\x00 a_person" * 3])
def test_nothing_of_the_content_can_be_read_without_the_key(content: bytes) -> None:
    record = SEAL.quarantined("x", 7, "why", content, AT)
    assert b"a_person" not in encode(record) and "a_person" not in repr(record)


def test_the_same_content_is_sealed_differently_each_time() -> None:
    """Nobody can tell that two records hold the same."""
    assert SEAL.quarantined("x", 7, "why", CONTENT, AT).sealed != SEAL.quarantined("x", 7, "why", CONTENT, AT).sealed


def test_a_flood_is_cut() -> None:
    record = SEAL.quarantined("x", 7, "too long", b"x" * 4_000_000, AT)
    assert SEAL.open(record) == b"x" * CONTENT_KEPT
    assert len(orjson.dumps(record)) < 2 * CONTENT_KEPT
