"""The Faust application of a part: one consumer group each, so that a slow index never holds up an alert."""

from pathlib import Path
from typing import Any

import faust
from faust.types.auth import CredentialsT
from yarl import URL

from soundings.services.settings import KafkaSettings
from soundings.streams.connection import bootstrap_servers, tls_context
from soundings.streams.recovery import OrderlyTables
from soundings.streams.topics import group_name


def make_app(part: str, instance: int, settings: KafkaSettings, folder: Path) -> faust.App:
    """The application of the part.

    `instance` numbers the workers of a part. It makes the worker a static member of its group (KIP-345), so that a
    successor with the same number takes over its partitions at once instead of after a session time-out.
    """
    return faust.App(
        group_name(settings, part),
        broker=[URL(f"kafka://{server}") for server in bootstrap_servers(settings)],
        broker_credentials=_credentials(settings),
        consumer_group_instance_id=f"{group_name(settings, part)}-{instance}",
        consumer_auto_offset_reset="earliest",
        # A hanging worker gives its partitions up after 10 s; the successor of a killed one has them sooner.
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_request_timeout=40.0,
        broker_commit_interval=1.0,
        producer_acks=-1,
        producer_linger=0.005,
        producer_max_request_size=4 * 1024 * 1024,
        key_serializer="raw",
        value_serializer="raw",
        store="memory://",
        # Nothing of worth is kept there, but Faust makes it, by default wherever the process was started.
        datadir=folder / "faust",
        TableManager=OrderlyTables,
        # Two batches: more would only lengthen what a rebalance throws away.
        stream_buffer_maxsize=4096,
        topic_disable_leader=True,
        topic_replication_factor=settings.replication,
        topic_partitions=settings.partitions,
        web_enabled=False,
        autodiscover=False,
    )


def _credentials(settings: KafkaSettings) -> CredentialsT | Any:
    if settings.username:
        password = settings.password.get_secret_value() if settings.password else ""
        return faust.SASLCredentials(
            mechanism="SCRAM-SHA-512",
            username=settings.username,
            password=password,
            ssl_context=tls_context(settings),
        )
    if settings.ca_file is not None:
        return faust.SSLCredentials(tls_context(settings))
    return None
