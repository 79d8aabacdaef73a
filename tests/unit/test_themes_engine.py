"""The engine: what becomes of a post."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from soundings.services.domain.posts import PostKind
from soundings.services.domain.register import Teaching
from soundings.services.domain.themes import Assignment, Skipped, ThemePost
from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.micro import MicroClusters
from soundings.services.themes.room import alike_enough, made_one
from soundings.services.themes.teaching import teach
from soundings.services.themes.tuning import Tuning, least_support

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BINS = [
    "the bins on {} street were not emptied again, third week of overflowing bins",
    "overflowing bins on {} street, nobody emptied the bins this week",
    "when will the bins on {} street be emptied, bins are overflowing",
]
BUSES = [
    "the number nine bus to {} was late again, timetable is useless",
    "late bus to {} again this morning, the timetable of bus nine is a joke",
    "bus nine to {} never keeps its timetable, always late",
]
PLACES = ["Hill", "Mill", "Park", "Lake", "Abbey", "Castle", "Garden", "School", "Station", "Harbour"]


def posts() -> list[ThemePost]:
    made = []
    for index in range(60):
        body = (BINS if index % 2 else BUSES)[index // 2 % 3].format(PLACES[index // 6])
        made.append(ThemePost(id=f"p{index}", text=body, created_at=START + timedelta(hours=index), voice=f"v{index}"))
    return made


def engine(**tuning: int) -> ThemeEngine:
    return ThemeEngine(NoEncoder(), tuning=Tuning(**tuning))


def test_two_subjects_are_told_apart() -> None:
    made = engine()
    assigned = made.assign(posts())
    made.regroup()
    theme = {made.micro.names[slot]: int(made.micro.theme[slot]) for slot in range(made.micro.live)}
    bins = {theme[a.micro] for a in assigned[1::2][15:]}
    buses = {theme[a.micro] for a in assigned[::2][15:]}
    assert len(bins) <= 2
    assert len(buses) <= 2
    assert not bins & buses


def test_a_second_delivery_gets_the_first_answer_and_counts_nothing() -> None:
    made = engine()
    first = made.assign(posts())
    mass = made.micro.mass.sum()
    assert made.assign(posts()) == first
    assert made.micro.mass.sum() == mass
    assert made.counts["duplicate"] == 60


def test_a_repost_supports_a_theme_but_is_no_new_post() -> None:
    made = engine()
    original = ThemePost(id="1", text="the ferry timetable is wrong again")
    repost = ThemePost(id="2", text="RT @somebody: the ferry timetable is wrong again", kind=PostKind.REPOST)
    one, two = made.assign([original, repost])
    assert one.micro == two.micro
    assert made.micro.mass.sum() == 1
    (tally,) = made.weeks[0].values()
    assert (tally.posts, tally.reposts, tally.texts) == (1, 1, 1)


def test_a_post_without_words_gets_no_theme_and_the_reason() -> None:
    (made,) = engine().assign([ThemePost(id="1", text="@council https://example.org 😀")])
    assert (made.theme, made.micro, made.skipped) == (None, None, Skipped.NO_WORDS)


def test_every_post_received_is_counted_once() -> None:
    made = engine(storm_minute=5)
    storm = [ThemePost(id=f"s{n}", text=f"roof {n} blown off in gale {n * 7}", created_at=START) for n in range(100)]
    made.assign([*posts(), *posts()[:7], *storm, ThemePost(id="x", text="")])
    counts = dict(made.counts)
    assert counts.pop("received") == sum(counts.values()) == 168
    assert counts["sampled out: storm"] > 0


def test_a_storm_is_sampled_the_same_in_a_replay() -> None:
    storm = [ThemePost(id=f"s{n}", text=f"roof {n} blown off", created_at=START) for n in range(200)]
    one, two = engine(storm_minute=10), engine(storm_minute=10)
    first = one.assign(storm)
    assert first == [a for post in storm for a in two.assign([post])]
    skipped = sum(a.skipped is Skipped.SAMPLED_OUT for a in first)
    assert 100 < skipped < 190


def test_micro_clusters_and_words_never_exceed_their_bounds() -> None:
    made = engine(micro_clusters=32, vocabulary=200, copies_remembered=50, ids_remembered=60)
    for n in range(600):
        made.assign([ThemePost(id=str(n), text=f"w{n} x{n // 2} y{n // 3} z{n % 5}")])
        assert made.micro.live <= 32
        assert len(made.reader.vocabulary.rows) <= 200
    assert len(made.copies) <= 50
    assert len(made.ids) <= 60
    assert set(made.weeks) == set(made.where) == set(made.micro.names[: made.micro.live].tolist())


def test_old_micro_clusters_fade_with_event_time() -> None:
    made = engine()
    made.assign([ThemePost(id="old", text="a crane on the quay", created_at=START)])
    for week in range(1, 30):
        made.assign([ThemePost(id=str(week), text="the ferry is late", created_at=START + timedelta(weeks=week))])
        made.regroup()
    assert 0 not in made.where


def test_a_young_stream_says_at_once_what_it_has_learned() -> None:
    told = engine(regroup_posts=40).assign(posts())
    bins, buses = ({a.theme for a in told[first::2][15:]} for first in (1, 0))
    assert max(len(bins), len(buses)) <= 2
    assert not bins & buses


def test_room_is_made_of_what_is_alike_and_never_of_two_matters() -> None:
    found = [(0.9, 0, 1), (0.8, 2, 3), (0.7, 0, 4), (0.6, 0, 2)]
    matters = np.array([True, False, False, False, True, False])
    assert alike_enough(6, found, matters, 1) == [(0.9, 0, 1), (0.8, 2, 3), (0.6, 0, 2)]
    assert alike_enough(6, found, matters, 5) == [(0.9, 0, 1)]


def test_what_is_less_alike_or_of_another_theme_never_becomes_one() -> None:
    micro = MicroClusters(capacity=4, width=2, vocabulary=4, words_share=0.4)
    for name, theme in enumerate((7, 7, 7, 8)):
        micro.mass[micro.open(name, theme, 0)] = 1
    alike = np.full((4, 4), 0.4, dtype=np.float32)
    alike[0, 1] = alike[1, 0] = 0.8
    alike[0, 3] = alike[3, 0] = 0.9
    nobody = np.zeros(4, dtype=bool)
    assert made_one(micro, alike.copy(), 0.5, nobody, 1).tolist() == [0, 0, 2, 3]
    assert made_one(micro, alike.copy(), 0.5, nobody, 4).tolist() == [0, 1, 2, 3]
    assert made_one(micro, alike.copy(), 0.5, ~nobody, 1).tolist() == [0, 1, 2, 3]


def theme_of(made: ThemeEngine, assigned: list[Assignment]) -> list[str]:
    return [made.name(int(made.micro.theme[made.where[a.micro]])) for a in assigned if a.micro is not None]


def test_themes_that_a_person_merged_stay_one_and_attract_both() -> None:
    made = engine()
    told = made.assign(posts()[:40])
    made.regroup()
    found = sorted(set(theme_of(made, told)))
    assert len(found) > 1
    for theme in found:
        teach(made, Teaching(theme=theme, belongs_to=found[0]))
    later = made.assign(posts()[40:])
    made.regroup()
    assert theme_of(made, later).count(found[0]) >= 18


def test_what_a_person_split_off_stays_apart() -> None:
    made = engine()
    told = made.assign(posts())
    made.regroup()
    whole = theme_of(made, told)[-1]
    inside = sorted(
        {a.micro for a, theme in zip(told, theme_of(made, told), strict=True) if theme == whole and a.micro}
    )
    part = made.new_theme()
    assert teach(made, Teaching(theme=whole, belongs_to=part, micro_clusters=(inside[0],))) == 1
    teach(made, Teaching(theme=whole, belongs_to=whole))
    for _ in range(3):
        made.regroup()
    assert made.name(int(made.micro.theme[made.where[inside[0]]])) == part
    assert {made.name(int(made.micro.theme[made.where[name]])) for name in inside[1:]} == {whole}


def test_a_theme_of_another_stream_cannot_be_taught() -> None:
    with pytest.raises(ValueError, match="no theme"):
        teach(engine(), Teaching(theme="elsewhere:1", belongs_to="t0"))


def test_a_small_group_is_no_theme_of_a_long_stream_but_one_of_a_collection() -> None:
    assert least_support(80_000, Tuning(), timed=True) == 80
    assert least_support(500, Tuning(), timed=True) == 3
    assert least_support(80_000, Tuning(), timed=False) == 3
