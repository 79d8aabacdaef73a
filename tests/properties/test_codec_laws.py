"""Laws of the codec: what is written can be read, whole; what cannot be read says why and quotes nothing."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.domain.posts import Mention, Post, PostKind, Statement, Tick
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.streams.codecs import TAGS, VERSION, Undecodable, decode, encode

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
plain = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts | st.lists(texts, max_size=2)
strange = st.dictionaries(st.from_regex(r"new_[a-z]{1,8}", fullmatch=True), plain, max_size=3)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(
        AT.replace(year=2006, tzinfo=None), AT.replace(year=2100, tzinfo=None), timezones=st.just(UTC)
    ),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of the type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in SIMPLE:
        return SIMPLE[hint]
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if each is type(None) else values(each) for each in arguments))
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(values(each) for each in arguments))
    if origin is Mapping:
        return strange if arguments[1] is object else st.dictionaries(texts, values(arguments[1]), max_size=3)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: values(hints[field.name]) for field in fields(hint)})
    assert issubclass(hint, Enum), hint
    return st.sampled_from(hint)


def post(**changes: Any) -> Post:
    sound = Post(id="x::1", created_at=AT, voice="v", text="words", kind=PostKind.ORIGINAL, source="s")
    return replace(sound, **changes)


def written(record: Post) -> dict[str, Any]:
    """The fields of a post as they are on a topic."""
    content: dict[str, Any] = orjson.loads(encode(Statement(post=record)))["d"]["post"]
    return content


def read(content: Mapping[str, Any]) -> Post:
    statement = decode(orjson.dumps({"v": VERSION, "t": "statement", "d": {"post": content}}))
    assert isinstance(statement, Statement)
    return statement.post


@pytest.mark.parametrize("record", TAGS, ids=TAGS.get)
@settings(max_examples=30)  # of each of eleven
@given(data=st.data())
def test_every_record_comes_back_as_it_was_written(record: type, data: st.DataObject) -> None:
    one = data.draw(values(record))
    assert decode(encode(one)) == one


def test_every_record_has_a_tag_of_its_own() -> None:
    assert len(set(TAGS.values())) == len(TAGS)


@given(strange)
def test_fields_of_a_newer_version_survive_an_older_part(new: dict[str, Any]) -> None:
    """An older intake reads what a newer source wrote, and writes it on."""
    envelope = orjson.loads(encode(Tick(source="s", time=AT, live=True)))
    assert decode(orjson.dumps({**envelope, "d": {**envelope["d"], **new}})) == Tick(source="s", time=AT, live=True)
    older = read(written(post()) | new)
    assert older.unknown == new
    assert read(written(older)) == older


def test_a_field_that_an_older_part_put_aside_comes_back_to_its_place() -> None:
    content = written(post())
    del content["likes"]
    content["unknown"] = {"likes": 7, "newer": 1}
    assert read(content) == post(likes=7, unknown={"newer": 1})


@given(st.data())
def test_fields_with_a_default_may_be_missing(data: st.DataObject) -> None:
    """What an older part wrote is read by a newer one."""
    content = written(post())
    optional = [name for name in content if name not in ("id", "created_at", "voice", "text", "kind", "source")]
    for name in data.draw(st.lists(st.sampled_from(optional))):
        content.pop(name, None)
    assert read(content) == post()


@given(st.binary(max_size=100))
def test_bytes_that_are_none_of_ours_are_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(data)


any_json = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)


@given(any_json, any_json, any_json)
def test_an_envelope_of_anything_is_refused(version: Any, tag: Any, content: Any) -> None:
    with pytest.raises(Undecodable):
        decode(orjson.dumps({"v": version, "t": tag, "d": content}))


@given(st.sampled_from(sorted(TAGS.values())), any_json)
def test_content_of_another_form_is_refused(tag: str, content: Any) -> None:
    with pytest.raises(Undecodable):
        decode(orjson.dumps({"v": VERSION, "t": tag, "d": content}))


@given(st.sampled_from([field.name for field in fields(Post)]), st.sampled_from([{"": 1}, 1.5, [[1]]]))
def test_a_field_of_another_type_is_refused(name: str, wrong: Any) -> None:
    if name == "unknown" and isinstance(wrong, dict):
        return
    with pytest.raises(Undecodable, match="^statement: (Type|Value)Error$"):
        read(written(post()) | {name: wrong})


SECRET = "ЖЩЯЮЭЪ"  # letters that no message of ours is written in


@pytest.mark.parametrize(
    "envelope",
    [
        SECRET,
        {"v": SECRET, "t": "tick", "d": {}},
        {"v": [SECRET], "t": "tick", "d": {}},
        {"v": VERSION, "t": SECRET, "d": {}},
        {"v": VERSION, "t": [SECRET], "d": {}},
        {"v": VERSION, "t": "tick", "d": {"source": "s", "time": SECRET, "live": True}},
        {"v": VERSION, "t": "tick", "d": {"source": "s", "time": "2026-05-04T12:00Z", "live": SECRET}},
        {"v": VERSION, "t": "redaction", "d": {"post": "p", "reason": SECRET}},
        {SECRET: 1},
    ],
)
def test_why_it_was_refused_quotes_nothing(envelope: Any) -> None:
    with pytest.raises(Undecodable) as refused:
        decode(orjson.dumps(envelope))
    assert not set(SECRET) & set(str(refused.value))
    assert refused.value.__cause__ is None


def test_a_newer_version_is_named() -> None:
    with pytest.raises(Undecodable, match=f"version 2 of a record, this reads {VERSION}"):
        decode(b'{"v":2,"t":"tick","d":{}}')


def test_nothing_is_refused_as_empty() -> None:
    with pytest.raises(Undecodable, match="empty"):
        decode(None)


@given(texts, st.integers(0xD800, 0xDFFF), texts)
def test_half_a_character_is_refused_before_it_is_sent(before: str, half: int, after: str) -> None:
    with pytest.raises(Undecodable, match="^holds text that is not valid Unicode$"):
        encode(Statement(post=post(text=before + chr(half) + after)))


def test_the_bytes_name_version_and_type_before_the_content() -> None:
    """A reader of raw bytes can tell them without parsing the content."""
    redaction = Redaction(post="x::1", reason=RedactionReason.DELETED, at=AT, source="s")
    assert encode(redaction).startswith(b'{"v":1,"t":"redaction","d":{')
    assert TAGS[Mention] == "mention"
