"""Phrases that tell what somebody does by posting, by family: written down, not learned, so each can be argued with.

A phrase is matched on whole words, after `normalise`; `0` stands for any number.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Cue(StrEnum):
    WAITING = "waiting"
    """Something owed has not come: the complaint without an angry word."""
    BLAME = "blame"
    """Judges the people addressed: what a press officer calls hostile though nobody swears."""
    INSULT = "insult"
    """Swears, or calls names; rare ones too, which few labelled posts can teach. Not the words that are also litter."""
    SARCASM = "sarcasm"
    PRAISE = "praise"
    SUGGEST = "suggest"
    REPORT = "report"
    """Says what is happening somewhere in the world."""
    CARE = "care"
    """Warns or wishes others well: bad words about the weather, not about anybody."""


_PHRASES: Mapping[Cue, str] = {
    Cue.WAITING: """
        still no | still waiting | still not | still nothing | still haven't | still hasn't | still broken | yet again
        no answer | no reply | no response | no update | no action | no sign of | no one answers | nobody answers
        never replied | never answered | never responded | not replied | not answered | not responded | no call back
        nothing has been done | nothing done | nothing has changed | nothing happens | nothing happened
        haven't heard | have not heard | not heard back | heard nothing | hear nothing | ignored my | ignored us
        been waiting | months waiting | weeks waiting | months later | weeks later | years later | months on | weeks on
        for months | for weeks | for years | 0 months and | 0 weeks and | months and | weeks and | how much longer
        how long will | how long does it take | when will you | when are you going to | why haven't | why hasn't
        passed from pillar to post | on hold | cut off | line is dead | keeps ringing | rings out | chasing | chased
        reported this | reported it | again and again | 0th time | nd time | rd time | third time | second time
        ignoring | gone unanswered | unanswered | unresolved | overdue | let down | fobbed off | not good enough
        not fit for purpose | not acceptable | unacceptable | isn't good enough | get a grip | sort it out
        sort this out
        """,
    Cue.BLAME: """
        shame on | in shame | shameful | shameless | ashamed of yourselves | should be ashamed | disgrace
        disgraceful | disgraced | disgusting | disgusted | resign | resignation | should go | must go | has to go
        have to go | sack | sacked | step down | stand down | useless | pathetic | incompetent | incompetence
        incompetents | inept | ineptitude | clueless | hopeless | spineless | toothless | gutless | cowards | cowardly
        ineffective | ineffectual | liar | liars | lying | lies | lied | dishonest | corrupt | corruption | crooks
        complicit | complicity | negligent | negligence | cover up | cover - up | coverup | covering up | covered up
        whitewash | cronies | crony | cronyism | conned | conning | deceit | misleading | misled | hypocrite
        hypocrites | hypocrisy | farce | hypocritical | fiasco | shambles | shambolic | a joke | joke of a
        laughing stock | laughable | embarrassing | embarrassment | dismal | appalling | abysmal | atrocious | woeful
        dreadful | shocking | horrendous | ridiculous | ludicrous | absurd | unbelievable | staggering | madness
        insane | travesty | dereliction | failed us | failing us | you failed | you have failed | you've failed
        have failed | has failed | failed organisation | failing organisation | not fit for purpose | notfitforpurpose
        unfit for purpose | waste of money | waste of space | waste of time | wasting our | wasting money
        how dare you | how can you | how could you | do your job | doing your job | do your jobs | don't care
        doesn't care | not care | don't give a | doesn't give a | couldn't care less | could not care less
        give a damn | blood on your hands | held to account | hold them to account | no accountability | unaccountable
        answer for this | in the pocket | in bed with | turning a blind eye | turn a blind eye | turned a blind eye
        look the other way | looks the other way | looking the other way | sit on your hands | sitting on your hands
        sits on its hands | sit on their hands | sitting on their hands | washing their hands | wash your hands
        washed their hands | pass the buck | passing the buck | passed the buck | asleep at the wheel | nonsense
        bullshit | bollocks | scandal | scandalous | outrage | outrageous | inexcusable | unforgivable | indefensible
        sick of you | sick of your | fed up with you | fed up of you | enough is enough | no excuse | no excuses
        excuses | propaganda | greenwash | greenwashing | vile | heartless | cruel | callous | inhumane | bullying
        arrogant | arrogance | contempt | contemptible | you people | mismanagement | mismanaged | incapable
        what is the point of | what's the point of | can't be trusted | cannot be trusted | cannot trust | can't trust
        no trust in | lost all trust | lost all faith | no faith in | hide behind | hiding behind | on the take
        backhanders | brown envelopes | in denial | out of touch | discredited | failure | failures | had failed
        mediocrity | mediocre | time to go | time for change | does nothing | do nothing | doing nothing
        done nothing | taking responsibility | take responsibility | takes responsibility | avoid scrutiny
        ripped off | rip off | no control over | what else do we | worse and worse | bad to worse
        too little too late | ivory tower | jobs for the boys | should be prosecuted | should be jailed
        absolute rubbish | load of rubbish | is rubbish | are rubbish | talking rubbish | all spin | a load of crap
        utter crap
        """,
    Cue.INSULT: """
        idiot | idiots | idiotic | moron | morons | moronic | stupid | stupidity | dumb | dumbass | imbecile
        imbeciles | cretin | cretins | halfwit | numpty | numpties | plonker | plonkers | muppet | muppets | clown
        clowns | git | fool | fools | brainless | twit | twits | dimwit | airhead | loser | losers | dickhead
        dickheads | dick | dicks | prick | pricks | twat | twats | cunt | cunts | wanker | wankers | tosser | tossers
        bellend | knobhead | arse | arsehole | arseholes | asshole | assholes | bastard | bastards | bitch | bitches
        bitching | slut | whore | whores | fuck | fucks | fucked | fucker | fuckers | fucking | fuckin | fuckwit | fck
        effing | wtf | stfu | gtfo | shit | shits | shitty | shite | shithole | shitshow | bullshit | bs | crap
        crappy | piss | pissed | piss off | sod off | bugger off | bollocks | balls up | screw you | go to hell | suck
        sucks | scum | scumbag | scumbags | weasel | creep | creeps | pervert | perverts | pedo | pedos | nonce
        psycho | lunatic | lunatics | nutter | nutters | nutjob | retard | retards | retarded | bigot | bigots
        racist | racists | sexist | misogynist | nazi | nazis | fascist | fascists | traitor | traitors | commie
        commies | libtard | libtards | snowflake | snowflakes | toff | toffs | liar | liars | thug | thugs | crook
        crooks | thief | thieves | coward | cowards | ugly | gobshite | evil | disgusting | pathetic | shut up
        douche | douchebag | jerk | jerks | hag | tosh | twaddle | pompous
        """,
    Cue.SARCASM: """
        well done on failing | well done for failing | slow clap | thanks for nothing | thanks a lot for nothing
        for nothing | oh great | oh well done | yeah right | aye right | what a surprise | surprise surprise | ho hum
        so much for | nothing to see here | does what exactly | do what exactly | doing what exactly
        proud of yourselves
        what exactly do you | what exactly does | can't make it up | can't make this | couldn't make it up | clap clap
        back in the real world | does it again | another day another | is anyone there | anybody there | how convenient
        pull the other | hardly surprising | must be so proud | must be very proud | give yourselves a | world beating
        """,
    Cue.PRAISE: """
        thank you | thanks | thankyou | thanx | cheers for | well done | good work | great work | great job | good job
        brilliant work | amazing work | fantastic work | excellent work | great to see | good to see | lovely to see
        kudos | hats off | keep up the | much appreciated | really appreciate | grateful | so helpful | very helpful
        really helpful | brilliant job | fantastic job | amazing job | excellent job | superb | great news | good news
        congratulations to | well deserved | proud of | shout out to | hero | heroes | credit to
        impressed with | love this
        """,
    Cue.SUGGEST: """
        it would help if | please consider | you should consider | could you please add | please add
        please allow | please provide
        please make | it would be nice | it would be great | it would be good | it would be helpful | it would be useful
        would be better if | would be nice if | would be great if | would be good if | would be useful if | why not
        how about | what about | i suggest | i would suggest | i'd suggest | my suggestion | suggestion | i propose
        i recommend | i'd recommend | you should | they should | we should | there should be | should be able to
        should have | ought to | you could | could you not | have you considered | have you thought of | consider
        would like to see | i'd like to see | i would like | it'd be | needs to be | need to have | perhaps you could
        maybe you could | if you could | better to | instead of | a better way | an idea
        """,
    Cue.REPORT: """
        there is a | there's a | there are | there has been | there's been | there is no | is blocked
        is flooded | are flooded
        is overflowing | overflowing | has burst | burst its | is leaking | leaking into | spill | spilling | dumped
        fly tipping | flytipping | dead fish | pollution incident | to report | want to report | reporting a
        i have reported | just reported | have just seen | just seen | saw a | can see a | fallen tree | tree down
        road closed | road is closed | is closed | is down | not working | isn't working | stopped working | power cut
        is out | rising | water levels | levels rising | under water | underwater | outside my | near my | on my street
        in our street | at the end of | this morning | right now | currently | happening now
        """,
    Cue.CARE: """
        take care | stay safe | keep safe | be safe | be careful | be aware | be prepared | stay away from
        please avoid
        flood warning | flood alert | flood warnings | flood alerts | weather warning | severe weather | check on your
        thoughts with | thinking of | hope everyone | hope everybody | hope you are | hope you're | look after
        sign up for | find out | more information | latest information | advice | our teams | our team | on the ground
        """,
}

FAMILIES: Sequence[Cue] = tuple(Cue)

_Follower = tuple[tuple[str, ...], int]


def _index() -> dict[str, tuple[_Follower, ...]]:
    index: dict[str, list[_Follower]] = {}
    for family, phrases in _PHRASES.items():
        for line in phrases.split("\n"):
            for phrase in line.split("|"):
                if words := phrase.split():
                    index.setdefault(words[0], []).append((tuple(words[1:]), FAMILIES.index(family)))
    return {first: tuple(followers) for first, followers in index.items()}


_INDEX = _index()


def cues(tokens: Sequence[str]) -> list[int]:
    """How often each family of `FAMILIES` is met in a tokenised text."""
    counts = [0] * len(FAMILIES)
    for position, token in enumerate(tokens):
        for rest, family in _INDEX.get(token, ()):
            if not rest or tuple(tokens[position + 1 : position + 1 + len(rest)]) == rest:
                counts[family] += 1
    return counts


def insults(tokens: Sequence[str]) -> bool:
    """Whether a tokenised text swears or calls names."""
    return cues(tokens)[FAMILIES.index(Cue.INSULT)] > 0
