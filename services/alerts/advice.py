"""What an alert does not know, and what one can do at two in the morning."""

from soundings.services.alerts.evidence import Evidence
from soundings.services.alerts.message import Line
from soundings.services.alerts.words import clean
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import Firestorm, StormKind, Whose


def unknown(alert: Alert, evidence: Evidence) -> tuple[Line, ...]:
    """The gaps in what Soundings saw; the last one is always there, so that nobody takes an estimate for a count."""
    storm = alert.firestorm
    found: list[str] = []
    if alert.stale_sources:
        names = ", ".join(clean(name, one_line=True) for name in alert.stale_sources)
        found.append(f"Nothing was heard from {names} when this was decided: there may be more people than counted.")
    if not storm.reposts_collected:
        found.append("Reposts are not collected: it spreads further than these numbers show.")
    if storm.large_accounts is None:
        found.append("Follower counts are missing: whether large accounts have joined is not known.")
    found += [clean(gap, one_line=True) for gap in evidence.missing]
    found.append("Who is hostile is estimated from the text by a machine: read some posts before you rely on it.")
    return tuple(Line(text=text) for text in found)


def told(names: tuple[str, ...]) -> tuple[Line, ...]:
    if not names:
        return (Line(text="Nobody else."),)
    listed = ", ".join(clean(name, one_line=True) for name in names)
    return (
        Line(text=f"This goes to: {listed}. Soundings has told nobody else; ministers' offices are yours to tell."),
    )


def todo(alert: Alert, rehearsal: bool) -> tuple[Line, ...]:
    storm = alert.firestorm
    if rehearsal:
        steps = ["This is not live: answer nothing and call nobody because of it."]
    elif alert.step is AlertStep.OVER:
        steps = _over(storm)
    else:
        steps = {
            StormKind.FIRESTORM: _firestorm,
            StormKind.INCIDENT: _incident,
            StormKind.CAMPAIGN: _campaign,
            StormKind.POSITIVE: _positive,
            StormKind.NOISE: _noise,
        }[storm.kind](storm)
    return tuple(Line(text=f"{number}. {step}") for number, step in enumerate(steps, 1))


def _firestorm(storm: Firestorm) -> list[str]:
    ours = storm.statement is not None or (storm.trigger is not None and storm.trigger.whose is Whose.OURS)
    first = (
        "Read our post as its critics do: is it right, and is the picture? Find who owns it before it is changed "
        "or taken down; a deleted post is a second story."
        if ours
        else "Read the post that set it off and some of the answers: is what they say about us true?"
    )
    return [
        first,
        "Hold everything scheduled on our accounts: a cheerful post now makes it worse.",
        "Agree one holding line with the policy owner. Answer the question asked most, once; do not argue with each.",
        "If you decide to stay silent, write down who agreed it and until when.",
    ]


def _incident(storm: Firestorm) -> list[str]:
    return [
        "If anybody may be in danger, pass it to the operational duty officer first.",
        "Check that what we have published about it is up to date, and point people there.",
        "Hold scheduled posts that would look careless beside it.",
    ]


def _campaign(storm: Firestorm) -> list[str]:
    return [
        "Count people, not posts: these are few accounts. Nobody need be woken for the number.",
        "Do not answer each copy. If the question is fair, answer it once where all can see it.",
        "Report the accounts to the platform if the posts break its rules.",
    ]


def _positive(storm: Firestorm) -> list[str]:
    return ["Nothing has to be done tonight. Thank people in the morning, and tell the team whom it is about."]


def _noise(storm: Firestorm) -> list[str]:
    return ["Look once whether we are really not meant. If so, nothing has to be done."]


def _over(storm: Firestorm) -> list[str]:
    return [
        "Look for questions that are still unanswered.",
        "Release scheduled posts if you held them.",
        "Note what was decided and why, while it is fresh.",
    ]
