"""The backtest's own scorer, its report and its picture, on made-up storms."""

from datetime import UTC, datetime, timedelta

import pytest

from soundings.deploy.commands.backtest import with_calls
from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.firestorms import Severity, StormKind, Volume, Whose
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.firestorms import report
from soundings.services.firestorms.archive import Taken
from soundings.services.firestorms.picture import page
from soundings.services.firestorms.scoring import BadLabels, events, score
from soundings.services.firestorms.series import BadSeries, score_csv
from soundings.services.firestorms.told import Outcome, Told

START = datetime(2031, 3, 3, tzinfo=UTC)
BOOK = AccountBook(
    departments=(
        Department(
            key="ministry-of-tests",
            name="Ministry of <Tests>",
            timezone="Europe/London",
            accounts=(Account(platform=Platform.X, handle="TestMin"),),
        ),
    )
)


def told(hours: float, kind: StormKind = StormKind.FIRESTORM, trigger: str | None = "17") -> Told:
    return Told(
        storm=f"ministry-of-tests:{hours}",
        department="ministry-of-tests",
        account=("TestMin",),
        opened_at=START + timedelta(hours=hours),
        closed_at=None,
        began_at=START + timedelta(hours=hours),
        kind=kind,
        severity=Severity.SERIOUS,
        trigger=trigger,
        trigger_whose=Whose.OURS,
        statement=trigger,
        voices=31,
        reasons=("31 people in an hour; usual 3 & <few>",),
    )


def event(hours: float, length: float, kind: str = "firestorm", readers: int | None = None) -> dict[str, object]:
    line: dict[str, object] = {
        "start": (START + timedelta(hours=hours)).isoformat(),
        "end": (START + timedelta(hours=hours + length)).isoformat(),
        "kind": kind,
        "trigger_post_id": "17",
    }
    return line if readers is None else {**line, "readers_who_would_tell": readers}


def test_each_alert_counts_for_or_against_or_neither() -> None:
    """Found, repeated, needless, disputed, late and on noise: each is counted as what it is."""
    marked = events(
        [
            event(10, 4),
            event(50, 30),
            event(100, 2, readers=1),
            event(120, 2, "noise"),
            event(140, 2),
            event(160, 2, readers=0),
        ]
    )
    alerts = [told(10.5), told(11), told(75), told(101), told(121), told(161), told(164)]
    result = score(alerts, marked, START, START + timedelta(weeks=1))
    assert (result.wanted, result.found, result.repeated) == (3, 1, 1)
    # On noise, on an event nobody wants to hear of, on nothing; that of hour 75 is late for an event still going on.
    assert result.needless == 3
    assert result.needless_a_week == pytest.approx(3.0)
    assert result.recall == pytest.approx(1 / 3)
    assert result.precision == pytest.approx(2 / 5)
    assert result.delay_median == pytest.approx(30.0)
    assert result.kinds == result.triggers == (1, 1)


def test_labels_that_are_wrong_name_their_line() -> None:
    """A missing end is refused with the line's number."""
    with pytest.raises(BadLabels, match="line 2"):
        events([event(1, 1), {"start": START.isoformat(), "kind": "firestorm"}])


def outcome(days: int) -> Outcome:
    volumes = tuple(
        Volume(
            department="ministry-of-tests",
            account="x:testmin",
            minute=START + timedelta(hours=hour),
            posts=5,
            originals=5,
            replies=0,
            quotes=0,
            reposts=0,
            voices=5,
            hostile_voices=0,
        )
        for hour in range(days * 24)
    )
    return Outcome(steps=(), volumes=volumes, first=START, last=START + timedelta(days=days))


def test_the_table_has_a_row_for_each_budget() -> None:
    """Two budgets are two rows; without marked events there are no quality columns."""
    tests = [report.Test(budget=budget, outcome=outcome(14)) for budget in (0.25, 1.0)]
    rows = report.table([(test, [told(24 * 9)]) for test in tests], None).splitlines()
    assert len(rows) == 3
    assert "recall" not in rows[0]
    assert "recall" in report.table([(tests[0], [])], events([event(24 * 9, 1)]))


def test_an_archive_of_days_is_too_short() -> None:
    """The first week is for learning: less than that is said, not scored."""
    assert "too short" in report.table([(report.Test(budget=0.5, outcome=outcome(3)), [])], None)


def test_the_picture_shows_weeks_alerts_and_escapes_words() -> None:
    """One strip for each week, a line for the alert; names and reasons are escaped."""
    html = page(report.Test(budget=0.5, outcome=outcome(14)), [told(24 * 9)], BOOK, events([event(24 * 9, 3)]))
    assert html.count("<svg") == 2
    assert html.count("<line") == 1
    assert "Ministry of &lt;Tests&gt;" in html
    assert "<few>" not in html
    assert "http" not in html.replace("http-equiv", "")


def series(days: int, burst_at: int) -> str:
    rows = []
    for row in range(days * 288):
        at = START.replace(tzinfo=None) + timedelta(minutes=5 * row)
        usual = 20 if 8 <= at.hour < 20 else 4
        rows.append(f"{at:%Y-%m-%d %H:%M:%S},{usual * (8 if burst_at <= row < burst_at + 12 else 1) + row % 3}")
    return "timestamp,value\n" + "\n".join(rows) + "\n"


def scores(text: str) -> list[float]:
    return [float(line.rsplit(",", 1)[1]) for line in score_csv(text).splitlines()[1:]]


def test_a_burst_scores_highest_and_every_score_lies_between_0_and_1() -> None:
    """Of ten days with a burst of an hour, the highest score lies in the burst."""
    burst = 8 * 288 + 150
    found = scores(series(10, burst))
    assert burst <= found.index(max(found)) < burst + 12
    assert all(0 <= each <= 1 for each in found)
    assert max(found) > 0.5


def test_a_score_rests_on_the_past_only() -> None:
    """Cut anywhere, the rows before the cut keep their scores."""
    whole = series(4, 700)
    lines = whole.splitlines(keepends=True)
    assert scores("".join(lines[:900])) == scores(whole)[:899]


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "timestamp,value\nnoon,3\n", "timestamp,value\n2031-03-03 00:00:00,-1\n"]
)
def test_a_bad_series_is_refused(text: str) -> None:
    """Missing columns, a time that is none and a negative count are named."""
    with pytest.raises(BadSeries, match="line"):
        score_csv(text)


def test_a_series_of_one_row_is_no_surprise() -> None:
    """With one row there is nothing to compare with: its score is 0."""
    assert scores("timestamp,value\n2031-03-03 00:00:00,5\n") == [0.0]


def test_what_could_not_have_waited_is_listed_by_its_reason() -> None:
    """A press office sees how often it would be called beside the storms; nothing of a text is shown."""
    assert report.urgent([]) == "no post that could not have waited for a storm"
    assert report.urgent(["somebody is drowning", "somebody asks", "somebody is drowning"]) == (
        "3 that could not have waited for a storm, each told by itself (2: somebody is drowning; 1: somebody asks)"
    )


def taken(text: str, number: int) -> Taken:
    post = Post(id=f"x::{number}", created_at=START, voice="v", text=text, kind=PostKind.ORIGINAL, source="s")
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
    return Taken(department="ministry-of-tests", record=Mention(post=post, tags=tags))


def test_a_backtest_notes_each_urgent_text_once_and_passes_every_event_on() -> None:
    said = [
        taken("Somebody is drowning at the weir", 1),
        taken("somebody is DROWNING at the weir", 2),
        taken("Hello", 3),
    ]
    calls: dict[str, str] = {}
    assert list(with_calls(iter(said), calls)) == said
    assert list(calls.values()) == ["somebody is drowning"]
