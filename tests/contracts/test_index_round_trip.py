"""Nothing is lost or changed by being stored: laws over both indices."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.firestorms import (
    Firestorm,
    Lately,
    Quarter,
    Reason,
    Severity,
    StormKind,
    StormState,
    Trigger,
    Volume,
    Whose,
)
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.domain.urgent import UrgencyKind, Urgent

NUMBERS = count()


# A few months, because each is an index of its own; the first, a leap day, the turn of a century.
TIMES = st.sampled_from((datetime(1971, 1, 2), datetime(2020, 2, 28), datetime(2099, 12, 31))).flatmap(
    lambda day: st.datetimes(day, day + timedelta(days=2), timezones=st.just(UTC))
)
# Keywords of more than 32,766 bytes do not fit, and half a surrogate pair is no text.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = st.text("abcdefghijklmnop:-_0123456789", min_size=1, max_size=30)
WORD_TUPLES = st.lists(WORDS, max_size=3).map(tuple)
FEW = st.integers(0, 2**53)
MAYBE_FEW = st.none() | FEW
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
# Numbers within 64 bits: more than that JSON libraries do not agree on.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | FLOATS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
POSTS = st.builds(
    Post,
    id=NAMES, created_at=TIMES, voice=WORDS, text=WORDS, kind=st.sampled_from(PostKind), source=WORDS,
    accounts=WORD_TUPLES, departments=WORD_TUPLES, own_account=st.none() | WORDS, reference=st.none() | WORDS,
    thread=st.none() | WORDS, reply_to_voice=st.none() | WORDS, quoted_account=st.none() | WORDS,
    public_author=st.none() | WORDS, lang=st.none() | WORDS, text_complete=st.booleans(), url=st.none() | WORDS,
    media=WORD_TUPLES, likes=MAYBE_FEW, reposts=MAYBE_FEW, replies=MAYBE_FEW, quotes=MAYBE_FEW, reach=MAYBE_FEW,
    verified=st.none() | st.booleans(), edited_at=st.none() | TIMES, version_of=st.none() | WORDS,
    unknown=st.dictionaries(WORDS, JSON, max_size=3),
)  # fmt: skip
MENTIONS = st.builds(
    Mention,
    post=POSTS,
    tags=st.builds(
        Tags, lang=WORDS, sentiment=st.sampled_from(Sentiment), hostility=st.floats(0, 1), offensive=st.booleans(),
        acts=st.lists(st.sampled_from(SpeechAct), min_size=1, max_size=6, unique=True).map(tuple),
    ),
)  # fmt: skip
QUARTERS = st.builds(
    Quarter, voices=FEW, speaking=FEW, hostile=FEW, mostly=st.none() | st.sampled_from(PostKind),
    around=st.none() | WORDS, gathered=FEW,
)  # fmt: skip
STORMS = st.builds(
    Firestorm,
    id=NAMES, department=WORDS, accounts=WORD_TUPLES, state=st.sampled_from(StormState),
    kind=st.sampled_from(StormKind), severity=st.sampled_from(Severity), began_at=TIMES, opened_at=TIMES,
    updated_at=TIMES, peaked_at=st.none() | TIMES, closed_at=st.none() | TIMES,
    trigger=st.none() | st.builds(Trigger, post=WORDS, whose=st.sampled_from(Whose), voices=FEW),
    statement=st.none() | WORDS, voices=FEW, hostile_voices=FEW, posts=FEW, usual_voices=FLOATS,
    doubling_minutes=st.none() | FLOATS, half_life_minutes=st.none() | FLOATS,
    next_hour_voices=st.none() | st.tuples(FLOATS, FLOATS, FLOATS), large_accounts=MAYBE_FEW,
    reposts_collected=st.booleans(),
    reasons=st.lists(
        st.builds(Reason, code=WORDS, words=WORDS, value=FLOATS, usual=st.none() | FLOATS, weight=FLOATS), max_size=2
    ).map(tuple),
    sample=WORD_TUPLES,
    lately=st.none() | st.builds(Lately, now=QUARTERS, before=QUARTERS, gathered_before=FEW),
)  # fmt: skip
ALERTS = st.builds(
    Alert, id=NAMES, step=st.sampled_from(AlertStep), department=WORDS, at=TIMES, firestorm=STORMS, live=st.booleans(),
    stale_sources=WORD_TUPLES,
)  # fmt: skip
NOTIFICATIONS = st.builds(Notification, alert=NAMES, channel=NAMES, outcome=st.sampled_from(Outcome), at=TIMES)

URGENT = st.builds(
    Urgent, id=NAMES, department=WORDS, post=NAMES, kind=st.sampled_from(UrgencyKind), reason=WORDS, at=TIMES,
    live=st.booleans(), appeal=WORDS,
)  # fmt: skip

# A law over a server: several records an example and few examples, because each example costs it a refresh.
LAW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def some(records: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(records, min_size=3, max_size=8)


def distinct(post: Post) -> Post:
    """The index is shared by all examples."""
    return replace(post, id=f"{post.id[:20]}-{next(NUMBERS)}")


@LAW
@given(found=some(MENTIONS))
def test_a_mention_comes_back_as_it_was_put(held: Any, found: list[Mention]) -> None:
    """Nothing of a mention is lost or changed by being stored."""
    mentions = {each.post.id: each for each in (replace(one, post=distinct(one.post)) for one in found)}
    held.put(*mentions.values())
    assert held.run(held.index.mentions(list(mentions))) == mentions


@LAW
@given(posts=some(POSTS))
def test_a_statement_comes_back_as_it_was_put(held: Any, posts: list[Post]) -> None:
    """Nothing of a statement is lost or changed by being stored."""
    statements = {post.id: Statement(post=post) for post in map(distinct, posts)}
    held.put(*statements.values())
    assert held.run(held.index.statements(list(statements))) == statements


@LAW
@given(found=some(STORMS))
def test_a_firestorm_comes_back_as_it_was_put(held: Any, found: list[Firestorm]) -> None:
    """Nothing of a firestorm is lost or changed by being stored."""
    storms = [replace(storm, id=f"{storm.id[:20]}-{next(NUMBERS)}") for storm in found]
    held.put(*storms)
    for storm in storms:
        assert held.run(held.index.firestorm(storm.id)) == storm


@LAW
@given(pairs=some(st.tuples(ALERTS, NOTIFICATIONS)))
def test_an_alert_and_its_notification_come_back_as_they_were_put(
    held: Any, pairs: list[tuple[Alert, Notification]]
) -> None:
    """Nothing of an alert or of a notification is lost or changed by being stored."""
    owed = [(replace(alert, id=f"{alert.id[:20]}-{next(NUMBERS)}"), sent) for alert, sent in pairs]
    told = [replace(sent, alert=alert.id) for alert, sent in owed]
    alerts = [alert for alert, _ in owed]
    held.put(*alerts, *told)
    for time in {alert.at for alert in alerts}:
        there = held.run(held.index.alerts(None, time, time + timedelta(milliseconds=1)))
        assert [alert for alert in alerts if alert.at == time and alert not in there] == []
    assert set(held.run(held.index.notifications([alert.id for alert in alerts]))) == set(told)


@LAW
@given(
    found=some(
        st.builds(
            Volume, department=WORDS, account=NAMES, minute=TIMES, posts=FEW, originals=FEW, replies=FEW, quotes=FEW,
            reposts=FEW, voices=FEW, hostile_voices=FEW, usual_voices=st.none() | FLOATS,
        )
    )
)  # fmt: skip
def test_a_volume_comes_back_as_it_was_put(held: Any, found: list[Volume]) -> None:
    """Nothing of a volume is lost or changed by being stored."""
    volumes = [replace(each, account=f"{each.account}-{(n := next(NUMBERS))}", department=f"d-{n}") for each in found]
    held.put(*volumes)

    async def gather(volume: Volume) -> list[Volume]:
        end = volume.minute + timedelta(milliseconds=1)
        return [each async for each in held.index.scan_volumes(volume.department, volume.minute, end)]

    for volume in volumes:
        assert held.run(gather(volume)) == [volume]


@LAW
@given(found=some(URGENT))
def test_an_urgent_record_comes_back_as_it_was_put_and_goes_with_its_post(held: Any, found: list[Urgent]) -> None:
    """Nothing of it is lost but the post's address, which is kept with the post; what goes is asked for by the post."""
    there = [
        replace(one, id=f"{one.id[:20]}-{next(NUMBERS)}", post=f"{one.post[:20]}-{next(NUMBERS)}") for one in found
    ]
    held.put(*(replace(one, url="https://social.example/1") for one in there))
    for at in {one.at for one in there}:
        kept = held.run(held.index.urgent(None, at, at + timedelta(milliseconds=1)))
        assert [one for one in there if one.at == at and one not in kept] == []
    first, *rest = there
    assert held.run(held.index.take_back({first.post: None}))["urgent"] == 1
    left = held.run(held.index.urgent(first.department, first.at, first.at + timedelta(milliseconds=1)))
    assert first not in left
    assert all(one in held.run(held.index.urgent(None, one.at, one.at + timedelta(milliseconds=1))) for one in rest)
