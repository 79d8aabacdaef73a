"""Rules of X's filtered stream, and queries of its search, from the configured accounts. Pure.

Operators: https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule. A quote is found by the address it
links to, since the quoted post's author need not be named in it; both names of the site are in use.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from soundings.services.domain.accounts import AccountBook, Platform

TAG = "soundings"
"""Rules with this tag are ours to change; others on the same application are left alone."""

_OR = " OR "


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    value: str
    id: str = ""
    """As X knows it; empty for one that is only wanted."""
    tag: str = TAG


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What to do so that X has the rules that are wanted."""

    add: tuple[Rule, ...]
    delete: tuple[Rule, ...]


class RulesTooLong(ValueError):
    """The accounts do not fit into the plan's rules; the message says which limit to look at."""


def handles(book: AccountBook) -> list[str]:
    """Our handles on X, sorted, each once."""
    accounts = (account for department in book.departments for account in department.accounts)
    return sorted({account.handle.lower() for account in accounts if account.platform is Platform.X})


def clause(handle: str) -> str:
    """What matches a handle: who names it, answers it, reposts it, quotes it, and what it says itself."""
    return _OR.join(
        (
            f"@{handle}",
            f"from:{handle}",
            f"to:{handle}",
            f"retweets_of:{handle}",
            f'url:"x.com/{handle}/status"',
            f'url:"twitter.com/{handle}/status"',
        )
    )


def packed(names: Iterable[str], longest: int) -> list[str]:
    """As few values as possible of at most `longest` characters, in the order of the names.

    Raises:
        RulesTooLong: one handle alone does not fit.
    """
    values: list[str] = []
    for name in names:
        one = clause(name)
        if len(one) > longest:
            raise RulesTooLong(f"a rule for one account has {len(one)} characters, the plan allows {longest}")
        if values and len(values[-1]) + len(_OR) + len(one) <= longest:
            values[-1] += _OR + one
        else:
            values.append(one)
    return values


def wanted_rules(book: AccountBook, *, longest: int, most: int) -> tuple[Rule, ...]:
    """The rules for the accounts.

    Raises:
        RulesTooLong: they do not fit.
    """
    values = packed(handles(book), longest)
    if len(values) > most:
        raise RulesTooLong(f"{len(values)} rules of {longest} characters are needed, the plan allows {most}")
    return tuple(Rule(value=value) for value in values)


def changed(wanted: Sequence[Rule], present: Sequence[Rule]) -> RuleChange:
    """The difference. Rules of others are left alone, but one of theirs that says the same is as good as ours."""
    there = {rule.value for rule in present}
    values = {rule.value for rule in wanted}
    return RuleChange(
        add=tuple(rule for rule in wanted if rule.value not in there),
        delete=tuple(rule for rule in present if rule.tag == TAG and rule.value not in values),
    )
