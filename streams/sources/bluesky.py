"""Bluesky as a source: mentions, answers, quotes and reposts of our accounts, from a public Jetstream, with no key."""

from datetime import timedelta

from soundings.services.domain.accounts import AccountBook, Platform
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.settings import BlueskySettings, SettingsError
from soundings.streams.sources.bluesky_events import BlueskyReader
from soundings.streams.sources.bluesky_names import Names, Resolve, resolver
from soundings.streams.sources.bluesky_post import Ours
from soundings.streams.sources.bluesky_wire import JetstreamWire
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.live import TICK_EVERY, LiveSource

NAME = "bluesky"

OUT_OF_ORDER = timedelta(seconds=2)
"""Recorded frames of one server lie up to 1.6 s before the one they follow. The cursor stays behind by as much, so that
none is skipped; what is fetched twice is recognised by its id."""


def bluesky(
    settings: BlueskySettings,
    book: AccountBook,
    pseudonyms: Pseudonyms,
    known: KnownPosts,
    *,
    resolve: Resolve | None = None,
    tick_every: float = TICK_EVERY,
) -> LiveSource:
    """The source; handles without a configured DID are resolved when it first connects.

    Raises:
        SettingsError: no account on Bluesky is configured.
    """
    if not any(account.platform is Platform.BLUESKY for each in book.departments for account in each.accounts):
        raise SettingsError('SOUNDINGS_ACCOUNTS: no account with platform = "bluesky" is configured')
    names = Names(book, resolve or resolver(settings.resolver))
    ours = Ours(book=book, pseudonyms=pseudonyms, source=NAME, dids=names.dids, public=names.public)
    return LiveSource(
        NAME,
        lambda: JetstreamWire(settings, names.look),
        BlueskyReader(ours, known),
        stamped=True,
        settle=OUT_OF_ORDER,
        tick_every=tick_every,
    )
