"""Laws of the questions that a digest lists, whatever people write."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.alerts.words import clean
from soundings.services.digests.material import Material
from soundings.services.digests.questions import MOST, asked
from soundings.services.digests.standing import standing
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
DEPARTMENT = Department(
    key="department-of-examples",
    name="Department of Examples",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="ExampleGov"),),
)
PARTS = (
    *("@ExampleGov", "@user_0123456789ab", "Hi,", "so", "where", "it", "my", "Nobody knows.", "?", "?", "? ", "?!"),
    *("how long does a permit take", "why was the weir at Mockup shut", "is the ferry late", "the permit"),
    *("...", "#MockupWeir", "https://t.example/1", "\n", "‘quoted’", "a@b.example"),
)
TEXTS = st.lists(st.sampled_from(PARTS), max_size=12).map(" ".join) | st.text(max_size=60)


def mention(number: int, words: str, voice: int, offensive: bool, hostility: float) -> Mention:
    post = Post(
        id=f"x::{number}",
        created_at=MONDAY + timedelta(minutes=number),
        voice=f"v{voice}",
        text=words,
        kind=PostKind.REPLY if number % 2 else PostKind.ORIGINAL,
        source="x",
        departments=(DEPARTMENT.key,),
    )
    tags = Tags(
        lang="en",
        sentiment=Sentiment.NEUTRAL,
        hostility=hostility,
        offensive=offensive,
        acts=(SpeechAct.QUESTION,),
    )
    return Mention(post=post, tags=tags)


PUT = st.lists(st.tuples(TEXTS, st.integers(0, 4), st.booleans(), st.floats(0, 1)), max_size=14).map(
    lambda rows: [mention(number, *row) for number, row in enumerate(rows)]
)


def material(answered: list[Mention]) -> Material:
    own = [
        Statement(
            post=Post(
                id=f"x::own{number}",
                created_at=MONDAY + timedelta(days=1),
                voice="ours",
                text="An answer.",
                kind=PostKind.REPLY,
                source="x",
                own_account="x:examplegov",
                reference=each.post.id,
            )
        )
        for number, each in enumerate(answered)
    ]
    return Material(
        department=DEPARTMENT,
        area=None,
        week=Week.parse("2026-W28"),
        mentions=(),
        collected={},
        answers_until=MONDAY,
        statements=tuple(own),
    )


@settings(max_examples=80)
@given(posts=PUT, order=st.randoms(use_true_random=False))
def test_what_is_listed_is_the_same_in_any_order_most_people_first_and_never_abusive(
    posts: list[Mention], order: object
) -> None:
    made = asked(posts, material(posts[::2]))
    mixed = list(posts)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert asked(mixed, material(posts[::2])) == made
    assert len(made.groups) <= MOST
    people = [group.people for group in made.groups]
    assert people == sorted(people, reverse=True)
    rude = {each.post.id for each in posts if each.tags.offensive}
    assert not rude & {group.quote.post for group in made.groups}
    assert all(group.people <= group.posts and group.answered <= group.posts for group in made.groups)
    assert made.posts == len(posts)
    assert sum(group.posts for group in made.groups) <= made.posts
    assert made.answered is None or sum(group.answered for group in made.groups) <= made.answered


@given(words=TEXTS)
def test_a_question_is_quoted_in_the_words_of_its_post_and_asks(words: str) -> None:
    """Whatever is cut away around it, nothing is put in anybody's mouth."""
    found = standing(mention(0, words, 0, False, 0.0), {"examplegov"})
    if found is not None:
        assert all(word in clean(words) for word in found.question.split())
        assert found.words.endswith(found.question.lstrip(" ,;:.–—-"))
        assert "?" in found.question
