"""Which servers a command talks to: the configured ones, else those that `soundings up` started here."""

from pathlib import Path

from soundings.deploy.local import key
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.state import read_state
from soundings.services.settings import ElasticsearchSettings, Settings, SettingsError, load


def target(accounts: Path | None = None) -> Settings:
    """Settings with addresses, accounts and pseudonym key filled in from the running stack where they are not set.

    Raises:
        SettingsError: no server is configured and nothing is up, or a setting is wrong.
    """
    return target_of(load(**({"accounts": accounts} if accounts else {})))


def elasticsearch_of(settings: Settings) -> ElasticsearchSettings:
    """The configured Elasticsearch, else that of the running stack, else as it is: not configured."""
    up = read_state(settings.state)
    if settings.elasticsearch.url or up is None:
        return settings.elasticsearch
    return settings.elasticsearch.model_copy(update={"url": up.elasticsearch})


def target_of(settings: Settings) -> Settings:
    """The same for settings that are loaded already."""
    up = read_state(settings.state)
    if up is None and not (settings.kafka.bootstrap and settings.elasticsearch.url):
        raise SettingsError(
            "Soundings is not up on this machine (`soundings up` starts it), "
            "and SOUNDINGS_KAFKA__BOOTSTRAP and SOUNDINGS_ELASTICSEARCH__URL name no other servers"
        )
    changes: dict[str, object] = {}
    if up is not None:
        changes["kafka"] = settings.kafka.model_copy(update={"bootstrap": settings.kafka.bootstrap or up.kafka})
        url = settings.elasticsearch.url or up.elasticsearch
        changes["elasticsearch"] = settings.elasticsearch.model_copy(update={"url": url})
        if settings.accounts is None and up.accounts:
            changes["accounts"] = Path(up.accounts)
    if settings.privacy.pseudonym_key is None and key.file_of(settings.data_dir).exists():
        changes["privacy"] = settings.privacy.model_copy(update={"pseudonym_key": _secret(settings)})
    return settings.model_copy(update=changes)


def _secret(settings: Settings) -> object:
    from pydantic import SecretStr

    try:
        return SecretStr(key.provide(settings.data_dir))
    except StackError as error:
        raise SettingsError(str(error)) from None
