"""What is said about a post that cannot wait, beside the post itself."""

from soundings.services.alerts.message import Line
from soundings.services.domain.urgent import UrgencyKind

KINDS = {UrgencyKind.RISK_TO_LIFE: "risk to life", UrgencyKind.THREAT_TO_STAFF: "threat to staff"}

MEANS = (
    "It was recognised by rules that read the text alone, and they can be wrong: read the post before you act on it.",
    "Soundings is no emergency service and has called nobody. Whether the person has been helped is not known.",
    "Only public posts in English that address our accounts are read. What is not told here may still be happening.",
)
"""What the message is not."""

_STEPS = {
    UrgencyKind.RISK_TO_LIFE: (
        "If somebody may be in danger now, call 999 and give the post's address. You need not be certain.",
        "Pass it to the duty officer for incidents, as your department's procedure says.",
        "If you answer the person, say one thing: call 999 now. Where somebody speaks of ending their life, the "
        "Samaritans answer at any hour on 116 123.",
        "Write down when you read it and whom you told.",
    ),
    UrgencyKind.THREAT_TO_STAFF: (
        "If it may be carried out soon, call 999.",
        "Pass it to your security team, and to whoever leads the staff that are meant.",
        "Do not answer it. Keep a copy: the post may be deleted.",
        "Write down when you read it and whom you told.",
    ),
}


def steps(kind: UrgencyKind, rehearsal: bool) -> tuple[Line, ...]:
    """What the reader can do, numbered."""
    every = ("This is not live: call nobody because of it.",) if rehearsal else _STEPS[kind]
    return tuple(Line(text=f"{number}. {step}") for number, step in enumerate(every, 1))
