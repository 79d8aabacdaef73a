"""A backtest as a page: posts of each hour over what is usual, storms and alerts. One file, no script, no network."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from zoneinfo import ZoneInfo

from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.firestorms import baseline
from soundings.services.firestorms.clock import minute_of, moment
from soundings.services.firestorms.history import History, Hour
from soundings.services.firestorms.people import People
from soundings.services.firestorms.report import Test, table
from soundings.services.firestorms.scoring import Event
from soundings.services.firestorms.told import Told

WEEK = 7 * 24
WIDTH, HEIGHT = 1176, 90
"""Pixels of a week's strip: seven for each hour."""
BAND = 1.2816
"""Four of five quiet hours lie in the band: the 10 % and 90 % points of a normal distribution."""
COLOURS = {"critical": "#942514", "serious": "#d4351c", "notable": "#f47738", "watch": "#b1b4b6"}
"""From the GOV.UK palette; the severity is also written, since colour alone tells not everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An hour: posts that came, and the band that four of five quiet hours lie in."""

    posts: int
    low: float
    high: float


def page(test: Test, told: Sequence[Told], book: AccountBook, marked: Sequence[Event]) -> str:
    """HTML with a strip for each week and department, and the table of what was told."""
    parts = [
        _strips(department, test, [each for each in told if each.department == department.key], marked)
        for department in book.departments
    ]
    scored = escape(table([(test, told)], marked or None))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Backtest</title>'
        "<style>body{font:16px sans-serif;margin:2em;max-width:1200px}table{border-collapse:collapse}"
        "td,th{text-align:left;padding:.2em .8em .2em 0;vertical-align:top}svg{display:block;margin:.2em 0}</style>"
        f"<h1>What the press office would have been told</h1><pre>{scored}</pre>{''.join(parts)}{_listing(told)}</html>"
    )


def _strips(department: Department, test: Test, told: Sequence[Told], marked: Sequence[Event]) -> str:
    hours = _hours(department, test)
    if not hours:
        return f"<h2>{escape(department.name)}</h2><p>No posts.</p>"
    top = max(max(hour.posts, hour.high) for hour in hours.values())
    first, last = min(hours), max(hours)
    # Strips begin on a Monday; 1 January 1970, hour 0, was a Thursday.
    start = first - (first + 3 * 24) % WEEK
    strips = [_strip(week, hours, top, told, marked) for week in range(start, last + 1, WEEK)]
    legend = "<p>Black: posts an hour. Grey: four of five quiet hours. Lines: alerts. Yellow: marked events. UTC.</p>"
    return f"<h2>{escape(department.name)}</h2>{legend}{''.join(strips)}"


def _hours(department: Department, test: Test) -> dict[int, Drawn]:
    counted: Counter[int] = Counter()
    for volume in test.outcome.volumes:
        if volume.department == department.key:
            counted[minute_of(volume.minute) // 60] += volume.posts
    if not counted:
        return {}
    zone, history, drawn = ZoneInfo(department.timezone), History(), {}
    for hour in range(min(counted), max(counted) + 1):
        usual = baseline.usual(history, hour, zone)
        middle = usual.people.speaking
        off = BAND * math.sqrt(1 / (middle + 1) + usual.spread**2)
        drawn[hour] = Drawn(posts=counted[hour], low=middle * math.exp(-off), high=middle * math.exp(off))
        history.put(hour, Hour(People(speaking=float(counted[hour])), 0.0, 0))
    return drawn


def _strip(week: int, hours: dict[int, Drawn], top: float, told: Sequence[Told], marked: Sequence[Event]) -> str:
    step = WIDTH / WEEK

    def x(minute: float) -> float:
        return min(WIDTH, max(0.0, (minute / 60 - week) * step))

    def y(count: float) -> float:
        # A square root: a storm must not press the quiet weeks flat.
        return HEIGHT - math.sqrt(max(0.0, count) / top) * (HEIGHT - 4)

    here = [(hour, hours[hour]) for hour in range(week, week + WEEK) if hour in hours]
    begin, end = moment(week * 60), moment((week + WEEK) * 60)
    shapes = [
        f'<rect x="{x(minute_of(e.start)):.0f}" width="{max(2, x(minute_of(e.end)) - x(minute_of(e.start))):.0f}" '
        f'y="0" height="{HEIGHT}" fill="#fff2b3"><title>{escape(e.kind)}</title></rect>'
        for e in marked
        if e.start < end and e.end > begin
    ]
    if here:
        upper = " ".join(f"{x(hour * 60):.0f},{y(drawn.high):.0f}" for hour, drawn in here)
        lower = " ".join(f"{x(hour * 60):.0f},{y(drawn.low):.0f}" for hour, drawn in reversed(here))
        line = " ".join(f"{x(hour * 60):.0f},{y(drawn.posts):.0f}" for hour, drawn in here)
        shapes.append(f'<polygon points="{upper} {lower}" fill="#dee0e2"/>')
        shapes.append(f'<polyline points="{line}" fill="none" stroke="#0b0c0c"/>')
    shapes += [_alert(each, x) for each in told if begin <= each.opened_at < end]
    label = f"{begin:%d %b} to {end - timedelta(days=1):%d %b %Y}"
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT + 16}" role="img"><title>{label}</title>{"".join(shapes)}'
        f'<text x="0" y="{HEIGHT + 13}" font-size="12">{label}</text></svg>'
    )


def _alert(told: Told, x: Callable[[float], float]) -> str:
    at = x(minute_of(told.opened_at))
    words = escape(f"{told.opened_at:%a %H:%M} {told.severity} {told.kind}: " + "; ".join(told.reasons[:2]))
    colour = COLOURS[told.severity]
    place = f'x1="{at:.0f}" x2="{at:.0f}" y1="0" y2="{HEIGHT}"'
    return f'<line {place} stroke="{colour}" stroke-width="3"><title>{words}</title></line>'


def _listing(told: Sequence[Told]) -> str:
    rows = "".join(
        f"<tr><td>{each.opened_at:%d %b %Y %H:%M}<td>{each.severity}<td>{each.kind}<td>{each.voices}"
        f"<td>{escape('; '.join(each.reasons[:3]))}"
        for each in told
    )
    return f"<h2>Told</h2><table><tr><th>UTC<th>severity<th>kind<th>people<th>why{rows}</table>"
