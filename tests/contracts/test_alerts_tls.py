"""Channels over TLS: a certificate that is not trusted, or is for another name, gets nothing."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from soundings.services.alerts.mail import EmailNotifier
from soundings.services.alerts.message import Message
from soundings.services.alerts.notifier import Refused
from soundings.services.alerts.webhook import WebhookNotifier
from soundings.services.settings import SmtpSettings

MESSAGE = Message(id="a/opened", subject="SERIOUS", text="text", html="<p>text</p>")


@dataclass(frozen=True)
class Certificate:
    pem: Path
    """Certificate and key; the certificate is its own authority."""

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        return context


def certificate(folder: Path, name: str) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return Certificate(pem)


class Mailbox:
    def __init__(self) -> None:
        self.received = 0

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        self.received += 1
        return "250 OK"


@pytest.fixture(scope="module", params=["localhost", "elsewhere.example"])
def named(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Certificate]:
    return request.param, certificate(tmp_path_factory.mktemp("tls"), request.param)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_mail_goes_only_to_a_server_with_a_trusted_certificate_of_its_name(named: tuple[str, Certificate]) -> None:
    name, held = named
    mailbox = Mailbox()
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=free_port(), tls_context=held.server(), require_starttls=True
    )
    controller.start()

    def send(ca_file: Path | None) -> None:
        smtp = SmtpSettings(host="localhost", port=controller.port, sender="s@example.gov.uk", ca_file=ca_file)
        asyncio.run(EmailNotifier("mail", ("a@example.gov.uk",), smtp).send(MESSAGE))

    try:
        with pytest.raises(Refused, match="not trusted"):
            send(None)
        if name == "localhost":
            send(held.pem)
        else:
            with pytest.raises(Refused, match="not trusted"):
                send(held.pem)
        assert mailbox.received == (1 if name == "localhost" else 0)
    finally:
        controller.stop()


class Receiver(BaseHTTPRequestHandler):
    names: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.names.append(self.headers["Host"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def receiver(named: tuple[str, Certificate]) -> Iterator[tuple[str, list[str]]]:
    class Own(Receiver):
        names: list[str] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.socket = named[1].server().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}/in", Own.names
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_goes_to_the_checked_address_under_the_name_of_the_certificate(
    named: tuple[str, Certificate], receiver: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, names = receiver
    notifier = WebhookNotifier("hook", url, "a secret for tests", allow_private=True)
    with pytest.raises(Refused, match="not trusted"):
        asyncio.run(notifier.send(MESSAGE))
    monkeypatch.setenv("SSL_CERT_FILE", str(named[1].pem))
    if named[0] == "localhost":
        asyncio.run(notifier.send(MESSAGE))
        assert names == [url.removeprefix("https://").partition("/")[0]]
        assert not names[0].startswith(str(ipaddress.IPv4Address("127.0.0.1")))
    else:
        with pytest.raises(Refused, match="not trusted"):
            asyncio.run(notifier.send(MESSAGE))
        assert names == []
