"""What changed in the last quarter of an hour, in words."""

from soundings.services.alerts.words import people
from soundings.services.domain.firestorms import Lately, Quarter, Trigger, Whose
from soundings.services.domain.posts import PostKind

ENOUGH = 10
"""Fewest people who speak in each quarter for their shares to be compared: of nine, each is more than a tenth."""
STEP = 0.15
"""Change of a share that is told: with thirty people, less than this is chance in about every third case."""
_DOING = {
    PostKind.ORIGINAL: "write on their own",
    PostKind.REPLY: "answer",
    PostKind.REPOST: "repost",
    PostKind.QUOTE: "quote",
}


def changed(lately: Lately, cause: Trigger | None) -> tuple[str, ...]:
    """A sentence for each thing that is worth telling, the number of people first.

    Args:
        cause: what set the storm off; None if nothing did, or no storm is on.
    """
    now, before = lately.now, lately.before
    sentences = (_people(now, before), _mood(now, before), _doing(now, before), _gathering(lately, cause))
    return tuple(sentence for sentence in sentences if sentence)


def _people(now: Quarter, before: Quarter) -> str:
    return f"In the last 15 minutes: {people(now.voices)} ({before.voices:,} in the 15 before)."


def _mood(now: Quarter, before: Quarter) -> str:
    if min(now.speaking, before.speaking) < ENOUGH:
        return ""
    new, old = now.hostile / now.speaking, before.hostile / before.speaking
    if abs(new - old) < STEP:
        return ""
    moved = "up" if new > old else "down"
    return f"Of those who write, the hostile share is {moved} from {100 * old:.0f} to {100 * new:.0f} %."


def _doing(now: Quarter, before: Quarter) -> str:
    if now.mostly is None or now.mostly is before.mostly:
        return ""
    earlier = f"; before, most {_DOING[before.mostly]}" if before.mostly else ""
    return f"Most now {_DOING[now.mostly]}{earlier}."


def _gathering(lately: Lately, cause: Trigger | None) -> str:
    now = lately.now
    if now.around is None:
        return ""
    beside = f" ({lately.gathered_before:,} in the 15 before)"
    if cause is None:
        where = "one post"
    elif now.around == cause.post:
        where = f"{'our post' if cause.whose is Whose.OURS else 'the post'} that set it off"
    else:
        where = "another post than the one that set it off"
    return f"{people(now.gathered)} gather around {where}{beside}."
