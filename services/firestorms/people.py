"""How many people do what: what is counted, expected and compared."""

from typing import NamedTuple

TAP = 0.25
"""Reposting costs a tap: four people who repost count like one who writes."""


class People(NamedTuple):
    """Voices of a stretch of time, or how many of them are usual."""

    speaking: float = 0.0
    """With own words: originals, replies, quotes."""
    reposting: float = 0.0
    complaining: float = 0.0
    hostile: float = 0.0
    anger: float = 0.0
    """The hostility of those who speak, added up: ten who are half hostile weigh like five who are wholly."""
    gathered: float = 0.0
    """Around the one post or thread with most of them, reposts included."""
    passing_on: float = 0.0
    """Who repost hostile words."""

    @property
    def pressure(self) -> float:
        """How many people it is as good as: who only reposts counts a fraction."""
        return self.speaking + TAP * self.reposting

    def times(self, factor: float) -> "People":
        return People(*(value * factor for value in self))

    def plus(self, other: "People") -> "People":
        return People(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))
