"""Access tokens: asked for by the name of their setting, and never sent where others can read them."""

from urllib.parse import urlsplit

from pydantic import SecretStr

from soundings.services.settings import SettingsError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def token(value: SecretStr | None, setting: str, url: str, url_setting: str) -> str:
    """The token.

    Raises:
        SettingsError: there is none, or it would go over a connection that others can read.
    """
    secret = value.get_secret_value().strip() if value else ""
    if not secret:
        raise SettingsError(f"{setting}: needed to listen (environment, or a file in SOUNDINGS_SECRETS_DIR)")
    address = urlsplit(url)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        raise SettingsError(f"{url_setting}: must be https, the token must not go over a plain connection")
    return secret
