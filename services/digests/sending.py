"""A digest by e-mail to the owner of its policy area."""

import asyncio
from datetime import UTC, datetime

from soundings.services.alerts.channels import address_ok, smtp_problems
from soundings.services.alerts.mail import compose, deliver
from soundings.services.alerts.message import Message
from soundings.services.alerts.words import shorten
from soundings.services.digests.digest import Digest
from soundings.services.digests.page import page
from soundings.services.digests.text import text
from soundings.services.digests.wording import title
from soundings.services.settings import SettingsError, SmtpSettings

_SUBJECT = 119
"""Characters, as for alerts."""


def verify(smtp: SmtpSettings, to: str) -> None:
    """
    Raises:
        SettingsError: no mail can be sent with these settings, or to nobody.
    """
    found = [f"digest: {problem}" for problem in smtp_problems(smtp)]
    if not address_ok(to):
        found.append("digest: the policy area has no `owner` with an e-mail address; set one, or give --to")
    if found:
        raise SettingsError("\n".join(found))


def letter(digest: Digest) -> Message:
    """The message; its id is the digest's, so that a mailbox shows a digest that is sent again once."""
    return Message(id=digest.id, subject=shorten(title(digest), _SUBJECT), text=text(digest), html=page(digest))


async def send(digest: Digest, smtp: SmtpSettings, to: str) -> None:
    """
    Raises:
        SettingsError, TryAgain, Refused
    """
    verify(smtp, to)
    message = compose(letter(digest), (to,), smtp.sender, datetime.now(UTC))
    await asyncio.to_thread(deliver, message, (to,), smtp)
