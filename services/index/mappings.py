"""Mappings and settings of every index, as its template says them."""

from collections.abc import Mapping
from typing import Any

from soundings.services.index.fields import Kind, alias
from soundings.services.index.shapes import PROPERTIES

SETTINGS: dict[str, Any] = {
    # A month of the busiest department is far below the 10 to 50 GB of a shard.
    "number_of_shards": 1,
    # One node: no copy (and a green cluster); more nodes: one copy.
    "auto_expand_replicas": "0-1",
    # Written out, so that an index nobody searched for 30 s is refreshed all the same: an alert's evidence is on time.
    "refresh_interval": "1s",
}


def template(prefix: str, kind: Kind) -> dict[str, Any]:
    """The body of the index template of a kind: every index of the kind stands behind its alias from birth."""
    return {
        "index_patterns": [f"{alias(prefix, kind)}-*"],
        # Above the patterns that Elasticsearch ships (100 and 200), should one of them ever match.
        "priority": 500,
        "template": {
            "settings": SETTINGS,
            "mappings": {"dynamic": "strict", "properties": PROPERTIES[kind]},
            "aliases": {alias(prefix, kind): {}},
        },
    }


def paths(properties: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """Every field of a mapping by its full path, with its type; objects are not fields."""
    found: dict[str, str] = {}
    for name, spec in properties.items():
        if "properties" in spec:
            found |= paths(spec["properties"], f"{above}{name}.")
        else:
            found[above + name] = str(spec["type"])
    return found
