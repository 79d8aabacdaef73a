"""What is known, put into the domain's words: volumes and firestorms."""

from collections.abc import Sequence
from datetime import datetime

from soundings.services.domain.accounts import Department
from soundings.services.domain.firestorms import Firestorm, StormState, Trigger, Verdict, Volume, Whose
from soundings.services.firestorms import forecast, trigger, window
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.sample import ORIGINAL, QUOTE, REPLY, REPOST, Seen, is_hostile
from soundings.services.firestorms.state import Burning, State
from soundings.services.firestorms.verdict import HOUR, WINDOWS, Evidence

GROWING = (StormState.BUILDING, StormState.OPEN)
FADING = (StormState.PEAKED, StormState.SUBSIDING)


def volume(department: str, account: str, minute: datetime, posts: Sequence[Seen], share: float) -> Volume:
    def of(kind: int) -> int:
        return round(sum(seen.kind == kind for seen in posts) / share)

    return Volume(
        department=department,
        account=account,
        minute=minute,
        posts=round(len(posts) / share),
        originals=of(ORIGINAL),
        replies=of(REPLY),
        quotes=of(QUOTE),
        reposts=of(REPOST),
        voices=round(len({seen.voice for seen in posts}) / share),
        hostile_voices=round(len({seen.voice for seen in posts if is_hostile(seen)}) / share),
    )


def firestorm(
    state: State, department: Department, burning: Burning, evidence: Evidence, verdict: Verdict
) -> Firestorm:
    now = evidence.minute
    usual = evidence.stretches[HOUR].usual
    episode = burning.episode
    posts = list(burning.sample)
    share = burning.sample.share
    counts = window.count([burning.sample])
    cause = trigger.find(posts, share, state.statements.__contains__) or _slow_cause(state, now)
    over = episode.state is StormState.OVER
    quarters = _quarters(state, now)
    rate = forecast.growth(quarters[-2], quarters[-1], 15)
    opened = episode.opened if episode.opened is not None else episode.noticed
    return Firestorm(
        id=episode.id,
        department=department.key,
        accounts=trigger.accounts(posts, state.accounts),
        state=episode.state,
        kind=episode.kind,
        severity=episode.severity,
        began_at=moment(episode.began),
        opened_at=moment(opened + 1),
        updated_at=moment(now + 1),
        peaked_at=None if episode.peaked is None else moment(episode.peaked + 1),
        closed_at=moment(now + 1) if over else None,
        trigger=cause,
        statement=cause.post if cause and cause.whose is Whose.OURS else None,
        voices=round(counts.voices),
        hostile_voices=round(counts.people.hostile),
        posts=round(counts.posts),
        usual_voices=round(episode.usual, 1),
        doubling_minutes=forecast.doubling(rate) if episode.state in GROWING else None,
        half_life_minutes=forecast.half_life(rate) if episode.state in FADING else None,
        next_hour_voices=None if over else forecast.next_hour(quarters, usual.speaking + usual.reposting),
        large_accounts=None if counts.large is None else round(counts.large),
        reposts_collected=evidence.reposts_known,
        reasons=verdict.reasons,
        sample=trigger.telling(posts, cause),
    )


def _slow_cause(state: State, now: int) -> Trigger | None:
    """What smouldered in the longest window before."""
    samples = [sample for _, _, found in state.recent.windows(now, (max(WINDOWS),)) for sample in found]
    posts, share = window.union(samples)
    ours = state.statements.__contains__
    return trigger.find(posts, share, ours, trigger.SLOW_LEAST, trigger.SLOW_SHARE)


def _quarters(state: State, now: int) -> list[float]:
    """Voices of the last four quarters of an hour, the present one last."""
    found = []
    for back in (45, 30, 15, 0):
        posts, share = window.union(
            state.recent.minutes[m] for m in range(now - back - 14, now - back + 1) if m in state.recent.minutes
        )
        found.append(len({seen.voice for seen in posts}) / share)
    return found
