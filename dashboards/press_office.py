"""*Press office*: is something going on, how large is it, what set it off, and who was told?"""

from grafana_foundation_sdk.builders.dashboard import Row

from soundings.dashboards import accounting, panels, queries
from soundings.dashboards.board import Board
from soundings.dashboards.datasources import FIRESTORMS, MENTIONS, NOTIFICATIONS, URGENT, VOLUMES
from soundings.dashboards.variables import POST, about_post, department, of_department, post
from soundings.services.domain.firestorms import StormState
from soundings.services.domain.posts import HOSTILE_FROM
from soundings.services.index.fields import (
    FirestormField,
    NotificationField,
    PostField,
    TagField,
    UrgentField,
    VolumeField,
)

UID = "soundings-press-office"
MINUTE = "1m"
DAYS = "7d"
"""How far the tables of storms and alerts look back, whatever time is chosen above: a duty week."""
MOST_ROWS = 50

COUNTED = of_department(VolumeField.DEPARTMENT)
SAID = of_department(PostField.DEPARTMENTS)
STORMS = of_department(FirestormField.DEPARTMENT)
TOLD = of_department(NotificationField.DEPARTMENT)
AT_RISK = of_department(UrgentField.DEPARTMENT)


def press_office() -> Board:
    board = Board(UID, "Press office", "Storms, how they grow, what set them off, and who was told.", "now-6h")
    board.variables(department(), post())
    board.row(Row("Now"))
    board.panel(_storms_now())
    board.panel(_voices())
    board.row(Row("Posts that cannot wait, of the last seven days"))
    board.panel(_urgent())
    board.row(Row("Storms and alerts of the last seven days"))
    board.panel(_storms())
    board.panel(_notifications())
    board.panel(_outcomes())
    board.row(Row("What comes in"))
    board.panel(_hostile_by_account())
    board.panel(_sources())
    board.panel(_kinds())
    board.panel(_accounts())
    board.panel(_triggers())
    board.row(Row("The posts behind it"))
    board.panel(_posts())
    board.row(Row("Is everything accounted for?"))
    board.panel(accounting.fates())
    return board


def _storms_now() -> panels.Panel:
    query = queries.by_value(
        FIRESTORMS,
        f"{STORMS} AND NOT {FirestormField.STATE}:{StormState.OVER.value}",
        FirestormField.SEVERITY,
        queries.posts(),
    )
    return panels.number(
        "Storms going on",
        "Firestorms of the last seven days that are not over, by severity.",
        FIRESTORMS,
        query,
        6,
    ).time_from(DAYS)


def _voices() -> panels.Panel:
    voices, hostile, usual = (
        queries.total(field) for field in (VolumeField.VOICES, VolumeField.HOSTILE_VOICES, VolumeField.USUAL_VOICES)
    )
    counted = (
        queries.over_time(VOLUMES, COUNTED, voices, every=MINUTE, called="voices", ref="A"),
        queries.over_time(VOLUMES, COUNTED, hostile, every=MINUTE, called="hostile voices", ref="B"),
        queries.over_time(VOLUMES, COUNTED, usual, every=MINUTE, called="usual voices", ref="C", quiet=False),
    )
    return panels.lines(
        "Voices per minute, against usual",
        "Distinct people in each minute, those with a hostile post, and as many as are usual at that hour. Somebody "
        "who addresses two accounts in one minute counts once for each. Bands are firestorms.",
        VOLUMES,
        counted,
        18,
    ).span_nulls(True)


def _urgent() -> panels.Panel:
    columns = {
        UrgentField.KIND: "kind",
        UrgentField.REASON: "it seems that",
        UrgentField.DEPARTMENT: "department",
        UrgentField.LIVE: "live",
        UrgentField.POST: "post",
    }
    return panels.documents(
        "Risk to life and threats to staff",
        "Told one by one, whatever the volume; recognised by rules, so read the post before you rely on it.",
        URGENT,
        queries.newest(URGENT, AT_RISK, MOST_ROWS),
        columns,
    ).time_from(DAYS)


def _storms() -> panels.Panel:
    columns = {
        FirestormField.SEVERITY: "severity",
        FirestormField.KIND: "kind",
        FirestormField.STATE: "state",
        FirestormField.DEPARTMENT: "department",
        FirestormField.BEGAN_AT: "began",
        FirestormField.CLOSED_AT: "closed",
        FirestormField.VOICES: "voices",
        FirestormField.HOSTILE_VOICES: "hostile voices",
        FirestormField.USUAL_VOICES: "usual voices",
        FirestormField.TRIGGER_POST: "trigger",
        FirestormField.TRIGGER_WHOSE: "whose",
        FirestormField.ID: "firestorm",
    }
    panel = panels.documents(
        "Storms",
        "Each firestorm in its latest state; the trigger leads to the posts around it.",
        FIRESTORMS,
        queries.newest(FIRESTORMS, STORMS, MOST_ROWS),
        columns,
    ).time_from(DAYS)
    here = f"/d/{UID}?${{department:queryparam}}&from=now-7d&to=now&var-{POST}=%22${{__value.raw}}%22"
    return panels.with_link(panel, "trigger", "The posts around it", here)


def _notifications() -> panels.Panel:
    columns = {
        NotificationField.ALERT: "alert",
        NotificationField.CHANNEL: "channel",
        NotificationField.OUTCOME: "outcome",
        NotificationField.DEPARTMENT: "department",
    }
    return panels.documents(
        "Alerts and what became of them",
        "Every alert owed, on every channel: sent, or why not.",
        NOTIFICATIONS,
        queries.newest(NOTIFICATIONS, TOLD, MOST_ROWS),
        columns,
        16,
    ).time_from(DAYS)


def _outcomes() -> panels.Panel:
    query = queries.by_value(NOTIFICATIONS, TOLD, NotificationField.OUTCOME, queries.posts())
    return (
        panels.ranking("Outcomes", "How often an alert was sent, and why it was not.", NOTIFICATIONS, query, 8)
        .time_from(DAYS)
        .height(panels.HEIGHT + 2)
    )


def _hostile_by_account() -> panels.Panel:
    query = queries.over_time(VOLUMES, COUNTED, queries.total(VolumeField.HOSTILE_VOICES), split=VolumeField.ACCOUNT)
    return panels.bars(
        "Hostile voices by account",
        "Which account the hostile posts address: people of each minute, added up.",
        VOLUMES,
        query,
        12,
    ).interval(MINUTE)


def _sources() -> panels.Panel:
    query = queries.over_time(MENTIONS, SAID, queries.posts(), split=PostField.SOURCE)
    return panels.bars(
        "What came in, and from where",
        "Mentions by the source that delivered them; one that stops here may be silent, or gone.",
        MENTIONS,
        query,
        12,
    ).interval(MINUTE)


def _kinds() -> panels.Panel:
    query = queries.by_value(MENTIONS, SAID, PostField.KIND, queries.posts(), queries.voices())
    return panels.ranking(
        "Kinds of posts", "Originals, replies, reposts and quotes, with the people behind them.", MENTIONS, query
    )


def _accounts() -> panels.Panel:
    query = queries.by_value(MENTIONS, SAID, PostField.ACCOUNTS, queries.posts(), queries.voices())
    return panels.ranking("Accounts addressed", "Which of our accounts people address.", MENTIONS, query)


def _triggers() -> panels.Panel:
    query = queries.by_value(
        MENTIONS, SAID, PostField.REFERENCE, queries.posts(), queries.voices(), size=10, by=queries.VOICES
    )
    return panels.counts(
        "Posts that most people react to", "Answered, quoted or reposted by most people.", MENTIONS, query, 8
    )


def _posts() -> panels.Panel:
    columns = {
        PostField.TEXT: "text",
        PostField.KIND: "kind",
        PostField.ACCOUNTS: "addresses",
        TagField.SENTIMENT: "sentiment",
        TagField.HOSTILITY: "hostility",
        TagField.ACTS: "acts",
        PostField.SOURCE: "source",
        PostField.REFERENCE: "reacts to",
        PostField.ID: "post",
        PostField.URL: "address",
    }
    panel = panels.documents(
        "Newest mentions",
        f"The posts themselves; hostile is from {HOSTILE_FROM} on. Choose one post on top to see what reacts to it.",
        MENTIONS,
        queries.newest(MENTIONS, f"{SAID} AND {about_post()}", MOST_ROWS),
        columns,
    )
    return panels.with_link(panel, "address", "The post, where it was published", "${__value.raw}")
