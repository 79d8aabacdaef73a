"""The story that the built-in scenario tells: what docs/scenario.md promises can be counted in the rows."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from soundings.deploy import scenario
from soundings.deploy.scenario import calls, decoys, flood, storm
from soundings.deploy.scenario.people import AFFAIRS, RIVERS, Desk
from soundings.deploy.scenario.press import Row
from soundings.deploy.scenario.words_storm import MORNING_AFTER, UNWISE
from soundings.services.domain.urgent import UrgencyKind
from soundings.services.intake.pseudonyms import period
from soundings.services.tagging.urgent import urgency

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


@cache
def rows() -> tuple[tuple[datetime, Row], ...]:
    return tuple((datetime.fromisoformat(str(row["created_at"])), row) for row in scenario.posts())


def between(start: datetime, end: datetime) -> list[Row]:
    return [row for moment, row in rows() if start <= moment < end]


def mentions(desk: Desk, found: list[Row]) -> list[Row]:
    handles = {account.name for account in desk.accounts.values()}
    return [row for row in found if handles & set(_list(row["accounts"]))]


def _list(value: object) -> list[str]:
    assert isinstance(value, list)
    return value


def people(found: list[Row]) -> int:
    return len({row["author"] for row in found})


def saying(pattern: str) -> Callable[[Row], bool]:
    return lambda row: re.search(pattern, str(row["text"]), re.IGNORECASE) is not None


def test_working_days_are_busy_and_nights_and_weekends_are_quiet() -> None:
    """A baseline by hour of week has something to learn; the week without episodes is the first."""
    first = [moment.astimezone(LONDON) for moment, _ in rows() if moment < scenario.STARTS_AT + timedelta(days=7)]
    by_day = Counter(moment.weekday() for moment in first)
    by_hour = Counter(moment.hour for moment in first)
    assert min(by_day[day] for day in range(5)) > 1.5 * max(by_day[5], by_day[6])
    assert by_hour[10] > 8 * by_hour[3] > 0


def test_the_unwise_post_has_a_picture_and_stands_at_the_stated_time() -> None:
    row = next(row for moment, row in rows() if moment == scenario.STORM_AT)
    assert row["own_account"] == "ExampleAffairs"
    assert row["media"] == ["photo"]
    assert row["text"] == UNWISE


def test_the_last_half_hour_before_the_storm_is_quiet() -> None:
    """Whoever watches from QUIET_UNTIL on sees the usual first."""
    assert scenario.STORM_AT - scenario.QUIET_UNTIL == timedelta(minutes=30)
    assert len(mentions(AFFAIRS, between(scenario.QUIET_UNTIL, scenario.STORM_AT))) < 15


def test_the_storm_doubles_every_ten_minutes_to_a_few_hundred_people_in_an_hour() -> None:
    at = scenario.STORM_AT
    tens = [people(mentions(AFFAIRS, between(at + n * HOUR / 6, at + (n + 1) * HOUR / 6))) for n in range(6)]
    assert tens[0] >= 3
    assert tens == sorted(tens)
    # The last four windows grow by 2 x 2 x 2; chance and usual traffic may take or add a third.
    assert 5.3 <= tens[5] / tens[2] <= 10.7
    assert 250 <= people(mentions(AFFAIRS, between(at, at + HOUR))) <= 600


def test_the_department_is_silent_until_the_morning() -> None:
    """After the post and its copy the department says nothing before half past nine."""
    own = [row for row in between(scenario.STORM_AT, storm.SORRY_AT) if row["own_account"] in AFFAIRS_HANDLES]
    assert [row["text"] for row in own if row["text"] != UNWISE] == []
    assert any(row["text"] == MORNING_AFTER for row in between(storm.SORRY_AT, scenario.ENDS_AT))


AFFAIRS_HANDLES = {account.name for account in AFFAIRS.accounts.values()}


def test_large_accounts_and_the_newsroom_join_within_the_first_hour() -> None:
    found = mentions(AFFAIRS, between(scenario.STORM_AT, scenario.STORM_AT + HOUR))
    large = [row for row in found if row["kind"] == "quote" and int(str(row["followers"])) > 80_000]
    assert len(large) >= 5
    assert all(row["quoted_account"] in AFFAIRS_HANDLES for row in large)
    assert any(row["author_handle"] == "ExampleCourier" for row in found)


def test_the_storm_is_angrier_than_it_is_liked() -> None:
    """Replies and quotes of the unwise post outnumber its likes, as its reposts show them."""
    shown = [
        row
        for row in between(scenario.STORM_AT, scenario.ENDS_AT)
        if row["kind"] == "retweet" and str(row["text"]).endswith(UNWISE) and row["platform"] == "x"
    ][-1]
    assert int(str(shown["replies"])) + int(str(shown["quotes"])) > int(str(shown["likes"])) > 0


def test_the_storm_eases_in_the_night_and_is_over_in_the_morning() -> None:
    """Hours of ordinary traffic follow, so that its end can be decided."""
    hourly = [
        len(mentions(AFFAIRS, between(scenario.STORM_AT + n * HOUR, scenario.STORM_AT + (n + 1) * HOUR)))
        for n in range(16)
    ]
    assert max(hourly) == hourly[1]
    assert hourly[1] > 2 * hourly[3] > 4 * hourly[5]
    day_before = [
        len(mentions(AFFAIRS, between(start, start + HOUR)))
        for start in (scenario.STORM_AT - timedelta(days=1) + n * HOUR for n in range(16))
    ]
    assert sum(hourly[12:]) < 2 * sum(day_before[12:])


def test_the_storm_is_made_of_people_who_had_not_spoken_before() -> None:
    before = {row["author"] for row in between(scenario.STARTS_AT, scenario.STORM_AT)}
    stormy = {row["author"] for row in mentions(AFFAIRS, between(scenario.STORM_AT, scenario.STORM_AT + 2 * HOUR))}
    assert len(stormy - before) > 0.9 * len(stormy)


def test_the_flood_is_many_people_who_report_and_ask() -> None:
    found = mentions(RIVERS, between(flood.FLOOD_FROM, flood.FLOOD_TO))
    assert len(found) > 900
    assert people(found) > 400
    assert not any(saying(r"disgust|shame|vile")(row) for row in found)


def test_each_call_for_help_and_each_threat_is_seen_as_urgent_and_nothing_else_is() -> None:
    """What cannot wait stands out of 20,000 rows: seven texts, those of the story's calls, of both kinds."""
    told = [(row, found) for _, row in rows() if (found := urgency(str(row["text"]))) is not None]
    expected = (calls.NEIGHBOUR, calls.UPSTAIRS, calls.CAR, calls.RIVER, calls.DESPAIR, calls.THREAT, calls.OFFICE)
    said = [sum(str(row["text"]).endswith(words) for row, _ in told) for words in expected]
    # The neighbour's call is passed on three times, the threat pasted once.
    assert said == [4, 1, 1, 1, 1, 2, 1]
    assert len(told) == sum(said)
    assert {found.kind for _, found in told} == set(UrgencyKind)


def test_urgent_posts_stand_where_they_can_be_watched_and_in_the_week_of_the_digest() -> None:
    """One in the quiet before the storm, threats while it is shown, and three texts in the department's week."""
    shown = scenario.STORM_AT + timedelta(minutes=90)
    evening = [row for row in between(scenario.QUIET_UNTIL, shown) if urgency(str(row["text"])) is not None]
    assert [mentions(AFFAIRS, [row]) == [row] for row in evening] == [False, True, True, True]
    monday = scenario.STARTS_AT + timedelta(days=35)
    week = [row for row in mentions(AFFAIRS, between(monday, scenario.ENDS_AT)) if urgency(str(row["text"]))]
    assert len({str(row["text"]) for row in week}) == 3


def test_thanks_follow_the_flood() -> None:
    found = mentions(RIVERS, between(flood.THANKS_FROM, flood.THANKS_TO))
    assert sum(saying(r"thank|diolch|heroes|proud|tea and cake")(row) for row in found) > 200


def test_the_campaign_is_verbatim_copies_by_few_authors() -> None:
    found = [row for _, row in rows() if saying("#KeepSamplingFree")(row)]
    assert len(found) > 200
    assert people(found) == decoys.CAMPAIGN_AUTHORS
    assert len({row["text"] for row in found}) == 3


def test_the_complaint_about_waiting_comes_back_every_week_without_an_angry_word() -> None:
    waits = saying(r"permit|application|renewal")
    for week in range(5):
        start = scenario.STARTS_AT + timedelta(days=7 * week)
        found = [
            row
            for row in mentions(AFFAIRS, between(start, start + timedelta(days=7)))
            if waits(row) and saying(r"waiting|weeks|months|100 days")(row)
        ]
        assert people(found) > 30
        assert sum(saying(r"disgust|disgrace|shame|vile")(row) for row in found) == 0


def test_the_namesake_abroad_has_its_bad_evening() -> None:
    found = between(decoys.NAMESAKE_FROM, decoys.NAMESAKE_TO)
    assert (
        sum(saying("Samplonia|Lorem City|Ipsum Province|FuelCards|Example Affairs (must|go)")(row) for row in found)
        > 150
    )


def test_some_questions_are_answered_and_most_are_not() -> None:
    answers = [row for _, row in rows() if row["own_account"] is not None and row["kind"] == "reply"]
    asked = [row for _, row in rows() if row["own_account"] is None and str(row["text"]).rstrip().endswith("?")]
    assert 200 < len(answers) < len(asked)


def test_texts_are_varied() -> None:
    """Outside the campaign hardly any text of the public's own is said twice."""
    own_words = [
        str(row["text"])
        for _, row in rows()
        if row["kind"] != "retweet" and row["own_account"] is None and "#KeepSamplingFree" not in str(row["text"])
    ]
    assert len(set(own_words)) > 0.93 * len(own_words)
    assert {row["lang"] for _, row in rows()} == {"en", "cy", "und"}


def test_nobody_changes_pseudonym_within_the_story() -> None:
    """Who has spoken before stays recognisable, so that strangers can be told from regulars."""
    assert period(scenario.STARTS_AT) == period(scenario.ENDS_AT)
