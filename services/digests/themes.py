"""The main section of a digest: what people keep saying, what was decided about it, and what is to be decided."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from soundings.services.alerts.words import plural
from soundings.services.digests.asks import asks
from soundings.services.digests.digest import Storm
from soundings.services.digests.material import Material
from soundings.services.digests.quotes import Quoter
from soundings.services.digests.storms import during
from soundings.services.digests.theme_items import Decision, Named, ThemeItem, Themes
from soundings.services.domain.posts import Mention
from soundings.services.domain.register import Action, Entry, Progress, Standing
from soundings.services.domain.themes import Skipped, ThemesRead, ThemeWeek, Trend
from soundings.services.themes import wording
from soundings.services.themes.shown import Shown, hidden, of_area, shown

SHOWN = 8
"""Themes with quotations: about what is read in ten minutes together with the rest."""
NAMED = 10
CAMPAIGNS = 3
STORMY = 3
IN_STORM = 0.8
"""Share of a theme's posts that are known by id, from which it is what people say in a storm."""
SILENT = 5
QUOTES = 2
"""For a theme, beside a question and a suggestion."""

ORDER = (Trend.NEW, Trend.GROWING, Trend.BACK, Trend.STEADY, Trend.FADING, Trend.QUIET)
"""What has changed comes first."""

_SECOND_SIDE = frozenset({Action.TOOK_IN, Action.SPLIT_OFF})
"""Of a merge or split the first side tells all."""


def themes(material: Material, quoter: Quoter, storms: Sequence[Storm]) -> Themes:
    """Of the policy area if the digest is one's, else of the department.

    Args:
        storms: of the week, as the digest tells them.
    """
    everywhere = shown(material.themes, material.entries)
    found = of_area(everywhere, material.area.name) if material.area else everywhere
    entries = _entries(material)
    stormy = [each for each in found if not each.theme.campaign and _stormy(each, material.theme_texts, storms)]
    said = [each for each in found if not each.theme.campaign and each not in stormy]
    chosen = sorted(said, key=lambda each: (not each.adopted, -each.theme.evidence.voices, each.theme.id))[:SHOWN]
    ids = {each.theme.id for each in chosen}
    before = {week.theme.id: week.theme.evidence.voices for week in material.themes_before}
    items = [
        _item(each, before, material.theme_texts, quoter)
        for each in sorted(chosen, key=lambda each: ORDER.index(each.theme.recurrence.trend))
    ]
    return Themes(
        reported=material.themes_read is not None,
        items=tuple(items),
        others=tuple(_named(each) for each in said if each.theme.id not in ids),
        stormy=tuple(_item(each, before, material.theme_texts, quoter) for each in stormy[:STORMY]),
        campaigns=tuple(_item(each, before, material.theme_texts, quoter) for each in found if each.theme.campaign)[
            :CAMPAIGNS
        ],
        silent=_silent(material),
        decisions=_decisions(entries, material),
        open=_open(entries),
        asks=asks(said, entries, material.week),
        notes=tuple(_notes(material)),
    )


def _entries(material: Material) -> tuple[Entry, ...]:
    area = material.area
    return tuple(e for e in material.entries if area is None or e.area.casefold() == area.name.casefold())


def _item(each: Shown, before: Mapping[str, int], texts: Mapping[str, Mention], quoter: Quoter) -> ThemeItem:
    theme, evidence = each.theme, each.theme.evidence
    stands_for = _posts(theme.representatives, texts)
    # Where all of them were quoted before, one is quoted again: a title alone says little.
    again = quoter.one(stands_for)
    return ThemeItem(
        id=theme.id,
        title=each.title,
        people=evidence.voices,
        people_before=before.get(theme.id),
        posts=evidence.posts,
        reposts=evidence.reposts,
        hostile=evidence.hostile,
        asked=evidence.questions,
        suggested=evidence.suggestions,
        recurrence=theme.recurrence,
        standing=each.standing,
        areas=each.areas,
        owner=each.owner,
        progress=each.progress,
        quotes=quoter.take(stands_for, 1 if theme.campaign else QUOTES) or ((again,) if again else ()),
        questions=quoter.take(_posts(theme.questions, texts), 1),
        suggestions=quoter.take(_posts(theme.suggestions, texts), 1),
    )


def _posts(ids: Sequence[str], texts: Mapping[str, Mention]) -> list[Mention]:
    """Those that are still there: a deleted post is missing."""
    return [texts[name] for name in ids if name in texts]


def _stormy(each: Shown, texts: Mapping[str, Mention], storms: Sequence[Storm]) -> bool:
    """Whether it began in a storm, and is nothing that people said before or that somebody has adopted."""
    if each.entry is not None or each.theme.recurrence.trend not in (Trend.NEW, Trend.GROWING, Trend.BACK):
        return False
    theme = each.theme
    known = _posts(sorted({*theme.representatives, *theme.questions, *theme.suggestions}), texts)
    inside = sum(during(mention.post.created_at, storms) for mention in known)
    return bool(known) and inside >= IN_STORM * len(known)


def _named(each: Shown) -> Named:
    return Named(id=each.theme.id, title=each.title, people=each.theme.evidence.voices)


def _silent(material: Material) -> tuple[Named, ...]:
    if material.themes_read is None:
        return ()
    heard = {week.theme.id for week in material.themes}
    gone = shown([week for week in material.themes_before if week.theme.id not in heard], material.entries)
    mine = of_area(gone, material.area.name) if material.area else gone
    return tuple(_named(each) for each in mine if not each.theme.campaign)[:SILENT]


def _decisions(entries: Sequence[Entry], material: Material) -> tuple[Decision, ...]:
    start, end = material.week.span(ZoneInfo(material.department.timezone))
    found = [
        Decision(
            at=step.at,
            who=step.who,
            theme=entry.theme,
            title=entry.title,
            words=wording.step_words(step),
            note=step.note,
            change=step.change,
            progress=step.progress,
        )
        for entry in entries
        for step in entry.history
        if start <= step.at < end and step.action not in _SECOND_SIDE
    ]
    return tuple(sorted(found, key=lambda decision: (decision.at, decision.theme)))


def _open(entries: Sequence[Entry]) -> tuple[tuple[Progress, int], ...]:
    adopted = [entry.progress for entry in entries if entry.standing is Standing.ADOPTED]
    return tuple((progress, adopted.count(progress)) for progress in Progress if progress in adopted)


def _notes(material: Material) -> Iterator[str]:
    read = material.themes_read
    if read is None:
        yield "The themes of this week are not known: no report of them is in the index."
        return
    zone = ZoneInfo(material.department.timezone)
    if read.at < material.week.span(zone)[1]:
        local = read.at.astimezone(zone)
        yield f"Themes are told as they were on {local:%A} {local.day} {local:%B}, {local:%H:%M}."
    if material.area:
        yield "Themes are found in all that addresses the department; shown are those of this policy area."
    yield from _counted(read)
    by_rule: dict[str, list[int]] = {}
    for left in read.left_out:
        by_rule.setdefault(left.rule, []).append(left.support)
    for rule, supports in sorted(by_rule.items()):
        themes_ = plural(len(supports), "theme is", "themes are")
        yield f"{themes_} left out by the rule “{rule}”, with {plural(sum(supports), 'post')}."
    yield from _hidden(material)


def _counted(read: ThemesRead) -> Iterator[str]:
    counts = read.counts
    if sampled := counts.get(Skipped.SAMPLED_OUT.value, 0):
        yield (
            f"{plural(sampled, 'post')} of {counts.get('received', 0):,} were not read for themes: while a storm is "
            "on, a sample is read. The numbers of themes are then too small."
        )
    if empty := counts.get(Skipped.NO_WORDS.value, 0):
        yield f"{plural(empty, 'post has', 'posts have')} no words (pictures, links) and no theme."
    if small := counts.get("themes too small to name", 0):
        yield f"{plural(small, 'group of posts is', 'groups of posts are')} too small to be called a theme."


def _hidden(material: Material) -> Iterator[str]:
    found: list[tuple[ThemeWeek, Entry]] = list(hidden(material.themes, material.entries))
    discarded = sum(entry.standing is Standing.DISCARDED for _, entry in found)
    if discarded:
        yield f"{plural(discarded, 'theme is', 'themes are')} not shown because somebody discarded them."
    for _, entry in found:
        if entry.standing is Standing.MERGED:
            yield f"“{wording.title_of(entry.title)}” was merged into another theme and is counted there from now on."
