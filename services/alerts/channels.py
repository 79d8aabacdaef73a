"""The channels that are configured: checked before work begins, then built."""

from collections.abc import Collection, Iterator
from email.utils import parseaddr

from soundings.services.alerts.mail import EmailNotifier
from soundings.services.alerts.notifier import Notifier
from soundings.services.alerts.terminal import TerminalNotifier
from soundings.services.alerts.webhook import WebhookNotifier, problem
from soundings.services.settings import AlertSettings, ChannelSettings, Settings, SettingsError, SmtpSettings

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SECRET = 16
"""Characters; a shorter key of a signature can be guessed."""


def verify(settings: Settings, departments: Collection[str] = ()) -> None:
    """Check every channel before the service takes work; nothing is sent and nothing is looked up.

    Args:
        departments: keys of the configured departments; empty if they are not known here.

    Raises:
        SettingsError: naming each channel and what is wrong with it.
    """
    names = [channel.name for channel in settings.alerts.channels]
    found = [f"two channels are called {name!r}" for name in sorted({n for n in names if names.count(n) > 1})]
    for channel in settings.alerts.channels:
        found += [f"channel {channel.name!r}: {what}" for what in _problems(channel, settings.smtp, departments)]
    if found:
        raise SettingsError("\n".join(found))


def _problems(channel: ChannelSettings, smtp: SmtpSettings, departments: Collection[str]) -> Iterator[str]:
    if not channel.name.strip() or not channel.name.isprintable():
        yield "its name must be printable and not empty"
    for key in channel.departments:
        if departments and key not in departments:
            yield f"there is no department {key!r}"
    if channel.kind == "email":
        yield from _email(channel, smtp)
    elif channel.kind == "webhook":
        if not channel.url:
            yield "`url` is missing"
        elif wrong := problem(channel.url, channel.allow_private):
            yield f"`url`: {wrong}"
        if channel.secret is None or len(channel.secret.get_secret_value()) < _SECRET:
            yield f"`secret` is missing or shorter than {_SECRET} characters"


def _email(channel: ChannelSettings, smtp: SmtpSettings) -> Iterator[str]:
    if not channel.to:
        yield "`to` is missing"
    if any(not address_ok(address) for address in channel.to):
        yield "`to` holds what is not an e-mail address"
    yield from smtp_problems(smtp)


def smtp_problems(smtp: SmtpSettings) -> Iterator[str]:
    """What keeps the mail server's settings from working."""
    if not smtp.host:
        yield "`smtp.host` is missing"
    if not address_ok(parseaddr(smtp.sender)[1]):
        yield "`smtp.sender` is missing or not an e-mail address"
    if not smtp.tls and smtp.host not in _LOOPBACK:
        yield "`smtp.tls` may be off only for a server on this machine"
    if bool(smtp.username) != bool(smtp.password):
        yield "`smtp.username` and `smtp.password` go together"
    if smtp.ca_file and not smtp.ca_file.is_file():
        yield f"`smtp.ca_file`: there is no file {smtp.ca_file}"


def address_ok(address: str) -> bool:
    """A bare address: one @ with something on both sides, no space, no line break, no second address."""
    local, _, host = address.partition("@")
    return bool(local and host) and address.isprintable() and not set(address) & set(' ,;<>()"') and "@" not in host


def build(alerts: AlertSettings, smtp: SmtpSettings) -> dict[str, Notifier]:
    """A notifier for each channel, by name. No connection is made."""
    return {channel.name: _notifier(channel, smtp) for channel in alerts.channels}


def _notifier(channel: ChannelSettings, smtp: SmtpSettings) -> Notifier:
    if channel.kind == "email":
        return EmailNotifier(channel.name, channel.to, smtp)
    if channel.kind == "webhook":
        secret = channel.secret.get_secret_value() if channel.secret else ""
        return WebhookNotifier(channel.name, channel.url, secret, allow_private=channel.allow_private)
    return TerminalNotifier(channel.name)
