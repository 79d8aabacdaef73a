"""docs/settings.md has a row for each setting: its name in the environment, its default, its meaning."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from soundings.services.settings import ChannelSettings, Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
FOLDERS = {"data_dir", "state", "cache"}
"""Their defaults are the user's own folders, another one on each system."""


def rows(model: type[BaseModel], name: str) -> Iterator[str]:
    for field, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from rows(info.annotation, f"{name}{field.upper()}__")
        else:
            yield f"| `{name}{field.upper()}` | {default(field, info)} | {info.description or ''} |"


def channel_rows() -> Iterator[str]:
    for field, info in ChannelSettings.model_fields.items():
        yield f"| `{field}` | {default(field, info)} | {info.description or ''} |"


def default(field: str, info: FieldInfo) -> str:
    if field in FOLDERS:
        return "of the user"
    if field == "channels":
        return "the terminal"
    if info.is_required():
        return "needed"
    if SecretStr in (info.annotation, *get_args(info.annotation)):
        return "secret"
    value = info.default
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`" if value not in ("", None, ()) else ""


@pytest.mark.parametrize("row", [*rows(Settings, "SOUNDINGS_"), *channel_rows()])
def test_every_setting_has_its_row(row: str) -> None:
    """A setting that is not in the page, or has another default there, is one that nobody finds."""
    assert row in PAGE, f"paste this row into docs/settings.md:\n{row}"


def test_no_row_names_a_setting_that_is_gone() -> None:
    """A name in the page that is no setting would stop the start of whoever copies it."""
    known = {*rows(Settings, "SOUNDINGS_"), *channel_rows()}
    assert [line for line in PAGE.splitlines() if line.startswith("| `") and line not in known] == []
