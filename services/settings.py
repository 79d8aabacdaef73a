"""Every setting: its default, its form and its meaning. Read once at the start, shown masked.

Sources, the first that has a value wins: environment (`SOUNDINGS_KAFKA__BOOTSTRAP`), a secrets folder
(`SOUNDINGS_SECRETS_DIR`, one file a setting, as Docker and Kubernetes mount them; several with a colon between),
`soundings.toml` in the folder named by `SOUNDINGS_CONFIG` or in the user's configuration folder, the default here.
"""

import os
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError as NoJson

APP = "soundings"

REMOVED: dict[str, str] = {}
"""Settings that are gone, and what replaced each: naming one stops the start with this hint."""


class SettingsError(Exception):
    """A setting is wrong; the message names each, and nothing was started."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KafkaSettings(Section):
    """Where Kafka is, and how topics are made there."""

    bootstrap: Annotated[str, Field(description="Where the brokers are: host:port, comma-separated")] = ""
    partitions: Annotated[int, Field(ge=1, le=512, description="Partitions of a keyed topic; fixed at first start")] = 4
    prefix: Annotated[
        str,
        Field(pattern=r"^([a-z0-9-]+[.-])?$", description="First part of topic and group names"),
    ] = ""
    replication: Annotated[int, Field(ge=1, le=7, description="Copies of each record; 3 on a real cluster")] = 1
    username: Annotated[str, Field(description="SASL user name (SCRAM-SHA-512 over TLS); empty: no login")] = ""
    password: Annotated[SecretStr | None, Field(description="SASL password")] = None
    ca_file: Annotated[Path | None, Field(description="Certificate authority; setting it turns TLS on")] = None


class StackSettings(Section):
    """The embedded Kafka and Elasticsearch of `soundings up`; without meaning where external servers are named."""

    kafka_port: Annotated[int, Field(ge=0, le=65535, description="0: 9092 if it is free, else any free port")] = 0
    controller_port: Annotated[int, Field(ge=0, le=65535, description="Kafka's own; 0: 9093 or any free port")] = 0
    elasticsearch_port: Annotated[int, Field(ge=0, le=65535, description="0: 9200 or any free port")] = 0
    transport_port: Annotated[int, Field(ge=0, le=65535, description="Elasticsearch's own; 0: 9300 or any free")] = 0
    kafka_heap: Annotated[str, Field(pattern=r"^[1-9][0-9]*[mg]$", description="Most memory of its heap")] = "512m"
    elasticsearch_heap: Annotated[str, Field(pattern=r"^[1-9][0-9]*[mg]$", description="Likewise")] = "1g"
    maven: Annotated[str, Field(description="Base address of a Maven mirror to get the jars from")] = ""


class ElasticsearchSettings(Section):
    """Where the index is."""

    url: Annotated[str, Field(description="Base address; https outside of loopback")] = ""
    api_key: Annotated[SecretStr | None, Field(description="API key")] = None
    ca_file: Annotated[Path | None, Field(description="Certificate authority of the server")] = None
    prefix: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", description="First part of index names")] = "soundings"


class HealthSettings(Section):
    """Where a worker answers /health and /metrics."""

    host: Annotated[str, Field(description="Address to listen at; another than loopback in containers only")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Field(ge=0, le=65535, description="0: any free port")] = 0


class PrivacySettings(Section):
    """What protects the people who post: pseudonyms, and how long what they said is kept."""

    pseudonym_key: Annotated[
        SecretStr | None,
        Field(description="Secret that pseudonyms are made from; `soundings up` makes and keeps one"),
    ] = None
    text_days: Annotated[int, Field(ge=1, le=3650, description="Days that text and pseudonyms are kept")] = 90
    counts_days: Annotated[int, Field(ge=1, le=36500, description="Days that counts are kept")] = 730


class SmtpSettings(Section):
    """The mail server, for alerts and digests."""

    host: Annotated[str, Field(description="Mail server; empty: no e-mail")] = ""
    port: Annotated[int, Field(ge=1, le=65535, description="Its port; 465 speaks TLS at once, others STARTTLS")] = 587
    username: Annotated[str, Field(description="Login; empty: none")] = ""
    password: Annotated[SecretStr | None, Field(description="Its password")] = None
    sender: Annotated[str, Field(description="From address")] = ""
    tls: Annotated[bool, Field(description="Off only for a server on this machine")] = True
    ca_file: Annotated[Path | None, Field(description="Certificate authority, if it is not a public one")] = None


class ChannelSettings(Section):
    """One way to the press office."""

    kind: Annotated[str, Field(pattern="^(terminal|email|webhook)$", description="terminal, email or webhook")]
    name: Annotated[str, Field(description="How the channel is called in records and in 'who else was told'")]
    to: Annotated[tuple[str, ...], Field(description="E-mail: addresses")] = ()
    url: Annotated[str, Field(description="Webhook: address (https)")] = ""
    secret: Annotated[SecretStr | None, Field(description="Webhook: key of the signature")] = None
    allow_private: Annotated[bool, Field(description="Webhook: may reach a private or loopback address")] = False
    departments: Annotated[tuple[str, ...], Field(description="Only these departments' keys; empty: all")] = ()
    min_severity: Annotated[
        str, Field(pattern="^(notable|serious|critical)$", description="Storms below it are not told here")
    ] = "serious"
    urgent: Annotated[bool, Field(description="Gets posts about a risk to life or threats to staff, one by one")] = True
    rehearsal: Annotated[bool, Field(description="Also gets replays and exercises, headed EXERCISE")] = False


class AlertSettings(Section):
    """Who is told."""

    channels: Annotated[tuple[ChannelSettings, ...], Field(description="Every way to the press office")] = (
        ChannelSettings(kind="terminal", name="terminal", rehearsal=True),
    )
    desk_url: Annotated[str, Field(description="Base address of evidence links (Grafana or the desk)")] = ""
    budget: Annotated[
        float, Field(ge=0.05, le=7, description="Needless alerts a week that are bearable; 0.5 is one in two weeks")
    ] = 0.5
    urgent_a_minute: Annotated[
        int, Field(ge=1, le=60, description="Urgent posts told one by one to a channel; more go together in a message")
    ] = 3


class XSettings(Section):
    """The API of X; a source of it needs a token."""

    bearer_token: Annotated[SecretStr | None, Field(description="App-only token of the X API v2")] = None
    url: Annotated[str, Field(description="Base address of the API")] = "https://api.x.com"
    rules: Annotated[int, Field(ge=1, description="Most rules of the filtered stream that the plan allows")] = 1000
    rule_length: Annotated[int, Field(ge=256, le=4096, description="Most characters of a rule: 1024 on most plans")] = (
        1024
    )
    query_length: Annotated[int, Field(ge=256, le=4096, description="Most characters of a search query")] = 512
    search: Annotated[bool, Field(description="Fill gaps by recent search (seven days back)")] = True
    backfill_minutes: Annotated[int, Field(ge=0, le=5, description="Ask the stream itself for them; 0: not")] = 0
    compliance: Annotated[bool, Field(description="Listen to the compliance streams, where the plan has them")] = False
    compliance_hours: Annotated[
        int, Field(ge=0, description="Without them: hours between batch jobs that ask what is gone; 0: never")
    ] = 12
    country: Annotated[str, Field(pattern="^[A-Z]{2}$", description="What is withheld there is redacted")] = "GB"


class BlueskySettings(Section):
    """Needs no account and no key."""

    url: Annotated[str, Field(description="A Jetstream: its /xrpc, or /subscribe of the older protocol")] = (
        "wss://jetstream.us-east.bsky.network/xrpc"
    )
    resolver: Annotated[str, Field(description="Where handles are turned into DIDs")] = "https://public.api.bsky.app"
    compress: Annotated[bool, Field(description="Ask for zstd, which the newer protocol offers")] = True


class MastodonSettings(Section):
    """One instance, one process; a second one is run with other settings."""

    url: Annotated[str, Field(description="Base address of the instance, e.g. https://mastodon.example")] = ""
    token: Annotated[SecretStr | None, Field(description="Access token with the scope read")] = None
    stream: Annotated[
        str,
        Field(
            pattern="^(user|public|public:local|hashtag)$",
            description="user: what reaches the token's account; the others are searched for mentions",
        ),
    ] = "user"
    account: Annotated[str, Field(description="Handle that the token belongs to; with stream user")] = ""
    hashtag: Annotated[str, Field(description="With stream hashtag, without the #")] = ""


class ThemeSettings(Section):
    """How themes are found."""

    encoder: Annotated[
        str,
        Field(
            pattern="^(static|words)$",
            description="static: words and static embeddings; words: words only, where people do not write English",
        ),
    ] = "static"


class GrafanaSettings(Section):
    """Where `soundings dashboards push` sends them."""

    url: Annotated[str, Field(description="Base address; empty: nothing is pushed")] = ""
    token: Annotated[SecretStr | None, Field(description="Token of a service account that may edit dashboards")] = None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="SOUNDINGS_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    accounts: Annotated[Path | None, Field(description="TOML of departments, accounts and policy areas")] = None
    data_dir: Annotated[Path, Field(description="Folder of the embedded stack's data")] = user_data_path(APP)
    state: Annotated[Path, Field(description="Folder of process ids, ports and logs")] = user_state_path(APP)
    cache: Annotated[Path, Field(description="Folder of downloaded jars")] = user_cache_path(APP)
    kafka: KafkaSettings = KafkaSettings()
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    stack: StackSettings = StackSettings()
    health: HealthSettings = HealthSettings()
    privacy: PrivacySettings = PrivacySettings()
    smtp: SmtpSettings = SmtpSettings()
    alerts: AlertSettings = AlertSettings()
    themes: ThemeSettings = ThemeSettings()
    grafana: GrafanaSettings = GrafanaSettings()
    x: XSettings = XSettings()
    bluesky: BlueskySettings = BlueskySettings()
    mastodon: MastodonSettings = MastodonSettings()

    def pseudonym_key(self) -> str:
        """The secret that pseudonyms are made from.

        Raises:
            SettingsError: there is none, or it is too short to resist guessing.
        """
        secret = self.privacy.pseudonym_key.get_secret_value() if self.privacy.pseudonym_key else ""
        if len(secret) < 16:
            raise SettingsError("SOUNDINGS_PRIVACY__PSEUDONYM_KEY: needs a secret of 16 characters or more")
        return secret

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings]
        if secrets := os.environ.get("SOUNDINGS_SECRETS_DIR"):
            sources.append(NestedSecretsSettingsSource(file_secret_settings, secrets_dir=secrets.split(os.pathsep)))
        sources.append(TomlConfigSettingsSource(settings_cls, config_file()))
        return tuple(sources)


def config_file() -> Path:
    folder = os.environ.get("SOUNDINGS_CONFIG")
    return (Path(folder) if folder else user_config_path(APP)) / "soundings.toml"


def load(**overrides: Any) -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: naming every setting that is wrong, and where.
    """
    removed = [name for name in REMOVED if name in os.environ]
    if removed:
        raise SettingsError("\n".join(f"{name} is gone: {REMOVED[name]}" for name in removed))
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = (
            f"{'SOUNDINGS_' + '__'.join(str(part).upper() for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False)
        )
        raise SettingsError("\n".join(lines)) from None
    except NoJson as error:  # its message names the section and the source, not the setting
        given = ", ".join(sorted(name for name in os.environ if name.startswith("SOUNDINGS_") and "__" in name))
        raise SettingsError(f"{error}: a list is written as JSON. Set are {given}") from None
    except ValueError as error:  # TOML that does not parse
        raise SettingsError(f"{config_file()}: {error}") from None


def shown(settings: BaseModel) -> dict[str, Any]:
    """The settings for a log: secrets masked, defaults included."""
    return settings.model_dump(mode="json")
