"""What is wrong with a file of accounts: every mistake at once, each with its place and what to do. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from soundings.services.domain.accounts import Platform, Purpose, account_key
from soundings.services.intake.account_words import COMMON
from soundings.services.intake.accounts import FIELDS, parse_accounts, slug

Table = Mapping[str, Any]

SHORTEST = 3
"""Characters of a keyword: with two, one begins in every other post."""

_OWNER = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+\S*")
_HANDLES = {
    # As the platforms allow them; Bluesky's are domain names, Mastodon's may name their host.
    Platform.X: (re.compile(r"\w{1,15}"), "letters, digits and _ only, 15 at most"),
    Platform.BLUESKY: (re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}"), "a domain name, such as affairs.example.gov.uk"),
    Platform.MASTODON: (re.compile(r"\w(?:[\w.-]*\w)?(?:@[\w.-]+)?"), "NAME or NAME@host"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    where: str
    """`department 'Example Affairs', account 2 (x:exampleaffairs)`."""
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.do}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An account, public or of a department, where it stands in the file."""

    where: str
    department: str
    """Its name; empty for a public account."""
    key: str


def findings(content: Table) -> tuple[Finding, ...]:
    """Everything that is wrong with a parsed file, in the order of the file; nothing: it can be used."""
    found = [*_unknown("", content, "the file")]
    places: list[Place] = []
    departments = _tables(content, "department")
    if not departments:
        found.append(_finding("the file", "holds no [[department]]", "Add one (docs/accounts.md)"))
    for number, entry in enumerate(departments, 1):
        where = f"department {entry.get('name') or number!r}"
        found += _department(entry, where)
        found += _accounts(entry, where, places)
    found += _public(content, places)
    found += _twice(places)
    found += _same_names(departments)
    ours = {place.key: place.department for place in places if place.department}
    for entry in departments:
        found += _areas(entry, ours)
    return tuple(found) or _whatever_else(content)


def _whatever_else(content: Table) -> tuple[Finding, ...]:
    """What only the reading itself finds."""
    try:
        parse_accounts(content)
    except ValueError as error:
        return (_finding("the file", str(error), "Correct it (docs/accounts.md)"),)
    return ()


def _department(entry: Table, where: str) -> Iterator[Finding]:
    yield from _unknown("department", entry, where)
    if not _text(entry, "name"):
        yield _finding(where, "has no name", "Give it the name that readers know")
    zone = entry.get("timezone", "Europe/London")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        yield _finding(where, f"timezone {zone!r} does not exist", "Name one of the IANA database, as Europe/London")
    key = entry.get("key", slug(_text(entry, "name")))
    if not isinstance(key, str) or not key or slug(key) != key:
        yield _finding(where, f"key {key!r} cannot be used", "Write lower-case letters, digits and hyphens")
    if not _tables(entry, "account"):
        yield _finding(where, "has no account", "Add a [[department.account]], or remove the department")


def _accounts(entry: Table, where: str, places: list[Place]) -> Iterator[Finding]:
    for number, account in enumerate(_tables(entry, "account"), 1):
        key, wrong = _key(account)
        here = f"{where}, account {number}" + (f" ({key})" if key else "")
        yield from _unknown("account", account, here)
        if wrong:
            yield _finding(here, *wrong)
        elif key:
            places.append(Place(where=here, department=_text(entry, "name") or where, key=key))
        purpose = account.get("purpose", Purpose.ENGAGEMENT)
        if purpose not in list(Purpose):
            yield _finding(here, f"purpose {purpose!r} is unknown", f"Write one of {', '.join(Purpose)}")
        page = account.get("policy_page", "")
        if page and not _ADDRESS.fullmatch(str(page)):
            yield _finding(here, f"policy_page {page!r} is no address", "Write it with https://, or leave it out")


def _public(content: Table, places: list[Place]) -> Iterator[Finding]:
    for number, account in enumerate(_tables(content, "public_account"), 1):
        key, wrong = _key(account)
        here = f"public account {number}" + (f" ({key})" if key else "")
        yield from _unknown("public_account", account, here)
        if wrong:
            yield _finding(here, *wrong)
        elif key:
            places.append(Place(where=here, department="", key=key))
        if not _text(account, "name"):
            yield _finding(here, "has no name", "Write who it is: it stands in digests in the place of a pseudonym")


def _twice(places: list[Place]) -> Iterator[Finding]:
    first: dict[str, Place] = {}
    for place in places:
        before = first.setdefault(place.key, place)
        if before is place:
            continue
        if not place.department and before.department:
            what, do = (
                f"is an account of {before.department!r} too",
                "Remove it here: our own are named anyway",
            )
        elif place.department != before.department:
            what, do = f"is an account of {before.department!r} too", "An account belongs to one department: remove one"
        else:
            what, do = f"stands there already, as {before.where}", "Remove one; case does not matter in a handle"
        yield _finding(place.where, what, do)


def _same_names(departments: list[Table]) -> Iterator[Finding]:
    seen: set[str] = set()
    for entry in departments:
        key = str(entry.get("key", slug(_text(entry, "name"))))
        if key in seen and key:
            yield _finding(f"department {key!r}", "stands there twice", "Put all its accounts under one [[department]]")
        seen.add(key)


def _areas(entry: Table, ours: Mapping[str, str]) -> Iterator[Finding]:
    department = _text(entry, "name")
    names: set[str] = set()
    for number, area in enumerate(_tables(entry, "policy_area"), 1):
        name = _text(area, "name")
        here = f"department {department!r}, policy area {name or number!r}"
        yield from _unknown("policy_area", area, here)
        if not name:
            yield _finding(here, "has no name", "Digests are asked for by it")
        elif name.casefold() in names:
            yield _finding(here, "stands there twice", "Put keywords and accounts under one of them")
        names.add(name.casefold())
        yield from _owner(area, here)
        yield from _finds(area, here)
        for account in _list(area, "accounts"):
            yield from _area_account(account, here, department, ours)


def _owner(area: Table, here: str) -> Iterator[Finding]:
    owner = _text(area, "owner")
    if not owner:
        yield _finding(here, "has no owner", "Name the address that the weekly digest goes to")
    elif not _OWNER.fullmatch(owner):
        yield _finding(here, f"owner {owner!r} is no e-mail address", "Name the address that the digest goes to")


def _finds(area: Table, here: str) -> Iterator[Finding]:
    keywords = _list(area, "keywords")
    for word in keywords:
        plain = word.strip().lstrip("#@").casefold()
        if not plain:
            yield _finding(here, "has an empty keyword", "Remove it")
        elif len(plain) < SHORTEST or any(common.startswith(plain) for common in COMMON):
            what = f"keyword {word!r} would find nearly every post: it finds each word that begins so"
            yield _finding(here, what, "Write a longer word, or two together")
    if not keywords and not _list(area, "accounts"):
        yield _finding(here, "has neither keywords nor accounts, so no post can be about it", "Add some")


def _area_account(account: str, here: str, department: str, ours: Mapping[str, str]) -> Iterator[Finding]:
    wanted = account.lstrip("@").casefold()
    owners = {name for key, name in ours.items() if wanted in (key, key.partition(":")[2])}
    if not owners:
        yield _finding(here, f"account {account!r} is nobody's", "Correct it, or add it as a [[department.account]]")
    elif department not in owners:
        yield _finding(here, f"account {account!r} is another department's ({min(owners)})", "Name one of its own")


def _key(account: Table) -> tuple[str, tuple[str, str] | None]:
    """Key of an account, and what is wrong with it (what, what to do)."""
    platform, handle = account.get("platform", "x"), _text(account, "handle").lstrip("@")
    if platform not in list(Platform):
        return "", (f"platform {platform!r} is unknown", f"Write one of {', '.join(Platform)}")
    if not handle:
        return "", ("has no handle", "Write the handle, with or without @")
    form, words = _HANDLES[Platform(platform)]
    key = account_key(platform, handle)
    if not form.fullmatch(handle.casefold()):
        return key, (f"{handle!r} is no handle of this platform", f"There it is {words}")
    return key, None


def _unknown(kind: str, entry: Table, where: str) -> Iterator[Finding]:
    for name in sorted(set(entry) - FIELDS[kind]):
        known = ", ".join(sorted(FIELDS[kind]))
        yield _finding(where, f"field {name!r} is unknown", f"Known are {known}")


def _finding(where: str, what: str, do: str) -> Finding:
    return Finding(where=where, what=what, do=do)


def _text(entry: Table, field: str) -> str:
    value = entry.get(field, "")
    return value.strip() if isinstance(value, str) else ""


def _list(entry: Table, field: str) -> list[str]:
    value = entry.get(field, [])
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _tables(entry: Table, field: str) -> list[Table]:
    value = entry.get(field, [])
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
