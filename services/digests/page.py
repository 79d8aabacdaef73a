"""A digest as a page: for e-mail programs, a browser and print. No scripts, nothing fetched from elsewhere."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Template

from soundings.services.alerts.links import safe
from soundings.services.alerts.words import clean, people, plural, span
from soundings.services.digests import theme_words, urgent_words, wording
from soundings.services.digests.coverage import NOT_A_SAMPLE
from soundings.services.digests.digest import Digest
from soundings.services.digests.themes import NAMED
from soundings.services.templates import environment

_BAR = 100
"""Per cent of the cell's width that the busiest day fills."""


def page(digest: Digest) -> str:
    zone = ZoneInfo(digest.timezone)
    busiest = max([1.0, *(day.people for day in digest.volume.days), *(day.usual or 0 for day in digest.volume.days)])

    def bar(value: float) -> int:
        return round(_BAR * value / busiest)

    def local(moment: datetime) -> str:
        return wording.moment(moment, zone)

    return _template().render(
        digest=digest,
        title=wording.title(digest),
        headline=wording.headline(digest),
        not_a_sample=NOT_A_SAMPLE,
        bar=bar,
        zone=zone,
        local=local,
        wording=wording,
        urgent_words=urgent_words,
        themes=digest.themes,
        words=theme_words,
        named=NAMED,
        link=safe,
        people=people,
        plural=plural,
        span=span,
        weekday=lambda day: f"{day:%A} {day.day}",
        short=lambda day: f"{day:%a} {day.day}",
    )


@cache
def _template() -> Template:
    templates = environment("soundings.services.digests")
    templates.filters["clean"] = lambda text: clean(str(text), one_line=True)
    return templates.get_template("digest.html.j2")
