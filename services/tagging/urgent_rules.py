"""The rules of `urgent`: what a sentence must show, what the text must hold, which figures of speech to let go."""

import re
from dataclasses import dataclass
from functools import partial

from soundings.services.domain.urgent import UrgencyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    kind: UrgencyKind
    reason: str
    seen: re.Pattern[str]
    """Within one sentence."""
    stands_back: bool
    """Whether advice, news and stories silence it (`ASIDE`)."""
    needs: re.Pattern[str] | None
    """Must be met somewhere in the text as well: what makes the danger bodily."""
    unless: re.Pattern[str] | None
    """Figures of speech that use the same words, within the sentence."""


def _rule(
    kind: UrgencyKind,
    reason: str,
    *seen: str,
    stands_back: bool = True,
    needs: re.Pattern[str] | None = None,
    unless: str | None = None,
) -> Rule:
    return Rule(
        kind=kind,
        reason=reason,
        seen=re.compile("|".join(rf"\b(?:{one})" for one in seen)),
        stands_back=stands_back,
        needs=needs,
        unless=re.compile(rf"\b(?:{unless})\b") if unless else None,
    )


_life = partial(_rule, UrgencyKind.RISK_TO_LIFE)
_despair = partial(_rule, UrgencyKind.RISK_TO_LIFE, stands_back=False)
_threat = partial(_rule, UrgencyKind.THREAT_TO_STAFF, stands_back=False)

_KIN = (
    "(?:mum|mother|mam|dad|father|wife|husband|partner|son|daughter|baby|child|children|kids|family|parents|nan|gran|"
    "grandma|grandmother|grandad|grandfather|brother|sister|friend|neighbours?|uncle|aunt|colleague|tenant)"
)
_ONE = "(?:man|woman|child|boy|girl|person|family|couple|driver|lady|lad|kayaker|swimmer|paddleboarder|walker|motorist)"
_SEVERAL = "(?:people|men|women|children|kids|adults|lads|passengers|residents|families)"
_NUMBER = "(?:0|two|three|four|five|six|several|some|many|dozens of|a few)"
_SOMEBODY = (
    rf"(?:people|someone|somebody|residents|children|(?:a|an|another|one|this|the) (?:\w+ )?{_ONE}"
    rf"|{_NUMBER} (?:\w+ )?{_SEVERAL})"
)
_MINE = rf"(?:my|our) (?:\w+ ){{0,3}}{_KIN}(?: and \w+(?: \w+)?)?(?: is| are|'s)"
_ANYBODY = rf"(?:i am|i'm|im|we are|we're|{_MINE}|{_SOMEBODY}(?: is| are|'s)?)"
_NOW = "(?: (?:still|now|currently|all|both|completely|also|here|just|really|inside|been)){0,3}"
_DANGER = re.compile(
    r"\b(?:water|flood\w*|roof|attic|loft|upstairs|upper floor|rising|river|tide|sea|cliff|fire|smoke|flames|sinking|"
    r"rubble|drown\w*|submerged|swept|mud|dinghy|boat|hypotherm\w*|oxygen|insulin|dialysis|wheelchair)\b"
)
_WET = re.compile(
    r"\b(?:water|flood\w*|rising|river|tide|stream|submerged|fire|smoke|flames|send (?:help|some(?:one|body)))\b"
)
_NEAR = rf"(?:(?:my|our|the|an?) (?:\w+[ -]){{0,3}}(?:{_KIN}|{_ONE}|lodger)|we|i|{_SOMEBODY})"
_CANNOT = "(?:can't|cant|cannot|can not|could not|couldn't|unable to|not able to)"
_OWN_LIFE = "(?:kill (?:himself|herself|themselves)|(?:take|end) (?:his|her|their) (?:own )?(?:life|lives))"
_TODAY = "(?:last night|tonight|today|this morning|just now|right now)"
_STAFF = (
    "(?:you|you lot|you all|all of you|every one of you|one of you|your (?:\\w+ )?(?:staff|officers?|workers?|people|"
    "inspectors?|engineers?|boss|bosses|managers?|crews?|teams?|family|families|kids|children|office|minister)|"
    "(?:the|that|this) (?:\\w+ )?(?:officer|inspector|engineer|minister|caseworker|case worker|official|bailiff)s?)"
)
_HARM = "(?:kill|shoot|stab|murder|lynch|behead|petrol bomb|firebomb|bomb|batter|strangle|torch|string up|kneecap)"
_HARMED = "(?:shot|hanged|hung(?! out)|lynched|stabbed|strung up|beheaded|put against a wall|burn(?:ed|t) alive)"
_PLACE = "(?:your|the|that) (?:\\w+ )?(?:office|offices|building|depot|headquarters|hq|house|home|van|job ?centre)"
_ATTACK = "(?:burn|burning|blow|blowing|bomb|bombing|torch|torching|petrol bomb|firebomb|smash up|shoot up)"
_WEAPON = "(?:knife|gun|shotgun|machete|axe|baseball bat|hammer|petrol)"
_ABSTRACT = (
    "paperwork|emails?|work|debt|admin|homework|bills|forms|meetings|red tape|bureaucracy|data|messages|sorrows?"
)

RULES = (
    _life(
        "somebody says that people are trapped or cut off",
        rf"{_ANYBODY}{_NOW} (?:trapped|stranded|marooned|stuck|cut off)\b",
        needs=_DANGER,
        unless="traffic|queue|hold|cycle|past|feel|feels|feeling|felt|as if|as though|like|homework|trains?|bus|"
        "station|airport|with (?:this|these|the|our)|decisions?|process|council|system|funding|services",
    ),
    _life(
        "somebody says that people cannot get out",
        rf"{_NEAR}\b.{{0,40}} {_CANNOT} get (?:out\b(?! (?:more|much|and about|of (?:bed|my|the (?:contract|drive))))"
        r"|upstairs|downstairs|up the stairs|down the stairs|to safety)\b",
        r"(?:car|van|lorry|vehicle|caravan|house|flat|tent|boat)\b.{0,60}\b(?:somebody|someone|people|a person|children"
        r"|the driver|a driver|a family)(?: is| are|'s)? (?:still|stuck) (?:in (?:it|there)|inside)\b",
        rf"{_NEAR}(?: is| are|'s|'re|'m| am){_NOW}(?: up)? on (?:the|our|a|his|her|their) (?:\w+ )?roof\b",
        needs=_WET,
        unless="traffic|bins?|for a walk|to the shops|refund|parking|driveway|dog|cat|working|fixing|repairing|solar",
    ),
    _life(
        "somebody asks to be rescued",
        rf"(?:please|pls|someone|somebody|anyone|you|urgently)(?: come and)? (?:rescue|save) (?:us|me|my {_KIN})\b",
        r"needs? (?:rescuing|to be rescued|rescue|evacuating|a boat|the lifeboat)\b",
        r"(?:awaiting rescue|waiting (?:for rescue|to be rescued))\b",
        r"send (?:a |the )?(?:boat|lifeboat|helicopter|coastguard|rescue)\b",
        needs=_DANGER,
        unless=rf"from (?:this|these|the|your|our) (?:\w+ )?(?:government|council|tories|{_ABSTRACT})|economy|planet"
        "|dog|cat",
    ),
    _life(
        "somebody is in the water or being swept away",
        rf"{_SOMEBODY}(?: has| have| is| are|'s)?(?: just)? (?:fallen|fell|gone|jumped|being swept|been swept|swept|"
        r"struggling|in difficulty|clinging)\b.{0,30}\b(?:river|canal|water|sea|weir|lake|away|lock|tree)\b",
        unless="was|were|training|litter|found",
    ),
    _life(
        "somebody is drowning",
        rf"{_ANYBODY}{_NOW} drowning\b(?! (?:in|under)(?! the (?:river|sea|water|lake|canal|weir)))",
        unless=f"noise|sewage|{_ABSTRACT}",
    ),
    _life(
        "somebody is not breathing or unconscious",
        rf"(?:{_SOMEBODY}|{_MINE}|he|she)(?: is| are|'s)?{_NOW} (?:unconscious|not breathing|having a heart attack)\b",
    ),
    _despair(
        "somebody speaks of ending their own life",
        r"i(?: am|'m|m| will|'ll| just| really| want| have decided| might as well| feel like)*(?: going| gonna| about"
        r"| thinking of| ready)?(?: to)? (?:kill(?:ing)? myself|end(?:ing)? (?:it all|my (?:own )?life)"
        r"|tak(?:e|ing) my (?:own )?life|die(?= tonight| now|\W*$))",
        r"i(?: am|'m|m)?(?: so| feeling| really| now)* suicidal\b",
        r"i (?:don't|dont|do not|no longer) want to (?:be alive|live any ?more|be here any ?more|live)(?=\W*$)",
        r"i(?:'d| would)? (?:be |am )better off dead\b",
        unless="laugh|laughing|embarrassment|cringe|for a (?:pint|coffee)|on this hill|if i (?:have|hear|see)|almost",
    ),
    _despair(
        "somebody close is suicidal or has just tried",
        rf"(?:my|our|a) (?:\w+ ){{0,2}}(?:{_KIN}|man|woman|resident|lad)(?: is| has|'s)?(?: now| feeling| been)* "
        r"(?:suicidal|threaten(?:ing|ed) to (?:kill|end|jump))\b",
        rf"(?:tried|trying|attempted|attempting|wants|going) to {_OWN_LIFE}\b.{{0,80}}\b{_TODAY}\b",
        rf"{_TODAY}\b.{{0,200}}\b(?:tried|attempted) to {_OWN_LIFE}\b",
    ),
    _threat(
        "somebody says that they will hurt staff",
        r"(?:i|we|i'll|we'll|somebody|someone)(?: am| are|'m|'re| will| swear i will| swear i'll)?(?: going to| gonna"
        rf"| want to| is going to| will| should| needs to| ought to| would love to)? {_HARM} {_STAFF}\b",
        unless="kindness|with laughter|to (?:reply|answer|ask|say|help)|you (?:an?|some|over|the)|the messenger",
    ),
    _threat(
        "somebody says that staff deserve to be killed or hurt",
        rf"{_STAFF}(?: all| both| really| just)? (?:deserves?|needs?|should|ought|want)(?: all| to)*(?: be| get)? "
        rf"{_HARMED}\b",
        r"i hope (?:you|your (?:\w+ )?(?:staff|family|kids|children|officers))(?: all)? "
        r"(?:die|get (?:shot|stabbed|killed))\b",
        unless="dawn|curtain|film|photo|video|flag",
    ),
    _threat(
        "somebody says that they know where staff live, or to watch their backs",
        r"(?:i|we)(?:'ll| will)? (?:know|find|found)(?: out)? where (?:you|you all|your (?:staff|family|kids|officers|"
        r"inspector)|he|she|they) (?:all )?(?:live|lives|sleep|sleeps|park|parks)\b",
        r"(?:better|you) watch your backs?\b",
    ),
    _threat(
        "somebody speaks of attacking a place of work",
        rf"(?:i|we|i'll|we'll|i'm|we're|someone|somebody)\b.{{0,30}}\b{_ATTACK}(?: up| down)? {_PLACE}\b",
        rf"(?:coming|come|turn up|going)\b.{{0,40}}\bwith (?:a|my) {_WEAPON}\b",
        unless="worried|afraid|someone has|somebody has|smell|gas|tree|garden|log",
    ),
)

ASIDE = re.compile(
    # Advice and supposition: nobody is in danger yet.
    r"\b(?:if (?:you|your|you're|anyone|someone|somebody|people|we|i|a|the|it|there)|never|don't|do not|in case|"
    r"imagine|could be|might be|would be|can be|may be|risk of|avoid|prevent|not (?:trapped|stranded|stuck)|"
    r"(?:nobody|no one|no-one) (?:is|was|has been|got) (?:hurt|injured|trapped|stranded|stuck)|"
    # Past, news and pretence.
    r"was|had been|used to|years? ago|yesterday|involved|attended|last (?:year|week|month|winter|summer)|rescued|"
    r"were (?:trapped|stranded|stuck|cut)|exercise|training|drill|scenario|simulat\w+|film|movie|novel|book|episode|"
    r"documentary|drama|game|quiz|anniversary|jailed|sentenced|convicted|court|charged|inquest|headline|history|"
    # Not people.
    r"remember when|fish|swans?|birds?|sheep|cattle|cows?|horses?|deer|hedgehogs?|otters?|seals?|ducks?|ducklings?|"
    r"cygnets?)\b"
)
