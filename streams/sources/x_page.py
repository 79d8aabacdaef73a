"""What came with posts of the X API v2: the users, posts and media that they refer to.

One form for a message of the stream (`data` is one post) and a page of search or of an archive (`data` is a list).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from soundings.services.domain.accounts import Account, AccountBook, Platform, account_key
from soundings.streams.sources.fields import items, mapping, text


class Page:
    """A payload, its parts found by their ids. A part that was not sent is None."""

    def __init__(self, payload: Mapping[str, Any], book: AccountBook, by_id: Mapping[str, Account]) -> None:
        """`by_id`: our accounts by X's user id, where that is configured."""
        self.payload = payload
        self._book = book
        self._by_id = by_id
        self._includes = mapping(payload, "includes")

    @property
    def posts(self) -> list[Mapping[str, Any]]:
        data = self.payload.get("data")
        if isinstance(data, list):
            return [post for post in data if isinstance(post, dict)]
        return [data] if isinstance(data, dict) else []

    @cached_property
    def users(self) -> dict[str, Mapping[str, Any]]:
        return {key: user for user in items(self._includes, "users") if (key := text(user, "id"))}

    @cached_property
    def included(self) -> dict[str, Mapping[str, Any]]:
        return {key: post for post in items(self._includes, "tweets") if (key := text(post, "id"))}

    @cached_property
    def media(self) -> dict[str, str]:
        """Kind by media key."""
        return {
            key: kind
            for item in items(self._includes, "media")
            if (key := text(item, "media_key")) and (kind := text(item, "type"))
        }

    def account(self, user: str | None) -> Account | None:
        """Our account with the user id."""
        if not user:
            return None
        if user in self._by_id:
            return self._by_id[user]
        name = text(self.users.get(user), "username")
        return self.named(name) if name else None

    def named(self, handle: str) -> Account | None:
        """Our account with the handle."""
        return self._book.account(account_key(Platform.X, handle))

    def public(self, user: str) -> str | None:
        """Key of the public account with the user id."""
        name = text(self.users.get(user), "username")
        key = account_key(Platform.X, name) if name else None
        return key if key in self._book.public_accounts else None
