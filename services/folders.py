"""Folders of what the public wrote, and of what was logged about it."""

from pathlib import Path


def private(folder: Path) -> Path:
    """The folder, made if it is absent, so that only its owner can look into it.

    One that is there keeps its rights: somebody may have opened it to a group with purpose. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
