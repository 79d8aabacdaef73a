"""One contract for every channel: the one in memory, the terminal, e-mail and the webhook, each over the real thing."""

import asyncio
import email
import hashlib
import hmac
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from soundings.services.alerts.example import DEPARTMENT, example_alert, example_evidence
from soundings.services.alerts.mail import EmailNotifier, message_id
from soundings.services.alerts.memory import MemoryNotifier
from soundings.services.alerts.message import Message
from soundings.services.alerts.notifier import Notifier, Refused, TryAgain
from soundings.services.alerts.render import render
from soundings.services.alerts.terminal import TerminalNotifier
from soundings.services.alerts.webhook import WebhookNotifier
from soundings.services.settings import SmtpSettings

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
SECRET = "a secret for tests"
ALERT = example_alert(AT, live=True)
MESSAGE = render(ALERT, DEPARTMENT, example_evidence(ALERT), AT, ("mail",), desk_url="https://d.example.gov.uk")


@dataclass
class Bench:
    """A channel under test, with what arrived at its far end."""

    notifier: Notifier
    arrived: Callable[[], list[tuple[str, str, str]]]
    """Each message as (id, subject, text)."""
    fail: Callable[[str], None]
    """Makes the far end answer `later` or `never` from now on."""
    raw: list[Any]


def memory() -> Iterator[Bench]:
    notifier = MemoryNotifier("memory")

    def fail(how: str) -> None:
        notifier.failures = [TryAgain("later", after=7.0) if how == "later" else Refused("never")]

    yield Bench(notifier, lambda: [(m.id, m.subject, m.text) for m in notifier.sent], fail, notifier.sent)


def terminal() -> Iterator[Bench]:
    stream = io.StringIO()

    def arrived() -> list[tuple[str, str, str]]:
        found = []
        for part in stream.getvalue().split(MESSAGE.subject)[1:]:
            head, _, text = part.lstrip("\n").partition("\n\n")
            found.append((head.strip("[]"), MESSAGE.subject, text[: len(MESSAGE.text)]))
        return found

    def fail(how: str) -> None:
        raise AssertionError(f"a terminal never answers {how}")

    yield Bench(TerminalNotifier("terminal", stream), arrived, fail, [])


class Mailbox:
    def __init__(self) -> None:
        self.answer = ""
        self.received: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        if self.answer:
            return self.answer
        self.received.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


def mail() -> Iterator[Bench]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    smtp = SmtpSettings(host="127.0.0.1", port=controller.port, sender="soundings@example.gov.uk", tls=False)

    def arrived() -> list[tuple[str, str, str]]:
        found = []
        for letter in mailbox.received:
            body = letter.get_body(("plain",))
            assert body is not None
            known = message_id(MESSAGE.id, smtp.sender)
            identifier = MESSAGE.id if letter["Message-ID"] == known else letter["Message-ID"]
            found.append((identifier, letter["Subject"], body.get_content().replace("\r\n", "\n")))
        return found

    def fail(how: str) -> None:
        mailbox.answer = "451 try later" if how == "later" else "554 no"

    try:
        yield Bench(EmailNotifier("mail", ("press@example.gov.uk",), smtp), arrived, fail, mailbox.received)
    finally:
        controller.stop()


class Receiver(BaseHTTPRequestHandler):
    answer: int = 200
    headers_out: dict[str, str] = {}
    requests: list[tuple[str, dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.answer == 200:
            self.requests.append((self.path, dict(self.headers), body))
        self.send_response(self.answer)
        for name, value in self.headers_out.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def webhook() -> Iterator[Bench]:
    class OneReceiver(Receiver):
        headers_out: dict[str, str] = {}
        requests: list[tuple[str, dict[str, str], bytes]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), OneReceiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    url = f"http://localhost:{server.server_port}/in?room=1"

    def arrived() -> list[tuple[str, str, str]]:
        bodies = [json.loads(body) for _, _, body in OneReceiver.requests]
        return [(body["id"], body["subject"], body["text"]) for body in bodies]

    def fail(how: str) -> None:
        OneReceiver.answer = {"later": 503, "never": 410, "moved": 307}[how]
        OneReceiver.headers_out = {"Retry-After": "7", "Location": url}

    notifier = WebhookNotifier("hook", url, SECRET, allow_private=True, now=lambda: 1_700_000_000.0)
    try:
        yield Bench(notifier, arrived, fail, OneReceiver.requests)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(params=[memory, terminal, mail, webhook], ids=lambda make: make.__name__)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    yield from request.param()


@pytest.fixture(params=[memory, mail, webhook], ids=lambda make: make.__name__)
def far(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The channels with somebody at the other end, who may be busy or refuse."""
    yield from request.param()


def send(bench: Bench, message: Message = MESSAGE) -> None:
    asyncio.run(bench.notifier.send(message))


def test_the_message_arrives_whole(bench: Bench) -> None:
    send(bench)
    assert bench.arrived() == [(MESSAGE.id, MESSAGE.subject, MESSAGE.text)]
    assert bench.notifier.name


def test_a_repeated_sending_carries_the_same_id(bench: Bench) -> None:
    send(bench)
    send(bench)
    first, second = bench.arrived()
    assert first == second


def test_a_channel_that_is_busy_asks_to_be_tried_again(far: Bench) -> None:
    far.fail("later")
    with pytest.raises(TryAgain):
        send(far)
    assert far.arrived() == []


def test_a_channel_that_refuses_says_so_for_good(far: Bench) -> None:
    far.fail("never")
    with pytest.raises(Refused):
        send(far)
    assert far.arrived() == []


@pytest.fixture
def hook() -> Iterator[Bench]:
    yield from webhook()


def test_the_receiver_of_a_webhook_can_check_who_sent_it_and_when(hook: Bench) -> None:
    send(hook)
    ((path, headers, body),) = hook.raw
    assert path == "/in?room=1"
    assert headers["Idempotency-Key"] == ALERT.id
    assert headers["Host"].startswith("localhost:")
    assert headers["Soundings-Timestamp"] == "1700000000"
    expected = hmac.new(SECRET.encode(), b"1700000000." + body, hashlib.sha256).hexdigest()
    assert headers["Soundings-Signature"] == f"v1={expected}"
    assert json.loads(body)["data"]["voices"] == 140


def test_a_webhook_follows_no_redirect(hook: Bench) -> None:
    hook.fail("moved")
    with pytest.raises(Refused, match="redirects"):
        send(hook)
    assert hook.raw == []


def test_a_webhook_that_names_a_wait_is_left_alone_for_it(hook: Bench) -> None:
    hook.fail("later")
    with pytest.raises(TryAgain) as caught:
        send(hook)
    assert caught.value.after == 7.0


def test_a_webhook_to_this_machine_is_refused_unless_it_is_allowed(hook: Bench) -> None:
    assert isinstance(hook.notifier, WebhookNotifier)
    url = str(hook.notifier._url)
    with pytest.raises(Refused, match="private"):
        asyncio.run(WebhookNotifier("hook", url, SECRET).send(MESSAGE))
    assert hook.raw == []


def test_a_name_that_changes_after_the_check_does_not_change_where_the_webhook_goes(
    hook: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looks = socket.getaddrinfo, []

    def changing(host: str, *args: Any, **kwargs: Any) -> Any:
        looks.append(host)
        return real("127.0.0.1" if looks.count(host) == 1 else "192.0.2.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    send(hook)
    assert looks.count("localhost") == 1
    assert len(hook.arrived()) == 1


def test_a_far_end_that_is_not_there_is_to_be_tried_again() -> None:
    smtp = SmtpSettings(host="127.0.0.1", port=free_port(), sender="s@example.gov.uk")
    nobody: list[Notifier] = [
        EmailNotifier("mail", ("a@example.gov.uk",), smtp),
        WebhookNotifier("hook", f"http://127.0.0.1:{free_port()}/", SECRET, allow_private=True),
    ]
    for notifier in nobody:
        with pytest.raises(TryAgain):
            asyncio.run(notifier.send(MESSAGE))


def test_a_mail_server_without_tls_is_refused_when_tls_is_asked_for() -> None:
    for bench in mail():
        assert isinstance(bench.notifier, EmailNotifier)
        strict = bench.notifier._smtp.model_copy(update={"tls": True})
        with pytest.raises(Refused):
            asyncio.run(EmailNotifier("mail", ("a@example.gov.uk",), strict).send(MESSAGE))
        assert bench.arrived() == []


def test_a_terminal_with_a_person_before_it_shows_a_box_and_lets_no_markup_through() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    message = Message(id="a/opened", subject="SERIOUS [bold]x[/bold]", text="See [red]this[/red] :smile:", html="")
    asyncio.run(TerminalNotifier("terminal", screen).send(message))
    shown = screen.getvalue()
    assert "[bold]x[/bold]" in shown
    assert "[red]this[/red] :smile:" in shown
    assert "╭" in shown


def test_a_closed_terminal_refuses() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(Refused):
        asyncio.run(TerminalNotifier("terminal", stream).send(MESSAGE))
