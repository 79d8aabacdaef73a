"""Somebody's own words, as they may be shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Handles removed, cleaned, not yet escaped."""

    text: str
    post: str
    """Post id."""
    url: str
    """Where it can be read; empty if it is not known."""
