"""A platform's source from the settings: what is missing for it is said before anything is started."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from soundings.services.domain.accounts import AccountBook, Platform
from soundings.services.folders import private
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.settings import Settings, SettingsError
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.live import LiveSource


def build(platform: Platform, settings: Settings, book: AccountBook) -> LiveSource:
    """The source, not yet connected.

    Raises:
        SettingsError: a token or an account is missing; the message names the setting.
    """
    return _BUILDERS[platform](settings, book, Pseudonyms(settings.pseudonym_key(), book.named))


def remembered(settings: Settings, name: str) -> KnownPosts:
    """What the source of this name remembers of its posts, kept as long as their texts.

    Raises:
        SettingsError: the folder cannot be written to.
    """
    path = known_file(settings.state, name)
    try:
        private(settings.state)
        return KnownPosts(path, datetime.now(UTC).date(), timedelta(days=settings.privacy.text_days))
    except OSError as error:
        raise SettingsError(f"SOUNDINGS_STATE: {path.parent} cannot be written to ({error.strerror})") from None


def known_file(state: Path, name: str) -> Path:
    return state / "sources" / (name.replace(":", "-").replace("/", "-") + ".known")


def _bluesky(settings: Settings, book: AccountBook, pseudonyms: Pseudonyms) -> LiveSource:
    from soundings.streams.sources.bluesky import NAME, bluesky

    return bluesky(settings.bluesky, book, pseudonyms, remembered(settings, NAME))


def _x(settings: Settings, book: AccountBook, pseudonyms: Pseudonyms) -> LiveSource:
    from soundings.streams.sources.x import NAME, x

    return x(settings.x, book, pseudonyms, remembered(settings, NAME))


def _mastodon(settings: Settings, book: AccountBook, pseudonyms: Pseudonyms) -> LiveSource:
    from soundings.streams.sources.mastodon import mastodon, name_of

    return mastodon(settings.mastodon, book, pseudonyms, remembered(settings, name_of(settings.mastodon)))


_BUILDERS: dict[Platform, Callable[[Settings, AccountBook, Pseudonyms], LiveSource]] = {
    Platform.BLUESKY: _bluesky,
    Platform.X: _x,
    Platform.MASTODON: _mastodon,
}
