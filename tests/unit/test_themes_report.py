"""The report: what a theme rests on and which posts stand for it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from soundings.services.domain.posts import PostKind, SpeechAct
from soundings.services.domain.themes import Theme, ThemePost
from soundings.services.themes.encoder import NoEncoder, StaticEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.report import report
from soundings.services.themes.state import StateError, from_bytes, to_bytes

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BODIES = ["the ferry at Hill Quay is late", "late ferry at Hill Quay", "is the Hill Quay ferry late?"]


def stream() -> list[ThemePost]:
    """Two weeks of people who complain, repost, ask, suggest and swear."""
    plain = [
        ThemePost(
            id=f"p{n}",
            text=f"{BODIES[n % 3]} gate {n}",
            created_at=START + timedelta(days=n // 3 * 3),
            voice=f"v{n}",
            acts=(SpeechAct.QUESTION,) if n % 3 == 2 else (SpeechAct.COMPLAINT,),
        )
        for n in range(12)
    ]
    later = START + timedelta(days=8)
    sworn = ThemePost(
        id="h", text="the ferry at Hill Quay is late you cretins", created_at=later, voice="x", hostility=0.9
    )
    idea = ThemePost(
        id="s", text="let the ferry at Hill Quay wait", created_at=later, voice="y", acts=(SpeechAct.SUGGESTION,)
    )
    repost = ThemePost(id="r", text=f"RT @someone: {plain[9].text}", created_at=later, voice="z", kind=PostKind.REPOST)
    return [*plain, sworn, idea, repost]


def first(week: str | None = None, *, missing: str = "") -> Theme:
    engine = ThemeEngine(NoEncoder(), stream="harbour")
    engine.assign(stream())
    # One theme by decree, so that the test is about the report only.
    engine.micro.name_themes(np.zeros(engine.micro.live, dtype=np.int64))
    texts = {post.id: post.text for post in stream() if post.id != missing}
    return report(engine, lambda ids: {i: texts[i] for i in ids if i in texts}, week=week).themes[0]


def test_evidence_counts_posts_reposts_and_people() -> None:
    evidence = first().evidence
    assert (evidence.posts, evidence.reposts, evidence.texts) == (14, 1, 14)
    assert (evidence.voices, evidence.hostile, evidence.questions, evidence.suggestions) == (15, 1, 4, 1)


def test_a_week_has_its_own_evidence_and_the_name_of_the_whole() -> None:
    assert first("2026-W10").evidence.support + first("2026-W11").evidence.support == 15
    assert first("2026-W10").title == first("2026-W11").title == first().title
    assert "Hill Quay" in first().title


def test_abuse_and_reposts_do_not_represent_a_theme() -> None:
    shown = first().representatives
    assert 3 <= len(shown) <= 5
    assert not {"h", "r"} & set(shown)


def test_questions_and_suggestions_are_named() -> None:
    assert first().suggestions == ("s",)
    assert {int(post[1:]) % 3 for post in first().questions} == {2}


def test_a_deleted_text_is_neither_shown_nor_quoted() -> None:
    gone = first().representatives[0]
    assert gone not in first(missing=gone).representatives


def test_ids_of_themes_carry_their_stream() -> None:
    assert first().id == "harbour:0"


def test_state_of_another_encoder_is_refused() -> None:
    with pytest.raises(StateError, match="encoder"):
        from_bytes(to_bytes(ThemeEngine(NoEncoder())), StaticEncoder())
