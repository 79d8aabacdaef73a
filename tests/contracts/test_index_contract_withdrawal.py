"""What every index keeps to when posts are edited and taken back, in memory and in Elasticsearch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id

NOON = datetime(2021, 3, 31, 12, tzinfo=UTC)
EDITED = NOON + timedelta(minutes=5)
NUMBERS = count()
TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.1, offensive=False, acts=(SpeechAct.QUESTION,))
NOTHING = {"mentions": 0, "statements": 0, "urgent": 0}


def a_mention(department: str, **changes: Any) -> Mention:
    number = next(NUMBERS)
    post = Post(
        id=f"x:withdrawal:{number:06}", created_at=NOON, voice=f"voice-{department}-{number}", text="Is it late?",
        kind=PostKind.ORIGINAL, source="x", departments=(department,),
    )  # fmt: skip
    return Mention(post=replace(post, **changes), tags=TAGS)


def edited(mention: Mention, text: str, at: datetime = EDITED) -> Mention:
    return replace(mention, post=replace(mention.post, text=text, edited_at=at))


def shown(held: Any, mention: Mention) -> str | None:
    found = held.run(held.index.mentions([mention.post.id])).get(mention.post.id)
    return found.post.text if found else None


def test_a_newer_version_takes_the_place_of_an_older_one_and_never_the_reverse(held: Any, department: str) -> None:
    """Whatever order versions arrive in, the last one written stands, once."""
    first = a_mention(department)
    second, third = edited(first, "second"), edited(first, "third", EDITED + timedelta(minutes=1))
    for order in ((first, second, third), (third, first, second), (third, second, first)):
        for version in order:
            held.put(version)
        assert shown(held, first) == "third"
    held.put(second, third, first)
    assert shown(held, first) == "third"
    assert held.run(held.index.count_mentions(department, NOON, EDITED)) == 1


def test_what_is_taken_back_for_good_goes_in_whatever_month_and_kind_it_lies(held: Any, department: str) -> None:
    """A mention, a statement, a post of another month; a second time finds nothing; others stay."""
    mention, other = a_mention(department), a_mention(department)
    later = a_mention(department, created_at=NOON + timedelta(days=40))
    statement = Statement(post=a_mention(department, own_account="x:us").post)
    held.put(mention, other, later, statement)
    ids = dict.fromkeys((mention.post.id, later.post.id, statement.post.id, "x:withdrawal:unknown"))
    assert held.run(held.index.take_back(ids)) == {"mentions": 2, "statements": 1, "urgent": 0}
    assert held.run(held.index.take_back(ids)) == NOTHING
    assert shown(held, mention) is None and shown(held, later) is None and shown(held, other) is not None
    assert held.run(held.index.statements([statement.post.id])) == {}


def test_what_was_put_a_moment_ago_goes_too(held: Any, department: str) -> None:
    """Nothing waits for the index to make it searchable first."""
    mention = a_mention(department)
    assert held.run(held.index.put([mention])) == ()
    assert held.run(held.index.take_back({mention.post.id: None}))["mentions"] == 1


def test_reposts_go_with_the_text_that_they_repeat_and_answers_and_quotes_stay(held: Any, department: str) -> None:
    """A repost holds the words of its original; an answer holds its author's own."""
    original = a_mention(department)
    reposts = [a_mention(department, kind=PostKind.REPOST, reference=original.post.id) for _ in range(3)]
    ours = Statement(post=replace(a_mention(department).post, kind=PostKind.REPOST, reference=original.post.id))
    others = [a_mention(department, kind=kind, reference=original.post.id) for kind in (PostKind.REPLY, PostKind.QUOTE)]
    held.put(original, *reposts, ours, *others)
    there = held.run(held.index.holding([original.post.id]))
    gone = held.run(held.index.take_back({original.post.id: None}))
    assert gone == there == {"mentions": 4, "statements": 1, "urgent": 0}
    assert held.run(held.index.holding([original.post.id])) == NOTHING
    assert all(shown(held, each) for each in others)


def test_an_edit_takes_back_only_what_was_said_before_it(held: Any, department: str) -> None:
    """The older version and its reposts go; the new version and what repeats it stay, whichever came first."""
    old, new = a_mention(department), edited(a_mention(department), "new")
    repost = a_mention(department, kind=PostKind.REPOST, reference=new.post.id)
    late = a_mention(department, kind=PostKind.REPOST, reference=new.post.id, created_at=EDITED)
    held.put(old, new, repost, late)
    gone = held.run(held.index.take_back({old.post.id: EDITED, new.post.id: EDITED}))
    assert gone == {"mentions": 2, "statements": 0, "urgent": 0}
    assert shown(held, old) is None and shown(held, repost) is None
    assert shown(held, new) == "new" and shown(held, late) is not None
    held.put(edited(old, "and it comes"))
    assert shown(held, old) == "and it comes"


def test_what_was_urgent_of_a_post_goes_when_it_is_gone_for_good(held: Any, department: str) -> None:
    """An edit leaves it: what was owed was owed."""
    mention = a_mention(department)
    post = mention.post.id
    urgent = Urgent(
        id=urgent_id(department, post), department=department, post=post, kind=UrgencyKind.RISK_TO_LIFE,
        reason="somebody asks for help", at=NOON, live=True,
    )  # fmt: skip
    held.put(mention, urgent)
    assert held.run(held.index.take_back({post: NOON}))["urgent"] == 0
    assert held.run(held.index.take_back({post: None})) == {"mentions": 1, "statements": 0, "urgent": 1}


def test_more_reposts_than_a_page_all_go(held: Any, department: str) -> None:
    """A post that thousands repeated is gone in one call."""
    original = a_mention(department)
    reposts = [a_mention(department, kind=PostKind.REPOST, reference=original.post.id) for _ in range(2_100)]
    held.put(*reposts)
    assert held.run(held.index.take_back({original.post.id: None}))["mentions"] == 2_100


def test_the_mentions_of_a_voice_are_found_by_the_pseudonym_alone(held: Any, department: str) -> None:
    """In every month, also what was put a moment ago; nobody else's."""
    voice = f"voice-{department}"
    own = [a_mention(department, voice=voice, created_at=NOON + timedelta(days=n * 40)) for n in range(3)]
    assert held.run(held.index.put([*own, a_mention(department)])) == ()
    assert held.run(held.index.spoken_by(voice)) == tuple(each.post.id for each in own)
    assert held.run(held.index.spoken_by("voice")) == ()
