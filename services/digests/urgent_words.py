"""The sentences about posts that could not wait, for the page and the plain text."""

from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.urgent_words import KINDS
from soundings.services.alerts.words import clean, plural, span
from soundings.services.digests.urgent_items import UrgentItem, UrgentWeek
from soundings.services.domain.urgent import UrgencyKind

MEANS = (
    "They are recognised by rules that read public posts in English; the rules can be wrong and miss much. Whether "
    "anybody acted is not recorded here: ask who is told. What was written is quoted nowhere in this digest; open the "
    "post."
)
_MANY = {UrgencyKind.RISK_TO_LIFE: "risks to life", UrgencyKind.THREAT_TO_STAFF: "threats to staff"}


def counted(week: UrgentWeek) -> str:
    """`2 risks to life and 1 threat to staff`."""
    return " and ".join(plural(count, KINDS[kind], _MANY[kind]) for kind, count in week.counts)


def headline(week: UrgentWeek) -> str:
    """Empty where there is nothing to say."""
    if not week.number:
        return ""
    untold = f"; nobody was told of {week.untold:,}" if week.untold else ""
    return f"Posts that could not wait: perhaps {counted(week)}{untold}."


def summary(week: UrgentWeek, area: bool) -> str:
    where = " about this area" if area else ""
    if not week.number:
        said = f"None was recognised{where}."
    else:
        copies = f", in {plural(week.posts, 'post')} with copies and reposts" if week.posts > week.number else ""
        said = f"Recognised{where}: perhaps {counted(week)}{copies}."
    if week.elsewhere:
        said += f" Elsewhere in the department: {week.elsewhere:,}."
    left = week.number - len(week.items)
    return f"{said} Listed are the latest {len(week.items)}." if left > 0 else said


def title(item: UrgentItem) -> str:
    kind = KINDS[item.kind]
    return f"{kind[:1].upper()}{kind[1:]}: perhaps {clean(item.reason, one_line=True)}"


def facts(item: UrgentItem, zone: ZoneInfo) -> str:
    copies = f"; {plural(item.posts, 'post')} with this text" if item.posts > 1 else ""
    return f"{_moment(item.at, zone)}{copies}. {_told(item)} {_answered(item)}".rstrip()


def _told(item: UrgentItem) -> str:
    if not item.told:
        return f"Nobody was told ({'; '.join(item.not_told)})."
    if not item.live:
        return f"From a replay, shown as an exercise on {', '.join(_name(channel) for channel, _ in item.told)}."
    told = ", ".join(f"{_name(channel)} {_after(item.at, at)}" for channel, at in item.told)
    return f"Told: {told}."


def _name(channel: str) -> str:
    return clean(channel, one_line=True)


def _after(posted: datetime, told: datetime) -> str:
    """How long it took; clocks of platforms are a little ahead at times."""
    minutes = (told - posted).total_seconds() / 60
    return f"{span(max(0.0, minutes))} after it was posted"


def _answered(item: UrgentItem) -> str:
    # A threat is better not answered: to say that it was not would read as a reproach.
    if item.answered is None or (item.kind is UrgencyKind.THREAT_TO_STAFF and not item.answered):
        return ""
    return "We replied to it." if item.answered else "No reply of ours to it is in the data."


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"
