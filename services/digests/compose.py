"""A digest composed from its material: pure, the same from the same posts in any order."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.links import digest_dashboard
from soundings.services.digests.alike import same_text, words
from soundings.services.digests.counts import WeekCount
from soundings.services.digests.coverage import coverage
from soundings.services.digests.digest import Act, Copied, DayCount, Digest, Volume
from soundings.services.digests.material import Material
from soundings.services.digests.questions import asked
from soundings.services.digests.quotes import Quoter
from soundings.services.digests.sayings import QUOTES, voices
from soundings.services.digests.spread import spread
from soundings.services.digests.storms import during, storms
from soundings.services.digests.theme_items import Themes
from soundings.services.digests.themes import themes
from soundings.services.digests.urgent import urgent_week
from soundings.services.domain.posts import Mention, PostKind, Sentiment, SpeechAct

COPIES = 5
"""Texts in the section: with more, a digest is not read in ten minutes."""
COPY_WORDS = 5
"""A text of fewer words is often the same by chance: `thank you so much`."""
COPY_POSTS = 4
"""Posts of one text from which it counts as copied: three neighbours may share a link with its title."""
_ACTS = (SpeechAct.COMPLAINT, SpeechAct.SUGGESTION, SpeechAct.PRAISE)
_MOOD = {SpeechAct.COMPLAINT: Sentiment.NEGATIVE, SpeechAct.PRAISE: Sentiment.POSITIVE}


def compose(material: Material, now: datetime) -> Digest:
    """The digest of a week. What people say is counted by people; copied texts are kept apart from it."""
    zone = ZoneInfo(material.department.timezone)
    mentions = sorted(material.mentions, key=lambda m: (m.post.created_at, m.post.id))
    written = [mention for mention in mentions if mention.post.kind is not PostKind.REPOST]
    copied = _copies(written)
    pasted = {mention.post.id for group in copied for mention in group}
    own_words = [mention for mention in written if mention.post.id not in pasted]
    quoter = Quoter(material.named, material.withheld)
    found = storms(material, own_words, quoter, now)
    themes_ = themes(material, quoter, found)
    # The posts of a storm are told of with it: in a week with a storm they would be all that there is.
    outside = [mention for mention in own_words if not during(mention.post.created_at, found)] or own_words
    area = material.area.name if material.area else ""
    return Digest(
        id=identifier(material),
        department=material.department.name,
        department_key=material.department.key,
        area=area,
        owner=material.area.owner if material.area else "",
        week=str(material.week),
        dates=material.week.words,
        timezone=material.department.timezone,
        made_at=now,
        coverage=coverage(material, mentions, now),
        volume=_volume(mentions, material, zone),
        themes=themes_,
        urgent=urgent_week(material),
        storms=found,
        spread=spread(mentions, material),
        copies=_shown_copies(copied, themes_, quoter),
        questions=asked(own_words, material),
        acts=tuple(_act(act, own_words, outside, material, quoter) for act in _ACTS),
        dashboard=digest_dashboard(material.desk_url, material.department.key, *material.week.span(zone)),
    )


def identifier(material: Material) -> str:
    area = f"/{material.area.name.casefold()}" if material.area else ""
    return f"digest/{material.department.key}{area}/{material.week}"


def _volume(mentions: Sequence[Mention], material: Material, zone: ZoneInfo) -> Volume:
    count = WeekCount(week=material.week)
    posts_by_day = dict.fromkeys(material.week.days, 0)
    for mention in mentions:
        count.add(mention, zone)
        posts_by_day[mention.post.created_at.astimezone(zone).date()] += 1
    past = material.past
    return Volume(
        people=len(count.people),
        posts=count.posts,
        reposts=sum(mention.post.kind is PostKind.REPOST for mention in mentions),
        hostile_people=voices(mention for mention in mentions if mention.tags.hostile),
        usual_people=past.usual_people(),
        weeks_known=len(past.weeks),
        days=tuple(
            DayCount(day=day, posts=posts, people=len(count.by_day.get(day, ())), usual=past.usual_day(day.weekday()))
            for day, posts in posts_by_day.items()
        ),
    )


def _copies(written: Sequence[Mention]) -> list[list[Mention]]:
    """Texts posted again and again: by few people many times, or by many from a template or a share button."""
    groups = same_text([mention.post.text for mention in written], COPY_WORDS)
    return [[written[n] for n in group.members] for group in groups if len(group.members) >= COPY_POSTS]


def _shown_copies(copied: Sequence[Sequence[Mention]], told: Themes, quoter: Quoter) -> tuple[Copied, ...]:
    """Those that no campaign above has shown already."""
    known = {words(quote.text) for campaign in told.campaigns for quote in campaign.quotes}
    shown = []
    for group in copied:
        said = quoter.one(group[:1])
        if said is not None and words(said.text) not in known:
            shown.append(Copied(people=voices(group), posts=len(group), quote=said))
    return tuple(shown[:COPIES])


def _act(
    act: SpeechAct, own_words: Sequence[Mention], outside: Sequence[Mention], material: Material, quoter: Quoter
) -> Act:
    those = [mention for mention in own_words if act in mention.tags.acts]
    telling = _telling([mention for mention in outside if act in mention.tags.acts], act)
    again = quoter.one(telling)
    return Act(
        name=act.value,
        people=voices(those),
        posts=len(those),
        usual_people=material.past.usual_act(act),
        # Where all of them were quoted above, one is quoted again: a number alone says little.
        quotes=quoter.choose(telling, QUOTES) or ((again,) if again else ()),
    )


def _telling(those: Sequence[Mention], act: SpeechAct) -> list[Mention]:
    """Those whose mood agrees with what they do: where two estimates agree, they are more often right. What also asks
    something is shown with the questions; `thank you in advance` is no praise."""
    mood = _MOOD.get(act)
    clear = [mention for mention in those if mention.tags.sentiment is mood or mood is None]
    return [mention for mention in clear if SpeechAct.QUESTION not in mention.tags.acts] or clear or list(those)
