"""A digest by e-mail, over a real mail server on loopback."""

import asyncio
import email
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from soundings.services.digests.digest import Asked, Coverage, DayCount, Digest, Volume
from soundings.services.digests.sending import letter, send, verify
from soundings.services.digests.theme_items import Themes
from soundings.services.digests.urgent_items import UrgentWeek
from soundings.services.settings import SettingsError, SmtpSettings

DIGEST = Digest(
    id="digest/department-of-examples/permits/2026-W28",
    department="Department of Examples",
    department_key="department-of-examples",
    area="Permits",
    owner="permits@example.gov.uk",
    week="2026-W28",
    dates="6 to 12 July 2026",
    timezone="Europe/London",
    made_at=datetime(2026, 7, 13, 7, tzinfo=UTC),
    coverage=Coverage(sources=(), gaps=()),
    volume=Volume(
        people=3,
        posts=4,
        reposts=0,
        hostile_people=0,
        usual_people=None,
        weeks_known=0,
        days=(DayCount(day=date(2026, 7, 6), posts=4, people=3, usual=None),),
    ),
    storms=(),
    themes=Themes(reported=False),
    spread=(),
    copies=(),
    urgent=UrgentWeek(),
    questions=Asked(people=0, posts=0, answered=None, groups=()),
    acts=(),
    dashboard="",
)


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Mailbox, SmtpSettings]]:
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, SmtpSettings(host="127.0.0.1", port=port, sender="soundings@example.gov.uk", tls=False)
    finally:
        controller.stop()


def test_a_digest_goes_to_its_owner_and_the_same_one_again_has_the_same_id(
    server: tuple[Mailbox, SmtpSettings],
) -> None:
    mailbox, smtp = server
    for _ in range(2):
        asyncio.run(send(DIGEST, smtp, DIGEST.owner))
    first, second = mailbox.letters
    assert mailbox.recipients == [["permits@example.gov.uk"]] * 2
    # A header that is folded after its name begins with a blank.
    assert first["Subject"].strip() == "What people told us: Permits, Department of Examples, 6 to 12 July 2026"
    assert first["Message-ID"] == second["Message-ID"]
    plain, html = (part.get_content() for part in first.iter_parts())
    assert "not a sample of the public" in " ".join(plain.split())
    assert "not a sample of the public" in html


def test_the_subject_stays_one_short_line_whatever_the_area_is_called() -> None:
    subject = letter(replace(DIGEST, area="Permits\r\nBcc: a@b.example " + "x" * 300)).subject
    assert len(subject) < 120
    assert "\n" not in subject


def test_nothing_is_sent_without_an_owner_or_a_mail_server() -> None:
    with pytest.raises(SettingsError, match="owner"):
        verify(SmtpSettings(host="mail.example.gov.uk", sender="s@example.gov.uk"), "")
    with pytest.raises(SettingsError, match=r"smtp\.host"):
        asyncio.run(send(DIGEST, SmtpSettings(), DIGEST.owner))
