"""Phrases that tell what a sentence with a question mark is: written down, not learned, so each can be argued with.

They are matched on whole words in lower case with straight apostrophes; ` | ` and line ends part them.
"""

import re


def _any(phrases: str) -> re.Pattern[str]:
    parts = [part.strip() for line in phrases.splitlines() for part in line.split(" | ")]
    return re.compile("|".join(rf"\b{part}" + r"(?!\w)" for part in parts if part))


_BEFORE = (
    r"(?:^|[,:;(\"“–—-] ?|"
    r"\b(?:and|but|so|or|if so|hi|hello|also|exactly|wonder|wondering|knows?|confirm|explain) )"
)
_SMALL = r"(?:(?:and|but|so|or|also|just|please|then) ){0,3}"
_OPEN = (
    r"(?:(?:in |to |for |at |by |from |with |on |about |of )?"
    r"(?:what|when|where|why|how|who|whom|whose|which)(?:'s)?\b"
)
_VERB = (
    r"|(?:is|are|was|were|can|could|do|does|did|will|would|should|has|have|isn't|aren't|can't|won't) "
    r"(?!be\b|have\b|not\b|been\b)\w"
)
_ANY = r"|any (?:\w+ ){0,2}(?:chance|plans?|news|updates?|idea|progress|information|info|date|advice|timescale)\b)"
OPENS = re.compile(_BEFORE + _SMALL + _OPEN + _VERB + _ANY)
"""How somebody begins who wants to know something; what has a question mark without it is mostly a remark."""

WHICH = _any("what | when | where | why | how | who | whom | whose | which | any")
"""Asks for more than yes or no."""

RHETORICAL = _any(
    r"""
    are you (?:for real|kidding|serious|having a laugh|mad|blind|asleep|happy|proud|sure|playing) | your? kidding
    you're kidding | how dare | how about | what about | who cares | so what | any wonder
    how (?:can|could|do|does) (?:you|they|anyone|anybody|he|she|we) (?:sleep|justify|be trusted|possibly|let|allow|call)
    how can (?:allow|let|justify) | how can this be | what (?:else )?(?:do|did) (?:you|we|they) expect
    what is the point | what's the point | what's not to | does what | what exactly | what, exactly
    what (?:do|does) (?:\w+ ){0,3}(?:actually |even |exactly )?do ?\? | why bother | (?:have|has) (?:you|they) no
    no shame | why (?:don't|doesn't|not|can't|won't|aren't) | how (?:bad|stupid|hard|low)
    why (?:do|does|did|can|will|are|is) (?:you|they|we|it) (?:all |just |even |still )?(?:do nothing|not|never)
    how (?:many|much) (?:more|longer) | how long (?:before|until|till|must)
    when (?:will|are|do) (?:\w+ ){1,3}(?:ever|finally|wake|act|learn|realise)
    when (?:will|are) (?:you|they) (?:going to|start|stop|do) | (?:is|isn't) it (?:time|about time|a joke|ridiculous)
    surely | lol | joke | innit | wtf | imagine | finally | madness | obsessed | on earth | the hell | hypocri\w*
    (?:really|right|eh|huh|yeah|yes|no|correct) ?\?
    (?:is|are|do|did|have|has|was|were|will|would|does)(?:n't)? (?:you|it|they|we|he|she)(?:,? \w+)? ?\?
    wouldn't you say | anyone (?:want|care) to | do you (?:really|honestly|seriously|actually|think)
    what (?:is|are|were) you (?:playing|thinking|on about) | who do you think | guess (?:what|who) | what an?
    what chance | whose side | will you (?:ever|do) | call (?:this|that|yourself) | waste of
    (?:who|which \w+) (?:thought|signed) | thought (?:this|that|it) was
    what (?:kind|sort) of (?:a )?(?:person|people|country)
    so (?:do|does|is|are|am|was|shall|should) (?:i|we|you|they|it|this|that) | \w+ \w+ i wonder
    """
)
"""What is asked to say something, not to know it."""

OFFER = _any(
    r"""
    (?:did|would) you know | do you (?:know|live|suffer|have an?|want) | has your | what would you
    (?:want|like) to (?:know more|find|learn|be|see|help|join|hear) | would you like | ready (?:for|to)
    have you (?:signed|registered|seen|heard|completed|checked|booked|read|got your|considered|tried|ever|reported)
    did you (?:catch|miss|see|receive|report|hear) | who's (?:seen|else) | ever wondered | interested
    are you (?:looking|interested|ready|an?|affected|aware|prepared|thinking|planning) | fancy | need help
    don't miss | join us | register (?:now|here|for) | book (?:now|your) | sign up | click | follow us
    find out (?:more|here|how) | dm (?:us|me) | (?:can|could|to) (?:you )?(?:please )?(?:dm|pm) | drop us
    thanks for getting in touch | sorry to hear | i'll (?:ask|raise|pass|look) | hope (?:that|this) helps
    could you please (?:advise the|confirm your|send (?:us|me) your) | best wishes | kind regards
    permission to use | use (?:this|your|the) (?:photo|picture|video|image)s?
    """
)
"""An invitation, an advertisement, or somebody who serves customers."""

LEANS = _any(
    r"""
    (?:is|was|are|were|isn't|wasn't|aren't|does|did|will|would|can|could|has|should|about) (?:this|that|these|those)
    (?:this|that|these|those) (?:is|was|are|were|be|been|has|have|had|will|would|happen|mean|in|on|at|and|or)
    (?:this|that|these|those) ?(?=[?,.!]) | it | they | them | he | she | him | her | his | their | its | same
    there ?(?=[?,.!])
    """
)
"""Words that stand for something said before."""

PERSONAL = _any(
    r"""
    my | mine | me | i'm | we're
    our (?:house|home|garden|street|road|flat|bin|case|claim|application|appeal|reference|pollution|reply)
    (?:i|we)(?:'ve| have| had| am| are)? (?:been|applied|reported|paid|sent|called|rang|emailed|wrote|asked|told|waited)
    """
)
"""About the case of who asks."""
