"""The main section of a digest: themes, campaigns, what was decided and what was left out."""

from datetime import UTC, datetime, timedelta
from typing import Any

from soundings.services.digests.files import as_csv
from soundings.services.digests.page import page
from soundings.services.digests.text import text
from soundings.services.digests.wording import headline
from soundings.services.domain.posts import SpeechAct
from soundings.services.domain.register import Change, ChangeKind, Entry, Progress
from soundings.services.domain.themes import LeftOut, Trend
from soundings.services.themes.register import adopt, advance, discard, rename, take_in

BEFORE = datetime(2026, 6, 30, 10, tzinfo=UTC)
IN_WEEK = datetime(2026, 7, 7, 10, tzinfo=UTC)


def by(at: datetime, note: str = "agreed on Monday") -> dict[str, Any]:
    return {"who": "r.rowe", "at": at, "note": note}


def adopted(eg: Any, number: int, title: str = "Late ferries", area: str = "Permits", at: datetime = BEFORE) -> Entry:
    theme = f"{eg.DEPARTMENT.key}:{number}"
    return adopt(theme, department=eg.DEPARTMENT.key, title=title, area=area, owner="p@example.gov.uk", **by(at))


def said(made: Any) -> str:
    return " ".join(text(made).split())


def test_themes_stand_by_what_has_changed_and_people_come_before_posts(eg: Any) -> None:
    """New before growing, back, recurring and fading; in each most people first, with the week before."""
    weeks = [
        eg.theme_week(1, "Purple forms", 40),
        eg.theme_week(2, "Hold music", 90, Trend.STEADY),
        eg.theme_week(3, "Late letters", 30, Trend.GROWING),
        eg.theme_week(4, "Closed office", 20, Trend.FADING),
        eg.theme_week(5, "Lost post", 15, Trend.BACK),
        eg.theme_week(6, "Green forms", 41),
    ]
    last = eg.theme_week(2, "Hold music", 70, Trend.STEADY, week="2026-W27")
    made = eg.composed([*eg.reported(*weeks), *eg.reported(last)])
    titles = [item.title for item in made.themes.items]
    assert titles == ["Green forms", "Purple forms", "Late letters", "Lost post", "Hold music", "Closed office"]
    shown = said(made)
    assert "Hold music: 90 people (70 the week before), 93 posts, 2 reposts; in its 5th week of the last 8" in shown
    shown = shown.partition("WHAT PEOPLE KEEP SAYING")[2]
    assert shown.index("New:") < shown.index("Growing:") < shown.index("Back again:") < shown.index("Recurring:")
    largest = "Most people: Hold music (90 people); Green forms (41 people); Purple forms (40 people)."
    assert headline(made)[1].startswith(largest)
    html = page(made)
    assert html.index("What people keep saying") < html.index("How much was said")


def test_a_theme_is_shown_in_peoples_words_with_a_question_and_a_suggestion_of_it(eg: Any) -> None:
    """Posts are fetched by id; abusive ones and those that are gone are missing, and markup stays text."""
    posts = [
        eg.mention(1, "@user_00ff the <b>purple</b> form asks for my address twice"),
        eg.mention(2, "filthy words about a form that nobody should have to read", offensive=True),
        eg.mention(4, "why does nobody at the helpline know of page two?", acts=[SpeechAct.QUESTION]),
        eg.mention(5, "you could simply leave the second page away", acts=[SpeechAct.SUGGESTION]),
    ]
    theme = eg.theme_week(
        1,
        "<i>Purple</i> forms",
        40,
        representatives=("x::2", "x::1", "x::3"),
        questions=("x::4",),
        suggestions=("x::5",),
    )
    made = eg.composed([*posts, *eg.reported(theme)])
    (item,) = made.themes.items
    assert [quote.post for quote in item.quotes] == ["x::1"]
    shown = said(made)
    assert "Asked: > why does nobody at the helpline know of page two?" in shown
    assert "Suggested: > you could simply leave the second page away" in shown
    assert "1 post asks something, 1 post suggests something, 1 post or repost is hostile" in shown
    html = page(made)
    assert "&lt;b&gt;purple&lt;/b&gt;" in html
    assert "&lt;i&gt;Purple&lt;/i&gt;" in html
    assert "filthy" not in html
    assert "user_00ff" not in html
    assert "https://social.example/1" in html
    assert "theme quote" in as_csv(made)


def test_campaigns_stand_apart_and_their_text_only_once(eg: Any) -> None:
    """A campaign is not among what people say; a copied text that it shows is not listed again."""
    same = "Sign the charter for free sampling before it is late"
    pasted = [eg.mention(n, same, voice=f"v{n % 2}") for n in range(6)]
    other = [eg.mention(20 + n, "Read all about it in the new weekly letter", voice="w") for n in range(6)]
    campaign = eg.theme_week(9, "Charter", 2, campaign=True, representatives=("x::0",))
    made = eg.composed([*pasted, *other, *eg.reported(campaign, eg.theme_week(1, "Purple forms", 40))])
    assert [item.title for item in made.themes.items] == ["Purple forms"]
    assert [(item.title, item.people) for item in made.themes.campaigns] == [("Charter", 2)]
    assert [copied.quote.text for copied in made.copies] == ["Read all about it in the new weekly letter"]
    assert said(made).count(same) == 1


def test_an_adopted_theme_reaches_the_official_of_its_area_and_a_candidate_those_whom_its_posts_are_about(
    eg: Any,
) -> None:
    """What the register says goes before what the words say."""
    weeks = [
        eg.theme_week(1, "Proof of address", 30, areas=("Permits",)),
        eg.theme_week(2, "Flooded office", 30, areas=("Rivers",)),
        eg.theme_week(3, "Slow post", 30, areas=("Permits",)),
    ]
    entries = [adopted(eg, 2, "Flooded offices"), adopted(eg, 3, "Slow post", area="Post")]
    made = eg.composed(eg.reported(*weeks), area=eg.PERMITS, entries=entries)
    assert [item.title for item in made.themes.items] == ["Flooded offices", "Proof of address"]
    shown = said(made)
    assert "Permits, p@example.gov.uk: heard." in shown
    assert "Nobody owns it yet. Its posts are about Permits." in shown
    assert "Themes are found in all that addresses the department" in shown


def test_decisions_of_the_week_are_told_with_what_changed(eg: Any) -> None:
    """You said, we did: steps of this week only, with who, why and where it shows; a merge once."""
    entry = adopted(eg, 1)
    entry = advance(entry, Progress.LOOKED_AT, **by(IN_WEEK))
    entry = advance(entry, Progress.ANSWERED, **by(IN_WEEK + timedelta(hours=1), "told them by letter"))
    change = Change(kind=ChangeKind.DELIVERY, what="a later last ferry", link="https://example.org/ferry")
    entry = advance(entry, Progress.CHANGED, change=change, **by(IN_WEEK + timedelta(hours=2)))
    gone, entry = take_in(f"{eg.DEPARTMENT.key}:2", "Ferry never comes", entry, **by(IN_WEEK + timedelta(hours=3)))
    later = rename(adopted(eg, 4, "Bins"), "Full bins", **by(datetime(2026, 7, 13, 8, tzinfo=UTC)))
    made = eg.composed(eg.reported(eg.theme_week(1, "Ferries", 30)), entries=[entry, gone, later])
    assert [decision.words for decision in made.themes.decisions] == [
        "being looked at",
        "answered",
        "changed: a later last ferry (delivery)",
        f"merged into {eg.DEPARTMENT.key}:1",
    ]
    shown = said(made)
    assert "Late ferries: answered, by r.rowe on Tuesday 7 July: told them by letter" in shown
    assert "Adopted themes: 1 heard, 1 changed." in shown
    assert '<a href="https://example.org/ferry"' in page(made)


def test_what_was_left_out_sampled_or_hidden_is_said(eg: Any) -> None:
    """Nothing is kept back without a word."""
    weeks = [eg.theme_week(1, "Purple forms", 40), eg.theme_week(2, "Noise", 10), eg.theme_week(3, "Purple form", 9)]
    noise = discard(weeks[1].theme.id, department=eg.DEPARTMENT.key, title="Noise", **by(BEFORE))
    gone, on = take_in(weeks[2].theme.id, "Purple form", adopted(eg, 1, "Purple forms"), **by(IN_WEEK))
    counts = {
        "received": 900,
        "assigned": 500,
        "sampled out: storm": 380,
        "no words": 20,
        "themes too small to name": 4,
    }
    left = LeftOut(id="d:8", rule="two titles alike", reason="nearly the title of another", support=6)
    records = eg.reported(*weeks, counts=counts, left_out=(left,), at=IN_WEEK)
    made = eg.composed(records, entries=[noise, gone, on])
    assert [item.title for item in made.themes.items] == ["Purple forms"]
    notes = " ".join(made.themes.notes)
    for sentence in (
        "as they were on Tuesday 7 July, 11:00",
        "380 posts of 900 were not read for themes: while a storm is on, a sample is read",
        "20 posts have no words",
        "4 groups of posts are too small",
        "1 theme is left out by the rule “two titles alike”, with 6 posts",
        "1 theme is not shown because somebody discarded them",
        "“Purple form” was merged into another theme",
    ):
        assert sentence in notes, sentence


def test_a_week_without_a_report_is_not_a_week_without_themes(eg: Any) -> None:
    """Unknown and none are told apart."""
    unknown = eg.composed([eg.mention(1, "hello there")])
    assert "The themes of this week are not known" in said(unknown)
    assert "You said" not in said(unknown).replace("YOU SAID", "You said")
    none = eg.composed([eg.mention(1, "hello there"), *eg.reported()])
    assert "No theme of this week has enough posts" in said(none)
    assert "No theme of this week has enough posts" in page(none)


def test_what_fell_silent_and_what_is_small_is_named(eg: Any) -> None:
    """Of twenty themes eight are quoted, ten named; what last week had and this one has not is named too."""
    weeks = [eg.theme_week(n, f"Matter {n}", 60 - n) for n in range(1, 21)]
    last = [eg.theme_week(50, "Old matter", 33, week="2026-W27"), eg.theme_week(1, "Matter 1", 5, week="2026-W27")]
    made = eg.composed([*eg.reported(*weeks), *eg.reported(*last)])
    assert len(made.themes.items) == 8
    shown = said(made)
    assert "Also: Matter 9 (51 people);" in shown
    assert "Matter 18 (42 people); and 2 smaller ones." in shown
    assert "Not heard this week, but in the week before: Old matter (33 people)." in shown


def test_what_began_in_a_storm_does_not_hide_what_people_say_every_week(eg: Any) -> None:
    """A storm's new themes stand apart and nobody is asked to adopt them; an older theme stays where it is."""
    records = eg.stormy()
    weeks = [
        eg.theme_week(1, "Shame on whoever signed", 900, representatives=tuple(f"x::{600 + n}" for n in range(5))),
        eg.theme_week(2, "Hold music", 30, Trend.STEADY, representatives=("x::600",)),
        eg.theme_week(3, "Purple forms", 30, representatives=("x::1",)),
    ]
    made = eg.composed([*records, *eg.reported(*weeks)])
    assert [item.title for item in made.themes.stormy] == ["Shame on whoever signed"]
    assert [item.title for item in made.themes.items] == ["Purple forms", "Hold music"]
    assert [ask.title for ask in made.themes.asks] == ["Hold music"]
    assert "Said in a storm of this week" in said(made)
    assert "Said in a storm" in page(made)


def test_a_theme_without_a_post_that_may_be_quoted_says_so(eg: Any) -> None:
    made = eg.composed(eg.reported(eg.theme_week(1, "Purple forms", 30, representatives=("x::gone",))))
    assert "No post of it can be quoted" in said(made)
    assert "No post of it can be quoted" in page(made)


def test_a_trend_of_posts_that_people_do_not_bear_out_is_said_to_be_one(eg: Any) -> None:
    """A few people who post much more make a theme grow; the reader learns that they are few."""
    weeks = [eg.theme_week(1, "Smell", 70, Trend.GROWING), eg.theme_week(2, "Noise", 70, Trend.GROWING)]
    last = [eg.theme_week(n, "x", people, week="2026-W27") for n, people in ((1, 120), (2, 30))]
    shown = said(eg.composed([*eg.reported(*weeks), *eg.reported(*last)]))
    assert "Smell: 70 people (120 the week before), 73 posts, 2 reposts; in its 5th week of the last 8; more" in shown
    assert shown.count("by fewer people than in the week before") == 1
