"""Posts that cannot wait, and their look-alikes."""

import pytest

from soundings.services.tagging.urgent import Urgency, UrgencyKind, urgency


def kind(text: str) -> UrgencyKind | None:
    found: Urgency | None = urgency(text)
    return found.kind if found else None


@pytest.mark.parametrize(
    "text",
    [
        "We are trapped upstairs, water is rising and nobody is coming",
        "Please help, my elderly mum is stuck in her house with flood water at the door",
        "Can someone rescue us, we're on the roof and the river is still rising",
        "A man has just fallen into the river by the bridge, please send someone",
        "There are three children stranded on the sandbank and the tide is coming in",
        "Somebody is drowning at the weir",
        "We need a boat, my nan is in a wheelchair and the water is in the kitchen",
        "My husband is unconscious and the line rings out",
        "Water is at the door in Mill Lane and my elderly neighbour is 86 and cannot get out",
        "The lady next door can't get upstairs and there is water in her kitchen",
        "There is a car stuck in the water by the ford, somebody is still in it",
        "My brother is on the garage roof in Weir Close, water all around, please send someone",
        "I can't go on. I want to kill myself.",
        "I don't want to live any more",
        "My brother is suicidal because of your letters",
    ],
)
def test_risk_to_life_is_seen(text: str) -> None:
    """Somebody trapped, in the water or in despair is told at once."""
    assert kind(text) is UrgencyKind.RISK_TO_LIFE


@pytest.mark.parametrize(
    "text",
    [
        "I will kill you all",
        "I know where you live",
        "Your inspectors should be shot",
        "We are going to burn your office down",
        "I'm coming to your office with a knife",
        "I hope your staff all die",
    ],
)
def test_a_threat_to_staff_is_seen(text: str) -> None:
    """A threat of bodily harm to staff or their place of work is told at once."""
    assert kind(text) is UrgencyKind.THREAT_TO_STAFF


@pytest.mark.parametrize(
    "text",
    [
        "I'm drowning in paperwork",
        "The council is drowning in debt",
        "I nearly died laughing",
        "I want to die of embarrassment",
        "It wouldn't kill you to reply",
        "Shoot me an email when you can",
        "Hang your heads in shame",
        "They should be hung out to dry",
        "Heads should roll for this",
        "I could kill for a pint",
        "This smell is killing us",
        "We know where you stand on this",
        "Please rescue us from this government",
        "Stuck in traffic by the river for an hour",
        "My daughter is stuck on her homework about floods",
        "We're cut off from every decision about the flood scheme",
        "I feel trapped in this house, the smell is everywhere",
        "We can't get out of the drive, the river path is full of parked cars",
        "My dad can't get out much but loves a walk by the river",
        "My brother is on the roof fixing the tiles that the flood crew broke",
        "The water company is still in it for the money",
    ],
)
def test_a_figure_of_speech_does_not_fire(text: str) -> None:
    """Strong words for weak things stay where they belong."""
    assert kind(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Great news: the crew rescued a family trapped by the flood last night",
        "Fire crews took part in a rescue exercise on the river today, a man is trapped on the roof in the story",
        "The documentary about people trapped under water was superb",
        "A man was jailed for threatening to shoot an inspector",
        "My uncle was stranded on his roof in the flood of 1953",
    ],
)
def test_news_exercises_and_memories_do_not_fire(text: str) -> None:
    """What is over, or never happened, needs nobody now."""
    assert kind(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "If you are trapped by flood water call 999",
        "Never drive through flood water, you could be stranded",
        "A swan is trapped under the ice, can you help?",
        "Nobody is trapped, everyone is out of the water",
        "",
    ],
)
def test_advice_animals_and_all_clear_do_not_fire(text: str) -> None:
    """Advice, an animal in need and an all-clear are no call for rescue."""
    assert kind(text) is None


def test_the_reason_is_in_plain_words_and_quotes_nobody() -> None:
    """Who is told at once is told why, without the text being spread."""
    found = urgency("We are trapped upstairs, water is rising")
    assert found == Urgency(kind=UrgencyKind.RISK_TO_LIFE, reason="somebody says that people are trapped or cut off")


def test_the_same_danger_in_other_letters_is_seen() -> None:
    """Capitals, full-width letters and handles do not hide a call for help."""
    text = "@Rescue_999 WE ARE TRAPPED on the roof, water rising"
    assert kind(text) is UrgencyKind.RISK_TO_LIFE
    assert kind("".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text[12:])) is UrgencyKind.RISK_TO_LIFE
