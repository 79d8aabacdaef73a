"""What is shown after posts were taken back: an alert tells that texts are not at hand, in none of their words."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from soundings.services.alerts.evidence import Evidence, gather
from soundings.services.alerts.example import DEPARTMENT, example_alert, example_evidence
from soundings.services.alerts.message import Heading
from soundings.services.alerts.render import render
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.posts import Statement
from soundings.services.index.memory import MemoryIndex

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
ALERT = example_alert(AT, live=True)
BOOK = AccountBook(departments=(DEPARTMENT,))
KNOWN = example_evidence(ALERT)


def told(posts: Mapping[str, None]) -> tuple[Evidence, str]:
    """The evidence and the message, after these posts were taken back."""

    async def gathered() -> Evidence:
        index = MemoryIndex()
        ours = [Statement(post=post) for post in (KNOWN.trigger, KNOWN.statement) if post and post.own_account]
        await index.put([*KNOWN.sample, *ours])
        await index.take_back(posts)
        return await gather(index, ALERT, BOOK, wait=0)

    evidence = asyncio.run(gathered())
    message = render(
        ALERT, DEPARTMENT, evidence, AT + timedelta(seconds=5), ("duty phone",), heading=Heading.NONE, desk_url=""
    )
    return evidence, message.text


def test_an_alert_shows_no_word_of_what_was_taken_back_and_says_that_it_is_missing() -> None:
    gone = {mention.post.id: None for mention in KNOWN.sample}
    whole, before = told({})
    evidence, after = told(gone)
    texts = [mention.post.text[:40] for mention in whole.sample]
    assert any(text in before for text in texts), "the example quotes something"
    assert evidence.sample == () and not any(text in after for text in texts)
    assert any("sample posts" in sentence for sentence in evidence.missing)


def test_an_alert_on_a_statement_that_was_taken_back_still_tells_the_storm() -> None:
    assert ALERT.firestorm.trigger is not None
    gone = dict.fromkeys((ALERT.firestorm.trigger.post, ALERT.firestorm.statement or ""))
    evidence, after = told(gone)
    assert evidence.trigger is None and evidence.statement is None
    assert "not at hand" in after and str(ALERT.firestorm.hostile_voices) in after
