"""Prints drafts as rows: ids, addresses and the counts of each post as they stood at that moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from soundings.deploy.scenario.drafts import Draft
from soundings.deploy.scenario.people import INSTANCE

Row = dict[str, object]


@dataclass(slots=True, kw_only=True)
class Counts:
    """What others have done with a post so far."""

    likes: float = 0.0
    reposts: int = 0
    replies: int = 0
    quotes: int = 0


def printed(drafts: Iterable[Draft], rng: Random) -> Iterator[Row]:
    """The rows in time order. A reference always comes before what refers to it.

    The counts of a repost are those of the post it repeats, as X gives them; every other post has just been written.
    What refers to a post on X comes with that post's counts; on Bluesky and Mastodon an answer does not.
    """
    ordered = sorted(drafts, key=lambda draft: draft.at)
    ids = {draft: f"made-up-{number:06d}" for number, draft in enumerate(ordered, start=1)}
    counts: defaultdict[Draft, Counts] = defaultdict(Counts)
    for draft in ordered:
        if draft.ref is not None:
            _count(counts[draft.ref], draft, rng)
        shown = counts[draft.ref] if draft.kind == "retweet" and draft.ref is not None else counts[draft]
        yield _row(draft, ids, shown, counts[draft.ref] if draft.ref is not None else Counts())


def _count(counts: Counts, draft: Draft, rng: Random) -> None:
    liked = draft.ref.liked if draft.ref is not None else 0.0
    if draft.kind == "retweet":
        counts.reposts += 1
    elif draft.kind == "quote":
        counts.quotes += 1
    else:
        counts.replies += 1
    # Likes come along with everything else, half to one and a half of what the post usually draws.
    counts.likes += liked * (0.5 + rng.random())


def _row(draft: Draft, ids: dict[Draft, str], counts: Counts, referred: Counts) -> Row:
    author, ref = draft.author, draft.ref
    return {
        "id": ids[draft],
        "created_at": stamp(draft.at),
        "platform": author.platform,
        "instance": INSTANCE[author.platform],
        "url": f"https://example.org/{author.platform}/{ids[draft]}",
        "author": author.id,
        "author_handle": author.handle,
        "text": draft.text,
        "text_full": True,
        "lang": draft.lang,
        "kind": draft.kind,
        "ref_id": ids[ref] if ref else None,
        "conversation_id": ids[draft.root],
        "reply_to_author": ref.author.id if ref and draft.kind == "reply" else None,
        "accounts": _addressed(draft),
        "own_account": author.handle if author.ours else None,
        "quoted_account": ref.author.handle if ref and draft.kind == "quote" and ref.author.ours else None,
        "media": list(draft.media),
        "likes": int(counts.likes),
        "reposts": counts.reposts,
        "replies": counts.replies,
        "quotes": counts.quotes,
        **_referred(draft, referred),
        "followers": author.followers,
        "verified": author.verified,
        "made_up": True,
    }


def _referred(draft: Draft, counts: Counts) -> Row:
    platform = draft.author.platform
    told = draft.ref is not None and (platform == "x" or (platform == "mastodon" and draft.kind != "reply"))
    return {
        "ref_likes": int(counts.likes) if told else None,
        "ref_answers": counts.replies + counts.quotes if told else None,
    }


def _addressed(draft: Draft) -> Sequence[str]:
    """Handles of our accounts that the post addresses; a repost of our own statement addresses its author."""
    if draft.author.ours:
        return []
    if draft.desk is not None:
        return [draft.desk.handle(draft.author.platform)]
    return [draft.ref.author.name] if draft.ref is not None and draft.ref.author.ours else []


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
