"""What a source remembers of the posts it delivered, so that it recognises what is taken back.

A platform tells of every deletion on it, by an id or by an author. Only those of posts that we hold concern us, and to
know them without holding anybody's name the source keeps, for each post: its id, a keyed hash of its author, its
accounts. One line a post in a file of its own; no text, no pseudonym, nothing that the index holds.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    day: date
    author: str
    """Keyed hash that lasts (`Pseudonyms.lasting`)."""
    accounts: tuple[str, ...]
    """Keys of the accounts that the post addressed."""
    at: datetime | None = None
    """The post's time, where an edit does not tell it again."""


class KnownPosts:
    """By post id. Lasts in `path` if there is one; one source, one process, one file."""

    def __init__(self, path: Path | None, today: date, kept: timedelta) -> None:
        """Reads the file and drops from it what is older than `kept` (the text is gone by then).

        Raises:
            OSError: the folder cannot be written to.
        """
        self._posts: dict[str, Known] = {}
        self._by_author: dict[str, set[str]] = {}
        self._path = path
        self._kept = kept
        self._swept = today
        if path is not None:
            self._read(path, today - kept)
            self._rewrite(path)

    def __contains__(self, post: str) -> bool:
        return post in self._posts

    def __len__(self) -> int:
        return len(self._posts)

    def get(self, post: str) -> Known | None:
        return self._posts.get(post)

    def ids(self) -> list[str]:
        """Ids of all posts; may be called from another thread."""
        return list(self._posts)

    def by(self, author: str) -> list[str]:
        """Ids of the author's posts, sorted."""
        return sorted(self._by_author.get(author, ()))

    def add(self, post: str, known: Known) -> None:
        """Remember; on disk before this returns, so that a kill forgets nothing that was delivered."""
        if self._posts.get(post) == known:
            return
        self._remember(post, known)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(post, known))

    def sweep(self, today: date) -> None:
        """Forget what is too old; does something once a day."""
        if today <= self._swept:
            return
        self._swept = today
        for post in [post for post, known in self._posts.items() if known.day < today - self._kept]:
            self._forget(post)
        if self._path is not None:
            self._rewrite(self._path)

    def _remember(self, post: str, known: Known) -> None:
        if post in self._posts:
            self._forget(post)
        self._posts[post] = known
        self._by_author.setdefault(known.author, set()).add(post)

    def _forget(self, post: str) -> None:
        known = self._posts.pop(post)
        others = self._by_author[known.author]
        others.discard(post)
        if not others:
            del self._by_author[known.author]

    def _read(self, path: Path, oldest: date) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                for post, known in _parsed(file):
                    if known.day >= oldest:
                        self._remember(post, known)

    def _rewrite(self, path: Path) -> None:
        temporary = path.with_suffix(".part")
        temporary.unlink(missing_ok=True)
        # Closed to others from its first byte: it says which pseudonym wrote what.
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines(_line(post, known) for post, known in self._posts.items())
        temporary.replace(path)


def _line(post: str, known: Known) -> str:
    return f"{post} {(known.at or known.day).isoformat()} {known.author} {','.join(known.accounts)}\n"


def _parsed(lines: Iterator[str]) -> Iterator[tuple[str, Known]]:
    for line in lines:
        parts = line.rstrip("\n").split(" ")
        if len(parts) != 4:
            continue  # the last line of a process that was killed while writing it
        post, day, author, accounts = parts
        try:
            written = datetime.fromisoformat(day)
        except ValueError:
            continue
        at = written if written.tzinfo else None
        listed = tuple(filter(None, accounts.split(",")))
        yield post, Known(day=written.date(), author=author, accounts=listed, at=at)
