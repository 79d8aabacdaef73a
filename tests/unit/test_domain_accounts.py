"""Accounts: an account belongs to one department, and is found whatever the case of its handle."""

import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform, account_key


def department(key: str, *handles: str) -> Department:
    accounts = tuple(Account(platform=Platform.X, handle=handle) for handle in handles)
    return Department(key=key, name=key.title(), timezone="Europe/London", accounts=accounts)


BOOK = AccountBook(
    departments=(department("one", "First", "Second"), department("two", "Third")),
    public_accounts={"x:gazette": "The Gazette"},
)


def test_a_key_ignores_case_and_the_sign() -> None:
    assert account_key("x", "@First") == account_key("x", "FIRST") == "x:first"


def test_accounts_and_departments_are_found_by_their_keys() -> None:
    assert BOOK.department("two") is BOOK.departments[1]
    assert BOOK.department("three") is None
    assert BOOK.account("x:second") is BOOK.departments[0].accounts[1]
    assert BOOK.account("x:gazette") is None


def test_departments_of_accounts_are_sorted_and_each_there_once() -> None:
    assert BOOK.departments_of(["x:third", "x:second", "x:first", "x:nobody"]) == ("one", "two")
    assert BOOK.departments_of([]) == ()


def test_ours_and_the_public_ones_may_be_named() -> None:
    assert BOOK.named == {"x:first", "x:second", "x:third", "x:gazette"}


def test_an_account_of_two_departments_is_refused() -> None:
    with pytest.raises(ValueError, match="x:shared belongs to 'One' and to 'Two'"):
        AccountBook(departments=(department("one", "Shared"), department("two", "SHARED")))


def test_two_departments_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="two departments are called 'One'"):
        AccountBook(departments=(department("one", "a"), department("one", "b")))
