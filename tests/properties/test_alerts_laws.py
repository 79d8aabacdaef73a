"""Laws of alerts: whatever people write, the message stays one that can be sent and read."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from soundings.services.alerts.example import DEPARTMENT, example_alert, example_evidence
from soundings.services.alerts.mail import compose
from soundings.services.alerts.message import Heading
from soundings.services.alerts.phrases import phrases
from soundings.services.alerts.plan import plan
from soundings.services.alerts.render import render
from soundings.services.alerts.subject import LONGEST
from soundings.services.alerts.words import EXACT, clean, shorten, without_handles
from soundings.services.domain.alerts import AlertStep, Outcome
from soundings.services.domain.firestorms import Severity, StormKind
from soundings.services.settings import ChannelSettings

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
ALERT = example_alert(AT, live=True)
EVIDENCE = example_evidence(ALERT)
ATTACKS = (
    "<script>x</script>",
    "</p><img src=x onerror=y>",
    "\r\nBcc: a@b.example\r\n\r\n",
    "\u202eexe.txt",
    "\x1b[2J",
)
TEXT = (
    st.text(max_size=400)
    | st.text(alphabet="<>&\"'\r\n\u202e\u2066\x1b[@#: ab", max_size=100)
    | st.builds("{}{}{}".format, st.text(max_size=9), st.sampled_from(ATTACKS), st.text(max_size=9))
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def tags(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser


PLAIN = tags(render(ALERT, DEPARTMENT, EVIDENCE, AT, ("a",), desk_url="https://d.example").html)


@given(text=TEXT, name=TEXT, gap=TEXT, phrase=TEXT, heading=st.sampled_from(Heading), step=st.sampled_from(AlertStep))
def test_no_text_breaks_the_subject_the_headers_or_the_page(
    text: str, name: str, gap: str, phrase: str, heading: Heading, step: AlertStep
) -> None:
    first = EVIDENCE.sample[0]
    assert EVIDENCE.statement is not None
    evidence = replace(
        EVIDENCE,
        statement=replace(EVIDENCE.statement, text=text, media=(text,)),
        trigger=replace(EVIDENCE.statement, text=text, url=f"https://x.example/{text}"),
        trigger_name=name,
        sample=(replace(first, post=replace(first.post, text=text)),),
        phrases=(*EVIDENCE.phrases, replace(EVIDENCE.phrases[0], words=phrase)),
        missing=(gap,),
    )
    department = replace(DEPARTMENT, name=name)
    alert = replace(ALERT, step=step, stale_sources=(text,))
    message = render(alert, department, evidence, AT, (name,), heading=heading, desk_url="https://d.example")
    assert len(message.subject) <= LONGEST
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in message.subject)
    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x1b]", message.subject + message.text + message.html
    )
    assert tags(message.html).seen <= PLAIN.seen
    assert tags(message.html).attributes <= PLAIN.attributes
    letter = compose(message, ("press@example.gov.uk",), "soundings@example.gov.uk", AT)
    headers = letter.as_bytes().split(b"\r\n\r\n", 1)[0]
    assert {line.split(b":")[0] for line in headers.split(b"\r\n") if not line.startswith(b" ")} <= {
        b"Subject", b"From", b"To", b"Date", b"Message-ID", b"In-Reply-To", b"References", b"Auto-Submitted",
        b"X-Auto-Response-Suppress", b"X-Priority", b"Importance", b"MIME-Version", b"Content-Type",
    }  # fmt: skip


@given(
    voices=st.integers(0, 10**7), hostile=st.integers(0, 10**7), usual=st.floats(0, 1e6),
    kind=st.sampled_from(StormKind),
    doubling=st.none() | st.floats(0, 1e5), step=st.sampled_from(AlertStep), severity=st.sampled_from(Severity),
    minutes=st.integers(0, 10**5), name=st.text(min_size=1, max_size=200),
)  # fmt: skip
def test_the_subject_stays_short_and_begins_with_the_severity_and_the_count_stays_in_it(
    voices: int, hostile: int, usual: float, kind: StormKind, doubling: float | None, step: AlertStep,
    severity: Severity, minutes: int, name: str,
) -> None:  # fmt: skip
    storm = replace(
        ALERT.firestorm, voices=voices, hostile_voices=hostile, usual_voices=usual, kind=kind,
        doubling_minutes=doubling, severity=severity, began_at=AT - timedelta(minutes=minutes),
    )  # fmt: skip
    alert = replace(ALERT, firestorm=storm, step=step)
    message = render(alert, replace(DEPARTMENT, name=name), EVIDENCE, AT, ())
    assert len(message.subject) <= LONGEST
    if step is AlertStep.OPENED:
        assert message.subject.startswith(severity.upper())
        counted = f"{voices:,}" if voices <= EXACT else f"about {round(voices, -1):,}"
        assert counted in message.subject or "nobody" in message.subject


@given(text=TEXT)
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\n" not in clean(text, one_line=True)
    once.encode("utf-8")


@given(text=TEXT, limit=st.integers(2, 300))
def test_a_cut_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@given(name=st.from_regex(r"[a-z0-9_]{1,15}", fullmatch=True), before=st.sampled_from(["", " ", "“", ".", "("]))
def test_no_handle_of_the_public_survives(name: str, before: str) -> None:
    assert name not in without_handles(f"{before}@{name} …").replace("@…", "")


@given(texts=st.lists(TEXT, max_size=8))
def test_phrases_do_not_depend_on_the_order_of_posts_and_are_shared(texts: list[str]) -> None:
    found = phrases(texts)
    assert [p.terms for p in found] == [p.terms for p in phrases(list(reversed(texts)))]
    assert all(phrase.count >= 2 for phrase in found)


@given(
    behind=st.integers(-60, 10**7), live=st.booleans(), step=st.sampled_from(AlertStep),
    severity=st.sampled_from(Severity), least=st.sampled_from(["notable", "serious", "critical"]),
    recorded=st.none() | st.sampled_from(Outcome), before=st.none() | st.sampled_from(Outcome),
)  # fmt: skip
def test_only_a_rehearsal_channel_ever_hears_of_a_replay_or_of_old_news(
    behind: int, live: bool, step: AlertStep, severity: Severity, least: str,
    recorded: Outcome | None, before: Outcome | None,
) -> None:  # fmt: skip
    alert = replace(ALERT, live=live, step=step, firestorm=replace(ALERT.firestorm, severity=severity))
    channel = ChannelSettings(kind="terminal", name="a", min_severity=least)
    already = {"a": recorded} if recorded else {}
    for item in plan(alert, [channel], already, AT + timedelta(seconds=behind), {"a": before} if before else None):
        if item.send:
            assert live
            assert behind <= 15 * 60
            assert severity.rank >= Severity(least).rank
            assert recorded is None or not recorded.final
