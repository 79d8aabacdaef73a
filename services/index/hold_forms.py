"""Holds and runs of retention as documents, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from soundings.services.domain.holds import HeldItem, Hold, HoldAction, HoldStep
from soundings.services.domain.retention import Retained, RetentionRun
from soundings.services.index.encoding import moment, number, without_empty
from soundings.services.index.fields import TIMESTAMP, HoldField, RetentionField, leaf

Source = Mapping[str, Any]


def hold_body(hold: Hold) -> bytes:
    fields = {
        TIMESTAMP: moment(hold.last.at),
        HoldField.ITEM: hold.item,
        HoldField.KIND: hold.kind.value,
        HoldField.DEPARTMENT: hold.department,
        HoldField.START: moment(hold.start),
        HoldField.END: moment(hold.end),
        HoldField.HISTORY: tuple(_step_fields(step) for step in hold.history),
    }
    return orjson.dumps(without_empty(fields))


def hold_of(source: Source) -> Hold:
    return Hold(
        item=source[HoldField.ITEM],
        kind=HeldItem(source[HoldField.KIND]),
        department=source[HoldField.DEPARTMENT],
        start=_time(source.get(HoldField.START)),
        end=_time(source.get(HoldField.END)),
        history=tuple(_step_of(step) for step in source[HoldField.HISTORY]),
    )


def run_body(run: RetentionRun) -> bytes:
    fields = {
        TIMESTAMP: moment(run.at),
        RetentionField.AT: moment(run.at),
        RetentionField.SECONDS: number(run.seconds),
        RetentionField.TEXT_DAYS: run.text_days,
        RetentionField.COUNTS_DAYS: run.counts_days,
        RetentionField.MONTHS: run.months,
        RetentionField.PSEUDONYMS: run.pseudonyms,
        RetentionField.HOLDS: run.holds,
        RetentionField.REMOVED: run.removed,
        RetentionField.HELD: run.held,
        RetentionField.KINDS: tuple(
            {
                leaf(RetentionField.KINDS_NAME): name,
                leaf(RetentionField.KINDS_REMOVED): each.removed,
                leaf(RetentionField.KINDS_HELD): each.held,
            }
            for name, each in sorted(run.kinds.items())
        ),
    }
    return orjson.dumps(without_empty(fields))


def run_of(source: Source) -> RetentionRun:
    return RetentionRun(
        at=datetime.fromisoformat(source[RetentionField.AT]),
        seconds=source[RetentionField.SECONDS],
        text_days=source[RetentionField.TEXT_DAYS],
        counts_days=source[RetentionField.COUNTS_DAYS],
        months=source[RetentionField.MONTHS],
        pseudonyms=source[RetentionField.PSEUDONYMS],
        holds=source[RetentionField.HOLDS],
        kinds={
            each[leaf(RetentionField.KINDS_NAME)]: Retained(
                removed=each[leaf(RetentionField.KINDS_REMOVED)], held=each[leaf(RetentionField.KINDS_HELD)]
            )
            for each in source.get(RetentionField.KINDS, ())
        },
    )


def _step_fields(step: HoldStep) -> dict[str, Any]:
    return without_empty(
        {
            leaf(HoldField.STEP_AT): moment(step.at),
            leaf(HoldField.STEP_WHO): step.who,
            leaf(HoldField.STEP_ACTION): step.action.value,
            leaf(HoldField.STEP_WHY): step.why,
            leaf(HoldField.STEP_UNTIL): moment(step.until),
        }
    )


def _step_of(source: Source) -> HoldStep:
    return HoldStep(
        at=datetime.fromisoformat(source[leaf(HoldField.STEP_AT)]),
        who=source[leaf(HoldField.STEP_WHO)],
        action=HoldAction(source[leaf(HoldField.STEP_ACTION)]),
        why=source[leaf(HoldField.STEP_WHY)],
        until=_time(source.get(leaf(HoldField.STEP_UNTIL))),
    )


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
