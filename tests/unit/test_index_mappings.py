"""Mappings and names agree, and nothing is kept that may not be searched."""

from typing import Any

import pytest

from soundings.services.index import fields, mappings, shapes
from soundings.services.index.fields import Kind

NAMES = {
    Kind.MENTIONS: (fields.PostField, fields.TagField),
    Kind.STATEMENTS: (fields.PostField,),
    Kind.VOLUMES: (fields.VolumeField,),
    Kind.FIRESTORMS: (fields.FirestormField,),
    Kind.NOTIFICATIONS: (fields.NotificationField,),
    Kind.URGENT: (fields.UrgentField,),
    Kind.REGISTER: (fields.RegisterField,),
    Kind.DECISIONS: (fields.DecisionField,),
    Kind.THEMES: (fields.ThemeField,),
    Kind.READINGS: (fields.ReadingField,),
    Kind.HOLDS: (fields.HoldField,),
    Kind.RETENTION: (fields.RetentionField,),
}
OBJECTS = {
    fields.FirestormField.TRIGGER,
    fields.FirestormField.REASONS,
    fields.AlertField.FIRESTORM,
    fields.RegisterField.HISTORY,
    fields.RetentionField.KINDS,
}


def named(*holders: type) -> set[str]:
    return {value for holder in holders for name, value in vars(holder).items() if name.isupper()} - OBJECTS


@pytest.mark.parametrize("kind", NAMES)
def test_every_field_has_a_name_and_every_name_a_field(kind: Kind) -> None:
    """What dashboards and queries can name is exactly what is mapped."""
    assert named(*NAMES[kind]) | {fields.TIMESTAMP} == set(mappings.paths(shapes.PROPERTIES[kind]))


def test_an_alert_holds_a_whole_firestorm() -> None:
    """The names of an alert are mapped, and the storm inside has all fields of a storm."""
    mapped = set(mappings.paths(shapes.PROPERTIES[Kind.ALERTS]))
    assert named(fields.AlertField) <= mapped
    assert {f"firestorm.{name}" for name in named(fields.FirestormField)} <= mapped


def test_every_mapping_is_strict_and_its_indices_stand_behind_the_alias() -> None:
    """A field that nobody declared is an error; every month is found under one name."""
    for kind in Kind:
        body: dict[str, Any] = mappings.template("soundings", kind)
        assert body["template"]["mappings"]["dynamic"] == "strict"
        assert body["template"]["aliases"] == {f"soundings-{kind.value}": {}}
        assert body["index_patterns"] == [f"soundings-{kind.value}-*"]


def test_the_time_of_every_kind_stands_before_doc() -> None:
    """Grafana writes the fields to sort by in ASCII order; after `_doc`, the time would not be looked at."""
    assert fields.TIMESTAMP < "_doc"
    assert all(fields.TIMESTAMP in properties for properties in shapes.PROPERTIES.values())


def test_the_public_address_of_a_post_is_kept_but_cannot_be_searched() -> None:
    """It is there for evidence and deletion only."""
    addresses = {
        (kind, name): spec
        for kind, properties in shapes.PROPERTIES.items()
        for name, spec in properties.items()
        if name == fields.PostField.URL
    }
    assert {kind for kind, _ in addresses} == {Kind.MENTIONS, Kind.STATEMENTS}
    assert all(spec["index"] is False and spec["doc_values"] is False for spec in addresses.values())
