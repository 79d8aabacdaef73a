"""How the Kafka clients connect: one place for addresses, TLS and login."""

import ssl
from typing import Any

from soundings.services.settings import KafkaSettings, SettingsError


def client_options(settings: KafkaSettings) -> dict[str, Any]:
    """Options for every client of kafka-python.

    Raises:
        SettingsError: no broker is configured, or a login would go over a plain connection.
    """
    options: dict[str, Any] = {"bootstrap_servers": bootstrap_servers(settings)}
    tls = settings.ca_file is not None
    if settings.username:
        if not tls:
            raise SettingsError("SOUNDINGS_KAFKA__CA_FILE: needed, a password must not go over a plain connection")
        options |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.username,
            "sasl_plain_password": settings.password.get_secret_value() if settings.password else "",
        }
    if tls:
        options["ssl_context"] = tls_context(settings)
    options["security_protocol"] = ("SASL_" if settings.username else "") + ("SSL" if tls else "PLAINTEXT")
    return options


def bootstrap_servers(settings: KafkaSettings) -> list[str]:
    """Addresses of the brokers.

    Raises:
        SettingsError: none is configured.
    """
    servers = [server.strip() for server in settings.bootstrap.split(",") if server.strip()]
    if not servers:
        raise SettingsError("SOUNDINGS_KAFKA__BOOTSTRAP: no broker is configured (`soundings up` starts one)")
    return servers


def tls_context(settings: KafkaSettings) -> ssl.SSLContext:
    """TLS that verifies the broker's certificate and name against the configured authority."""
    return ssl.create_default_context(cafile=str(settings.ca_file))
