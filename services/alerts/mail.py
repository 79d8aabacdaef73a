"""E-mail as a channel, by SMTP with a verified certificate. Also sends the digest."""

import asyncio
import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import structlog

from soundings.services.alerts.message import Message, Urgency
from soundings.services.alerts.notifier import Refused, TryAgain
from soundings.services.settings import SmtpSettings

_TIMEOUT = 20.0
"""Seconds for each step of the conversation; mail servers that look senders up in block lists take ten."""
_IMPLICIT_TLS = 465
log = structlog.get_logger(__name__)


class EmailNotifier:
    def __init__(self, name: str, to: Sequence[str], smtp: SmtpSettings) -> None:
        self._name = name
        self._to = tuple(to)
        self._smtp = smtp

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message) -> None:
        letter = compose(message, self._to, self._smtp.sender, datetime.now(UTC))
        # In a thread: smtplib waits, and nothing else in the process should.
        refused = await asyncio.to_thread(deliver, letter, self._to, self._smtp)
        if refused:
            log.warning("some recipients were refused", channel=self._name, message=message.id, count=refused)


def message_id(identifier: str, sender: str) -> str:
    """The same for a repeated sending, so that a mailbox shows it once."""
    digest = hashlib.sha256(identifier.encode()).hexdigest()[:32]
    return f"<{digest}@{parseaddr(sender)[1].rpartition('@')[2] or 'soundings.invalid'}>"


def compose(message: Message, to: Sequence[str], sender: str, now: datetime) -> EmailMessage:
    """The letter: plain text first, the page as its alternative."""
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = message.subject
    letter["From"] = sender
    letter["To"] = ", ".join(to)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = message_id(message.id, sender)
    if message.thread and message.thread != message.id:
        letter["In-Reply-To"] = letter["References"] = message_id(message.thread, sender)
    # RFC 3834: no out-of-office answers, please.
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    if message.urgency is Urgency.HIGH:
        letter["X-Priority"] = "1"
        letter["Importance"] = "high"
    letter.set_content(message.text, cte="quoted-printable")
    if message.html:
        letter.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return letter


def deliver(letter: EmailMessage, to: Sequence[str], smtp: SmtpSettings) -> int:
    """Hand the letter to the server; returns how many recipients it refused while taking others.

    Raises:
        TryAgain, Refused
    """
    try:
        with _connect(smtp) as server:
            if smtp.username and smtp.password:
                server.login(smtp.username, smtp.password.get_secret_value())
            return len(server.send_message(letter, to_addrs=list(to)))
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        if any(code < 500 for code in codes):
            raise TryAgain(f"the mail server put every recipient off ({min(codes)})") from None
        raise Refused(f"the mail server refused every recipient ({min(codes)})") from None
    except smtplib.SMTPServerDisconnected as error:
        raise TryAgain("the mail server hung up") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused("the mail server does not offer what is configured (TLS or a login)") from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise Refused(f"the mail server refused ({error.smtp_code})") from None
        raise TryAgain(f"the mail server asks to wait ({error.smtp_code})") from None
    except ssl.SSLCertVerificationError as error:
        raise Refused(f"the mail server's certificate is not trusted: {error.verify_message}") from error
    except OSError as error:
        raise TryAgain(f"the mail server cannot be reached: {type(error).__name__}") from error


def _connect(smtp: SmtpSettings) -> smtplib.SMTP:
    if not smtp.tls:
        return smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT)
    context = ssl.create_default_context(cafile=str(smtp.ca_file) if smtp.ca_file else None)
    if smtp.port == _IMPLICIT_TLS:
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_TIMEOUT, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server
