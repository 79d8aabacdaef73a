"""Channels: checked before work begins; where a webhook may go; what a letter looks like."""

import asyncio
import ipaddress
import re
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from soundings.services.alerts.addresses import public, resolve
from soundings.services.alerts.channels import build, verify
from soundings.services.alerts.example import DEPARTMENT, example_alert, example_evidence
from soundings.services.alerts.mail import compose, message_id
from soundings.services.alerts.message import Heading
from soundings.services.alerts.notifier import Refused, TryAgain
from soundings.services.alerts.render import render
from soundings.services.domain.alerts import AlertStep
from soundings.services.settings import AlertSettings, ChannelSettings, Settings, SettingsError, SmtpSettings

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
SMTP = SmtpSettings(host="mail.example.gov.uk", sender="Soundings <soundings@example.gov.uk>")
MAIL = ChannelSettings(kind="email", name="mail", to=("press@example.gov.uk",))
HOOK = ChannelSettings(
    kind="webhook", name="hook", url="https://chat.example.gov.uk/in", secret=SecretStr("a long enough secret")
)


def settings(*channels: ChannelSettings, smtp: SmtpSettings = SMTP) -> Settings:
    return Settings(alerts=AlertSettings(channels=channels), smtp=smtp)


def altered(channel: ChannelSettings, **fields: object) -> ChannelSettings:
    return channel.model_copy(update=fields)


def test_good_settings_pass_and_give_a_notifier_each() -> None:
    good = settings(MAIL, HOOK, ChannelSettings(kind="terminal", name="terminal"))
    verify(good, ["department-of-examples"])
    assert sorted(build(good.alerts, good.smtp)) == ["hook", "mail", "terminal"]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (altered(MAIL, to=()), "`to` is missing"),
        (altered(MAIL, to=("a@b.example\nBcc: c@d.example",)), "not an e-mail address"),
        (altered(MAIL, to=("a@b.example, c@d.example",)), "not an e-mail address"),
        (altered(MAIL, name="a\nb"), "printable"),
        (altered(MAIL, departments=("elsewhere",)), "no department 'elsewhere'"),
        (altered(HOOK, url=""), "`url` is missing"),
        (altered(HOOK, url="http://chat.example.gov.uk/in"), "https://"),
        (altered(HOOK, url="ftp://chat.example.gov.uk/in", allow_private=True), "https://"),
        (altered(HOOK, url="https://u:p@chat.example.gov.uk/"), "no user name"),
        (altered(HOOK, url="https://chat.example:99999/"), "cannot be read"),
        (altered(HOOK, secret=None), "`secret` is missing"),
        (altered(HOOK, secret=SecretStr("short")), "`secret` is missing or shorter"),
    ],
)
def test_what_is_wrong_with_a_channel_is_named_before_anything_starts(channel: ChannelSettings, words: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(words)):
        verify(settings(channel), ["department-of-examples"])


@pytest.mark.parametrize(
    ("smtp", "words"),
    [
        (SmtpSettings(), "`smtp.host` is missing"),
        (SMTP.model_copy(update={"sender": "nobody"}), "`smtp.sender`"),
        (SMTP.model_copy(update={"tls": False}), "only for a server on this machine"),
        (SMTP.model_copy(update={"username": "u"}), "go together"),
    ],
)
def test_a_mail_server_that_cannot_work_is_named(smtp: SmtpSettings, words: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(words)):
        verify(settings(MAIL, smtp=smtp))


def test_two_channels_of_one_name_and_every_other_problem_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        verify(settings(MAIL, altered(MAIL, to=()), altered(HOOK, secret=None)))
    assert len(str(caught.value).splitlines()) == 3
    assert "a long enough secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.9",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_of_the_inside_is_not_public(address: str) -> None:
    assert not public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert public(ipaddress.ip_address(address))


def test_a_name_that_leads_inside_is_refused_and_one_that_leads_nowhere_may_work_later() -> None:
    with pytest.raises(Refused):
        asyncio.run(resolve("localhost", 443, allow_private=False))
    assert asyncio.run(resolve("localhost", 443, allow_private=True))
    with pytest.raises(TryAgain):
        asyncio.run(resolve("no-such-host.invalid", 443, allow_private=False))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1"])
def test_odd_spellings_of_loopback_lead_nowhere(host: str) -> None:
    with pytest.raises((Refused, TryAgain)):
        asyncio.run(resolve(host, 443, allow_private=False))


def test_a_letter_carries_the_storms_thread_its_urgency_and_asks_for_no_answer() -> None:
    alert = example_alert(AT, live=True)
    over = example_alert(AT, step=AlertStep.OVER, live=True)
    first, last = (
        compose(render(each, DEPARTMENT, example_evidence(each), AT, ()), MAIL.to, SMTP.sender, AT)
        for each in (alert, over)
    )
    assert first["Message-ID"] == message_id(alert.id, SMTP.sender)
    assert first["Message-ID"].endswith("@example.gov.uk>")
    assert "In-Reply-To" not in first
    assert last["In-Reply-To"] == last["References"] == first["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert (first["Importance"], last["Importance"]) == ("high", None)
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]


def test_a_repeated_letter_has_the_same_id_and_an_exercise_another() -> None:
    alert = example_alert(AT)
    evidence = example_evidence(alert)
    one, two = (render(alert, DEPARTMENT, evidence, AT + timedelta(minutes=m), ()) for m in (0, 9))
    exercise = render(alert, DEPARTMENT, evidence, AT, (), heading=Heading.EXERCISE)
    ids = [compose(message, MAIL.to, SMTP.sender, AT)["Message-ID"] for message in (one, two, exercise)]
    assert ids[0] == ids[1] != ids[2]
