"""The built-in scenario of `make demo`: two made-up departments, five weeks, one storm (docs/scenario.md)."""

from soundings.deploy.scenario.calls import BREATHERS
from soundings.deploy.scenario.generate import ACCOUNTS_TOML, posts, write
from soundings.deploy.scenario.times import ENDS_AT, QUIET_UNTIL, STARTS_AT, STORM_AT

__all__ = ["ACCOUNTS_TOML", "BREATHERS", "ENDS_AT", "QUIET_UNTIL", "STARTS_AT", "STORM_AT", "posts", "write"]
