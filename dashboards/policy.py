"""*Policy*: what do people keep saying, asking and suggesting, day after day?"""

from grafana_foundation_sdk.builders.dashboard import Row

from soundings.dashboards import accounting, panels, queries, themes
from soundings.dashboards.board import Board
from soundings.dashboards.datasources import MENTIONS, STATEMENTS
from soundings.dashboards.variables import department, of_department
from soundings.services.domain.posts import HOSTILE_FROM, PostKind, SpeechAct
from soundings.services.index.fields import PostField, TagField

UID = "soundings-policy"
DAY = "1d"
MOST_ROWS = 50

SAID = of_department(PostField.DEPARTMENTS)
OWN_WORDS = f"NOT {PostField.KIND}:{PostKind.REPOST.value}"
"""A repost repeats somebody else's words."""
CONSTRUCTIVE = f"{TagField.HOSTILITY}:<{HOSTILE_FROM}"

COLUMNS = {
    PostField.TEXT: "text",
    PostField.ACCOUNTS: "addresses",
    TagField.LANG: "language",
    TagField.SENTIMENT: "sentiment",
    PostField.REFERENCE: "reacts to",
    PostField.URL: "address",
}


def policy() -> Board:
    board = Board(UID, "Policy", "What people say, ask and suggest. Not a sample of the public.", "now-30d")
    board.variables(department())
    board.row(Row("Themes: what people keep saying"))
    themes.add(board)
    board.row(Row("How much, and by how many"))
    board.panel(_days())
    board.panel(_acts())
    board.panel(_sentiment())
    board.panel(_languages())
    board.panel(_speech())
    board.panel(_threads())
    board.row(Row("In the public's own words"))
    board.panel(_suggestions())
    board.panel(_questions())
    board.row(Row("What we said"))
    board.panel(_statements())
    board.row(Row("Is everything accounted for?"))
    board.panel(accounting.fates())
    return board


def _days() -> panels.Panel:
    counted = (
        queries.over_time(MENTIONS, SAID, queries.posts(), every=DAY, called="mentions", ref="A"),
        queries.over_time(MENTIONS, SAID, queries.voices(), every=DAY, called="voices", ref="B"),
    )
    return panels.lines(
        "Mentions and voices by day",
        "Posts, and the distinct people who wrote them, on each day in London time. Voices of two days cannot be added "
        "up: some people write on both.",
        MENTIONS,
        counted,
    ).interval(DAY)


def _acts() -> panels.Panel:
    query = queries.over_time(MENTIONS, SAID, queries.posts(), every=DAY, split=TagField.ACTS)
    return panels.bars(
        "Questions, complaints, suggestions, praise",
        "What people do by posting, by day; one post may do several things.",
        MENTIONS,
        query,
        12,
    ).interval(DAY)


def _sentiment() -> panels.Panel:
    query = queries.over_time(MENTIONS, SAID, queries.posts(), every=DAY, split=TagField.SENTIMENT)
    return panels.bars("Sentiment", "The tone of posts by day: an estimate.", MENTIONS, query, 12).interval(DAY)


def _languages() -> panels.Panel:
    query = queries.by_value(MENTIONS, SAID, TagField.LANG, queries.posts(), queries.voices())
    return panels.ranking("Languages", "In which languages people write; `und` could not be told.", MENTIONS, query)


def _speech() -> panels.Panel:
    query = queries.by_value(MENTIONS, SAID, TagField.ACTS, queries.posts(), queries.voices())
    return panels.ranking("People behind each", "Posts and distinct people by what they do.", MENTIONS, query)


def _threads() -> panels.Panel:
    query = queries.by_value(
        MENTIONS, SAID, PostField.THREAD, queries.posts(), queries.voices(), size=15, by=queries.VOICES
    )
    return panels.counts("Threads", "Conversations in which most people take part.", MENTIONS, query, 8)


def _suggestions() -> panels.Panel:
    where = f"{SAID} AND {OWN_WORDS} AND {TagField.ACTS}:{SpeechAct.SUGGESTION.value} AND {CONSTRUCTIVE}"
    panel = panels.documents(
        "Constructive suggestions",
        "Suggestions that are not hostile, the newest first.",
        MENTIONS,
        queries.newest(MENTIONS, where, MOST_ROWS),
        COLUMNS,
    )
    return panels.with_link(panel, "address", "The post, where it was published", "${__value.raw}")


def _questions() -> panels.Panel:
    where = f"{SAID} AND {OWN_WORDS} AND {TagField.ACTS}:{SpeechAct.QUESTION.value} AND {CONSTRUCTIVE}"
    panel = panels.documents(
        "Questions",
        "Questions that are not hostile, the newest first.",
        MENTIONS,
        queries.newest(MENTIONS, where, MOST_ROWS),
        COLUMNS,
    )
    return panels.with_link(panel, "address", "The post, where it was published", "${__value.raw}")


def _statements() -> panels.Panel:
    columns = {
        PostField.TEXT: "text",
        PostField.OWN_ACCOUNT: "account",
        PostField.KIND: "kind",
        PostField.REFERENCE: "answers",
        PostField.URL: "address",
    }
    panel = panels.documents(
        "Our own posts and answers",
        "What our accounts posted, the newest first.",
        STATEMENTS,
        queries.newest(STATEMENTS, SAID, MOST_ROWS),
        columns,
    )
    return panels.with_link(panel, "address", "The post, where it was published", "${__value.raw}")
