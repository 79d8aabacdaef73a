"""Laws of the digest: whatever people write and in whatever order it arrives."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from hypothesis import example, given, settings
from hypothesis import strategies as st

from soundings.services.digests.alike import alike, content
from soundings.services.digests.compose import compose
from soundings.services.digests.files import as_csv, as_json
from soundings.services.digests.material import Material
from soundings.services.digests.page import page
from soundings.services.digests.text import text
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.domain.themes import Evidence, Recurrence, Theme, ThemesRead, ThemeWeek, Trend
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id
from soundings.services.themes.words import clean

WEEK = Week.parse("2026-W28")
MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
NOW = datetime(2026, 7, 13, 7, tzinfo=UTC)
DEPARTMENT = Department(
    key="department-of-examples",
    name="Department of Examples",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="ExampleGov"),),
)
# A whole digest is composed for each example.
SOME = settings(max_examples=40)
ATTACKS = [
    "<script>x</script>",
    "</blockquote><img src=x onerror=y>",
    '"><a href=javascript:x>',
    "=1+1",
    "\u202etxt.exe",
]
WORDS = [
    "the form",
    "hold music",
    "river level",
    "why",
    "thanks",
    "again?",
    "@user_0123456789ab",
    "https://t.example/1",
]
TEXTS = st.text(max_size=80) | st.lists(st.sampled_from(ATTACKS + WORDS), max_size=8).map(" ".join)


@st.composite
def mentions(draw: st.DrawFn) -> list[Mention]:
    said = draw(st.lists(TEXTS, max_size=8))
    return [
        Mention(
            post=Post(
                id=f"x::{number}",
                created_at=MONDAY + timedelta(hours=draw(st.integers(0, 150))),
                voice=f"v{draw(st.integers(0, 4))}",
                text=words,
                kind=draw(st.sampled_from(PostKind)),
                source="x",
                departments=(DEPARTMENT.key,),
                url=draw(st.sampled_from(["https://social.example/1", "javascript:alert(1)", None])),
            ),
            tags=Tags(
                lang="en",
                sentiment=draw(st.sampled_from(Sentiment)),
                hostility=draw(st.floats(0, 1)),
                offensive=draw(st.booleans()),
                acts=(draw(st.sampled_from(SpeechAct)),),
            ),
        )
        for number, words in enumerate(said)
    ]


def material(posts: list[Mention]) -> Material:
    """Every text is also the title of a theme, less the handles that none holds; every post stands for all themes."""
    collected = {"x": (len(posts), 0, 0, 0, 0, 0, 0)}
    themes = tuple(theme(number, posts) for number in range(len(posts)))
    return Material(
        department=DEPARTMENT,
        area=None,
        week=WEEK,
        mentions=tuple(posts),
        collected=collected,
        answers_until=NOW,
        themes=themes,
        themes_before=themes[:1],
        themes_read=ThemesRead(
            department=DEPARTMENT.key, week=str(WEEK), at=NOW, themes=tuple(each.theme.id for each in themes)
        ),
        theme_texts={mention.post.id: mention for mention in posts},
        urgent=tuple(urgent(mention) for mention in posts if urgently(mention)),
        urgent_notes=tuple(
            Notification(alert=urgent(mention).id, channel=ATTACKS[number % 5], outcome=Outcome.SENT, at=NOW)
            for number, mention in enumerate(sorted(posts, key=lambda mention: mention.post.id))
            if urgently(mention)
        ),
    )


def urgently(mention: Mention) -> bool:
    """One post in three."""
    return int(mention.post.id.rpartition(":")[2]) % 3 == 0


def urgent(mention: Mention) -> Urgent:
    """Copies of a text are one appeal."""
    return Urgent(
        id=urgent_id(DEPARTMENT.key, mention.post.id),
        department=DEPARTMENT.key,
        post=mention.post.id,
        kind=UrgencyKind.RISK_TO_LIFE if len(mention.post.text) % 2 else UrgencyKind.THREAT_TO_STAFF,
        reason="somebody asks to be rescued",
        at=mention.post.created_at,
        live=mention.tags.hostile,
        appeal=mention.post.text,
    )


def theme(number: int, posts: list[Mention]) -> ThemeWeek:
    by_id = sorted(posts, key=lambda mention: mention.post.id)
    ids = tuple(mention.post.id for mention in by_id)
    seen = Recurrence(trend=list(Trend)[number % 6], weeks_present=2, weeks_looked_at=8, first_week="", reason="")
    evidence = Evidence(posts=number + 1, reposts=0, texts=1, voices=number + 1, hostile=0, questions=1, suggestions=1)
    made = Theme(
        id=f"{DEPARTMENT.key}:{number}",
        title=clean(by_id[number].post.text),
        keywords=(),
        evidence=evidence,
        weeks={},
        recurrence=seen,
        representatives=ids,
        questions=ids,
        suggestions=ids,
        campaign=number % 2 == 0,
    )
    return ThemeWeek(department=DEPARTMENT.key, week=str(WEEK), at=NOW, theme=made)


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name == "href"}


@SOME
@given(posts=mentions())
def test_no_text_becomes_markup_a_link_or_a_hidden_direction(posts: list[Mention]) -> None:
    made = compose(material(posts), NOW)
    html = page(made)
    seen = Seen()
    seen.feed(html)
    assert seen.tags <= {
        "html", "head", "meta", "title", "style", "body", "div", "p", "h1", "h2", "h3", "h4", "strong", "table",
        "caption", "thead", "tbody", "tr", "th", "td", "blockquote", "a", "ul", "ol", "li", "span",
    }  # fmt: skip
    assert not any(name.startswith("on") or name == "src" for name in seen.attributes)
    assert seen.links <= {"https://social.example/1"}
    for shown in (html, text(made)):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", shown)
        assert "@user_0123456789ab" not in shown
    as_json(made)
    assert not any(cell.startswith("=") for cell in re.split(r'[,\n]"?', as_csv(made)))


@SOME
@given(posts=mentions(), order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(posts: list[Mention], order: object) -> None:
    mixed = list(posts)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert compose(material(mixed), NOW) == compose(material(posts), NOW)


@SOME
@given(posts=mentions())
def test_people_are_never_more_than_posts_and_abusive_posts_are_not_quoted(posts: list[Mention]) -> None:
    made = compose(material(posts), NOW)
    assert made.volume.people <= made.volume.posts == len(posts) == sum(day.posts for day in made.volume.days)
    rude = {mention.post.id for mention in posts if mention.tags.offensive}
    quoted = {quote.post for act in made.acts for quote in act.quotes}
    quoted |= {quote.post for item in (*made.themes.items, *made.themes.campaigns) for quote in item.quotes}
    quoted |= {question.quote.post for question in made.questions.groups}
    quoted |= {copied.quote.post for copied in made.copies}
    assert not rude & quoted
    counted = [(item.people, item.posts) for item in made.questions.groups]
    counted += [(item.people, item.posts) for item in made.copies]
    counted += [(item.people, item.posts) for item in made.acts]
    assert all(people <= number for people, number in counted)
    assert made.urgent.posts == sum(map(urgently, posts)) >= made.urgent.number >= len(made.urgent.items)


@SOME
@given(posts=mentions())
def test_what_is_urgent_is_quoted_nowhere(posts: list[Mention]) -> None:
    made = json.loads(as_json(compose(material(posts), NOW)))["digest"]
    listed = made.pop("urgent")["items"]
    assert {item["post"] for item in listed} <= {mention.post.id for mention in posts if urgently(mention)}
    assert not quoted(made) & {mention.post.id for mention in posts if urgently(mention)}


def quoted(value: object) -> set[str]:
    """The ids of all quotations in the digest's JSON, however deep."""
    if isinstance(value, list):
        return {post for each in value for post in quoted(each)}
    if not isinstance(value, dict):
        return set()
    own = {str(value["post"])} if value.keys() == {"text", "post", "url"} else set()
    return own | {post for each in value.values() for post in quoted(each)}


@example(texts=[*[""] * 6, ATTACKS[1], *[" ".join(ATTACKS[:2])] * 2], threshold=1.0)
@given(texts=st.lists(TEXTS, max_size=12), threshold=st.floats(0.1, 1))
def test_every_text_is_in_exactly_one_group_and_equal_texts_in_the_same(texts: list[str], threshold: float) -> None:
    groups = alike(texts, threshold)
    assert sorted(member for group in groups for member in group.members) == list(range(len(texts)))
    place = {member: number for number, group in enumerate(groups) for member in group.members}
    for one, first in enumerate(texts):
        for other, second in enumerate(texts):
            if first == second and content(first):
                assert place[one] == place[other]
