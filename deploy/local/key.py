"""The key of pseudonyms: made once, kept with the data it belongs to, never shown."""

import os
import secrets
from pathlib import Path

from soundings.deploy.local.errors import StackError
from soundings.services.folders import private

BYTES = 32
"""256 bits: nobody finds it by trying."""


def file_of(data: Path) -> Path:
    return data / "pseudonym.key"


def provide(data: Path) -> str:
    """The key in the data folder, made at the first call.

    Raises:
        StackError: others can read the file, or it holds nothing.
    """
    path = file_of(private(data))
    try:
        # Readable by the owner only from its first moment, and never written over.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept(path)
    key = secrets.token_urlsafe(BYTES)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def _kept(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise StackError(f"{path} can be read by others on this machine; chmod 600 it, or renew it and its data.")
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise StackError(f"{path} is empty: delete it if no data was collected yet, else restore it from a copy.")
    return key
