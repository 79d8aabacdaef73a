"""X as a source: the filtered stream, recent search for what was missed, compliance where the plan has it."""

from datetime import timedelta

from soundings.services.domain.accounts import AccountBook
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.settings import SettingsError, XSettings
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.live import TICK_EVERY, LiveSource
from soundings.streams.sources.x_events import XReader
from soundings.streams.sources.x_rules import RulesTooLong, handles
from soundings.streams.sources.x_wire import XWire

NAME = "x"

DELIVERED_WITHIN = timedelta(seconds=10)
"""How long X may take from a post's time to its delivery: it speaks of some seconds."""


def x(
    settings: XSettings,
    book: AccountBook,
    pseudonyms: Pseudonyms,
    known: KnownPosts,
    *,
    tick_every: float = TICK_EVERY,
    settle: timedelta = DELIVERED_WITHIN,
) -> LiveSource:
    """The source.

    Raises:
        SettingsError: no token, no account on X, or more accounts than the plan's rules hold.
    """
    if not handles(book):
        raise SettingsError('SOUNDINGS_ACCOUNTS: no account with platform = "x" is configured')
    try:
        XWire(settings, book, known)  # what is wrong with the token or the rules is said now
    except RulesTooLong as problem:
        raise SettingsError(f"SOUNDINGS_X__RULES, SOUNDINGS_X__RULE_LENGTH: {problem}") from None
    return LiveSource(
        NAME,
        lambda: XWire(settings, book, known),
        XReader(book, pseudonyms, known, NAME, settings.country),
        stamped=False,
        settle=settle,
        tick_every=tick_every,
    )
