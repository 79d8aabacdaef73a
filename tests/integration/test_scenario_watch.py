"""The built-in scenario through reader, tagger and watch, without Kafka: `make demo` has an alert to show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from soundings.deploy import scenario
from soundings.deploy.scenario.words_storm import UNWISE
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, Severity, StormKind, Whose
from soundings.services.domain.posts import Mention, Post, Statement, Tick
from soundings.services.firestorms.watch import Watch
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.archive import read_archive
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.tagging.tagger import load_tagger


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the press office was told of, and the posts it was told about."""

    steps: tuple[tuple[AlertStep, Firestorm], ...]
    texts: dict[str, str]

    def storm(self) -> list[tuple[AlertStep, Firestorm]]:
        return [(step, found) for step, found in self.steps if found.opened_at >= scenario.QUIET_UNTIL]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    path = tmp_path_factory.mktemp("scenario") / "made-up.jsonl.gz"
    scenario.write(path)
    book = load_accounts(scenario.ACCOUNTS_TOML)
    items = list(read_archive(path, book, Pseudonyms("a key for tests only"), "replay", now=scenario.ENDS_AT))
    posts = [item.post for item in items if not isinstance(item, Tick) and item.post is not None]
    tags = load_tagger().tag([post.text for post in posts], [post.lang for post in posts])
    mentions = {post.id: Mention(post=post, tags=tag) for post, tag in zip(posts, tags, strict=True)}
    watches = {department.key: Watch(department) for department in book.departments}
    steps: list[tuple[AlertStep, Firestorm]] = []
    for item in items:
        if isinstance(item, Tick):
            for watch in watches.values():
                steps.extend(watch.advance(item.time).steps)
        elif item.post is not None:
            _observe(watches, item.post, mentions)
    return Told(steps=tuple(steps), texts={post.id: post.text for post in posts})


def _observe(watches: dict[str, Watch], post: Post, mentions: dict[str, Mention]) -> None:
    for department in post.departments:
        if post.own_account:
            watches[department].state_ours(Statement(post=post))
        else:
            watches[department].observe(mentions[post.id])


EVENTS = {datetime(2026, month, day).date() for month, day in ((9, 19), (9, 25), (9, 26), (9, 27), (10, 6))}
"""Days on which the story tells of something: the namesake, the flood and its morning, the thanks, the campaign."""

LEARNT = datetime(2026, 9, 14).date()
"""In its first week the detector has no past to compare with, and tells of more than it should (docs/scenario.md)."""


def test_the_storm_is_told_within_half_an_hour_as_ours_and_as_waking(told: Told) -> None:
    """The first notice that wakes somebody names the unwise post, and comes while a few dozen people are in it."""
    found = next(found for _, found in told.storm() if found.severity.wakes)
    assert found.department == "department-for-example-affairs"
    assert found.kind is StormKind.FIRESTORM
    assert scenario.STORM_AT < found.updated_at <= scenario.STORM_AT + timedelta(minutes=30)
    assert found.voices < 100
    assert found.trigger is not None
    assert found.trigger.whose is Whose.OURS
    assert told.texts[found.trigger.post] == UNWISE


def test_the_storm_opens_escalates_and_ends_within_the_file(told: Told) -> None:
    """All three notices can be watched, and only one storm of that night wakes anybody."""
    waking = {found.id for _, found in told.storm() if found.severity.wakes}
    assert len(waking) == 1
    steps = [step for step, found in told.storm() if found.id in waking]
    assert steps[0] is AlertStep.OPENED
    assert AlertStep.ESCALATED in steps
    assert steps[-1] is AlertStep.OVER


def test_the_alert_says_that_more_people_answer_the_unwise_post_than_like_it(told: Told) -> None:
    """The evidence is in the notice of the storm at its worst, with a weight; no other storm of the story has it."""
    worst = next(found for _, found in told.storm() if found.severity is Severity.CRITICAL)
    (reason,) = (reason for reason in worst.reasons if reason.code == "ratio")
    assert reason.weight > 0
    assert reason.words.startswith("more people answer one post than like it: ")
    others = [found for _, found in told.steps if found.opened_at < scenario.QUIET_UNTIL]
    assert not [reason for found in others for reason in found.reasons if reason.code == "ratio"]


def test_nothing_else_wakes_anybody_on_an_ordinary_day(told: Told) -> None:
    """Flood, thanks, campaign and namesake may be told; once a week has been learnt, ordinary days wake nobody."""
    before = [found for _, found in told.steps if found.opened_at < scenario.QUIET_UNTIL]
    assert before
    woke = {found.opened_at.date() for found in before if found.severity.wakes}
    assert {day for day in woke if day >= LEARNT} <= EVENTS


def test_a_flood_without_hostility_is_no_firestorm(told: Told) -> None:
    """Hundreds of people who report and ask are an incident, however calm the agency's people usually are."""
    flood = [found for _, found in told.steps if found.opened_at.date() in {datetime(2026, 9, 25).date()}]
    assert flood
    assert {found.kind for found in flood if found.voices >= 15} == {StormKind.INCIDENT}
