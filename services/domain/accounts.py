"""Who speaks for a department: departments, their accounts and their policy areas."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Platform(StrEnum):
    X = "x"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"


class Purpose(StrEnum):
    """What an account is for; a broadcast account promises no answers, an engagement account does."""

    BROADCAST = "broadcast"
    ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One departmental handle on one platform."""

    platform: Platform
    handle: str
    instance: str = ""
    native_id: str = ""
    """The platform's own id (a user id, a DID), which survives a renamed handle; empty where it is not known."""
    purpose: Purpose = Purpose.ENGAGEMENT
    policy_page: str = ""

    @property
    def key(self) -> str:
        """`x:envagency`: how posts, volumes and documents name the account; handles ignore case."""
        return account_key(self.platform, self.handle)


def account_key(platform: str, handle: str) -> str:
    return f"{platform}:{handle.lstrip('@').casefold()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyArea:
    name: str
    keywords: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    owner: str = ""
    """Where the digest goes: an e-mail address of the department."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    key: str
    """A slug of the name; the key of every topic and document of the department."""
    name: str
    timezone: str
    accounts: tuple[Account, ...]
    policy_areas: tuple[PolicyArea, ...] = ()
    alert_budget: float | None = None
    """Needless alerts a week that this department can bear; None: as the settings say."""


@dataclass(frozen=True, kw_only=True)
class AccountBook:
    """All that is configured about accounts. Invariant: an account belongs to one department."""

    departments: tuple[Department, ...]
    public_accounts: Mapping[str, str] = field(default_factory=dict)
    """Account key to name of others who may be named: public bodies, newsrooms, office holders in their office."""

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        keys: set[str] = set()
        for department in self.departments:
            if department.key in keys:
                raise ValueError(f"two departments are called {department.name!r}")
            keys.add(department.key)
            for account in department.accounts:
                if account.key in seen:
                    raise ValueError(f"{account.key} belongs to {seen[account.key]!r} and to {department.name!r}")
                seen[account.key] = department.name

    @cached_property
    def _by_key(self) -> dict[str, Department]:
        return {department.key: department for department in self.departments}

    @cached_property
    def _by_account(self) -> dict[str, tuple[Department, Account]]:
        return {a.key: (department, a) for department in self.departments for a in department.accounts}

    @cached_property
    def named(self) -> frozenset[str]:
        """Keys of all accounts that may be named in texts: our own and the public ones."""
        return frozenset(self._by_account) | frozenset(self.public_accounts)

    def department(self, key: str) -> Department | None:
        return self._by_key.get(key)

    def account(self, key: str) -> Account | None:
        """The account with the key `platform:handle`, None where it is not configured."""
        found = self._by_account.get(key)
        return found[1] if found else None

    def departments_of(self, account_keys: Iterable[str]) -> tuple[str, ...]:
        """The keys of the departments that own any of these accounts, sorted, each once."""
        return tuple(sorted({self._by_account[key][0].key for key in account_keys if key in self._by_account}))
