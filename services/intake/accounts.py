"""Reads the file of departments, their accounts and policy areas (docs/accounts.md describes its form)."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from soundings.services.domain.accounts import (
    Account,
    AccountBook,
    Department,
    Platform,
    PolicyArea,
    Purpose,
    account_key,
)
from soundings.services.settings import SettingsError

FIELDS = {
    "": {"department", "public_account"},
    "department": {"key", "name", "timezone", "account", "policy_area", "alert_budget"},
    "account": {"platform", "handle", "instance", "native_id", "purpose", "policy_page"},
    "policy_area": {"name", "keywords", "accounts", "owner"},
    "public_account": {"platform", "handle", "name", "instance", "native_id"},
}


def load_accounts(path: Path | None) -> AccountBook:
    """The accounts of the file.

    Raises:
        SettingsError: the file is missing, does not parse, or contradicts itself; the message says where.
    """
    if path is None:
        raise SettingsError("SOUNDINGS_ACCOUNTS: name the file of departments, or give --accounts FILE.toml")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"accounts file {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"accounts file {path}: {error}") from None
    try:
        return parse_accounts(content)
    except ValueError as error:
        raise SettingsError(f"accounts file {path}: {error}") from None


def parse_accounts(content: Mapping[str, Any]) -> AccountBook:
    """The accounts of a parsed file.

    Raises:
        ValueError: saying what is wrong in which department.
    """
    _refuse_unknown("", content)
    departments = tuple(_department(entry) for entry in _tables(content, "department"))
    if not departments:
        raise ValueError("holds no [[department]]")
    public = {
        account_key(_platform(entry), _text(entry, "handle")): _text(entry, "name")
        for entry in _tables(content, "public_account")
        if not _refuse_unknown("public_account", entry)
    }
    return AccountBook(departments=departments, public_accounts=public)


def slug(name: str) -> str:
    """`Department for Example Affairs` → `department-for-example-affairs`."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.casefold()).strip("-")


def _department(entry: Mapping[str, Any]) -> Department:
    _refuse_unknown("department", entry)
    name = _text(entry, "name")
    timezone = entry.get("timezone", "Europe/London")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise ValueError(f"department {name!r}: {timezone!r} is no time zone") from None
    accounts = tuple(_account(account, name) for account in _tables(entry, "account"))
    if not accounts:
        raise ValueError(f"department {name!r} has no [[department.account]]")
    key = str(entry.get("key", slug(name)))
    if slug(key) != key or not key:
        raise ValueError(f"department {name!r}: key {key!r} must be lower-case letters, digits and hyphens")
    return Department(
        key=key,
        name=name,
        timezone=timezone,
        accounts=accounts,
        policy_areas=tuple(_area(area, name) for area in _tables(entry, "policy_area")),
        alert_budget=_budget(entry, name),
    )


def _budget(entry: Mapping[str, Any], department: str) -> float | None:
    value = entry.get("alert_budget")
    if value is None:
        return None
    # The bounds of the setting: beyond them the threshold follows no department's past any more.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.05 <= value <= 7:
        raise ValueError(f"department {department!r}: alert_budget must be needless alerts a week, from 0.05 to 7")
    return float(value)


def _account(entry: Mapping[str, Any], department: str) -> Account:
    _refuse_unknown("account", entry, department)
    purpose = entry.get("purpose", Purpose.ENGAGEMENT)
    if purpose not in list(Purpose):
        raise ValueError(f"department {department!r}: purpose {purpose!r} is none of {', '.join(Purpose)}")
    return Account(
        platform=_platform(entry),
        handle=_text(entry, "handle").lstrip("@"),
        instance=str(entry.get("instance", "")),
        native_id=str(entry.get("native_id", "")),
        purpose=Purpose(purpose),
        policy_page=str(entry.get("policy_page", "")),
    )


def _area(entry: Mapping[str, Any], department: str) -> PolicyArea:
    _refuse_unknown("policy_area", entry, department)
    return PolicyArea(
        name=_text(entry, "name"),
        keywords=_words(entry, "keywords", department),
        accounts=_words(entry, "accounts", department),
        owner=str(entry.get("owner", "")),
    )


def _platform(entry: Mapping[str, Any]) -> Platform:
    value = entry.get("platform", "x")
    if value not in list(Platform):
        raise ValueError(f"platform {value!r} is none of {', '.join(Platform)}")
    return Platform(value)


def _text(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{field!r} is missing in {dict(entry)!r}")
    return value.strip()


def _words(entry: Mapping[str, Any], field: str, department: str) -> tuple[str, ...]:
    words = entry.get(field, [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"department {department!r}: {field!r} must be a list of words")
    return tuple(words)


def _tables(entry: Mapping[str, Any], field: str) -> Sequence[Mapping[str, Any]]:
    tables = entry.get(field, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError(f"{field!r} must be written as [[{field}]]")
    return tables


def _refuse_unknown(kind: str, entry: Mapping[str, Any], where: str = "") -> bool:
    unknown = sorted(set(entry) - FIELDS[kind])
    if unknown:
        raise ValueError(f"{kind or 'the file'} {where}: unknown {', '.join(unknown)}")
    return False
