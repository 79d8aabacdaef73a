"""Mastodon as a source: one instance, what reaches an account on it or what its public streams show."""

from datetime import timedelta
from urllib.parse import urlsplit

from soundings.services.domain.accounts import AccountBook, Platform
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.settings import MastodonSettings, SettingsError
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.live import TICK_EVERY, LiveSource
from soundings.streams.sources.mastodon_events import MastodonReader
from soundings.streams.sources.mastodon_post import Home
from soundings.streams.sources.mastodon_wire import MastodonWire

DELIVERED_WITHIN = timedelta(seconds=10)
"""How long a post may take from its time to its delivery: between instances usually some seconds. What takes longer is
counted as late."""


def name_of(settings: MastodonSettings) -> str:
    """`mastodon:social.example`, with the account where the stream is an account's own.

    Raises:
        SettingsError: there is no instance.
    """
    host = urlsplit(settings.url).hostname
    if not host:
        raise SettingsError("SOUNDINGS_MASTODON__URL: needed, the base address of the instance")
    return f"mastodon:{host}" + (f":{settings.account.casefold()}" if settings.account else "")


def mastodon(
    settings: MastodonSettings,
    book: AccountBook,
    pseudonyms: Pseudonyms,
    known: KnownPosts,
    *,
    tick_every: float = TICK_EVERY,
    settle: timedelta = DELIVERED_WITHIN,
) -> LiveSource:
    """The source.

    Raises:
        SettingsError: no instance, no token, no hashtag for that stream, or no account on Mastodon.
    """
    name = name_of(settings)
    if settings.stream == "hashtag" and not settings.hashtag:
        raise SettingsError("SOUNDINGS_MASTODON__HASHTAG: needed with SOUNDINGS_MASTODON__STREAM=hashtag")
    if not any(account.platform is Platform.MASTODON for each in book.departments for account in each.accounts):
        raise SettingsError('SOUNDINGS_ACCOUNTS: no account with platform = "mastodon" is configured')
    MastodonWire(settings)  # what is wrong with the token is said now
    host = urlsplit(settings.url).hostname or ""
    home = Home(book=book, pseudonyms=pseudonyms, source=name, host=host)
    return LiveSource(
        name,
        lambda: MastodonWire(settings),
        MastodonReader(home, known),
        stamped=False,
        settle=settle,
        tick_every=tick_every,
    )
