"""The numbers of the method, one setting for every stream, each with its reason (docs/methods/themes.md)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    micro_clusters: int = 1536
    """Live micro-clusters of a stream: three to ten times the themes of the largest collections measured; finding
    the nearest of them takes 25 microseconds."""
    vocabulary: int = 16_384
    """Words kept: a department's half year of posts uses about 12,000 more than once."""
    words_share: float = 0.4
    """Weight of words against static embeddings. Between .2 and .4 every collection is within .01 AMI of its best;
    the upper end, because names and places (which only words know) tell departments' themes apart."""
    join: float = 5.0
    """Standard deviations above the usual similarity at which a post joins a micro-cluster: tight, for what is joined
    is never parted; at 4 the news collections lose .005 AMI, above 5 there are more clusters and no better themes."""
    join_crowded: float = 4.0
    """The same where there is no more room: gradually looser, so that a stream of many subjects does not spend its
    time on making room."""
    same_theme: float = 2.05
    """The same for two micro-clusters of one theme: the best cut of four collections lies between 1.75 and 2.5; what
    was one theme before and whom posts address joins a stream's themes beside it."""
    stray: float = 3.0
    """Texts of a group below which it is a stray: it goes to the theme it resembles most, if by `stray_joins`
    deviations. A fifth fewer themes on every collection, at no loss of AMI."""
    stray_joins: float = 1.25
    """So many deviations are enough for what is small; also for the theme that a new micro-cluster is said to be of at
    once: with more, a third more themes are named that are never heard of again."""
    far_apart: int = 1_000
    """Texts between two micro-clusters after which they must be one deviation more alike to be one theme: what is
    said at another time is more often another matter."""
    by_words: float = 1.5
    """Deviations that one nat of lift counts for when micro-clusters are moved and themes joined (`lift`). Without,
    every collection loses .005 to .015 AMI; between 1 and 2 none moves by more than .005."""
    by_addressed: float = 0.07
    """Of a post that a handle in it counts as beside its words: rather more than a word does. With .04 to .1 keyword
    rules are met alike; without handles three themes hold 83 % of what an agency hears most, with them 88 %."""
    by_past: float = 1.25
    """Deviations that having been one theme before counts for (`past`), in streams whose posts have times: in a week
    7 % of an agency's posts of the last month then change their theme, without it 14 %. With 2 pieces of one matter
    stay pieces."""
    past_doubt: float = 30.0
    """Texts at which a theme's past counts by half: a large one is what people were told of, a small one may be a
    piece of another."""
    by_same_voices: float = 20.0
    """Deviations that wholly the same voices count for. Two wordings of one matter (a smell, its source, a permit)
    share few words but people; a twentieth in common, which is rare between matters, bridges one deviation."""
    least_voices: int = 5
    """Voices of a theme below which that is not looked at."""
    promoted: int = 20
    """Copies after which a text has a micro-cluster of its own for all further ones: it is no longer one voice in a
    matter but a matter."""
    one_for_room: float = 3.0
    """Deviations from which two micro-clusters of a theme become one to make room, unless both are viral: what is
    less alike may still turn out to be two matters, and of what is forgotten the theme stays known."""
    viral: int = 50
    """Copies a text from which a micro-cluster must be `viral_apart` deviations more alike to be taken into a theme."""
    viral_apart: float = 2.0
    least_share: float = 1 / 1_000
    """Of a stream's posts and reposts: a smaller group is no theme. Three a week where an agency of 3,000 mentions
    a week was measured. Not asked of posts without times, which are a collection, where nothing recurs."""
    least_support: int = 3
    """One person and somebody who answers are no theme; three posts may be."""
    regroup_posts: int = 4_000
    """New texts after which themes are formed anew, if neither a week ends nor room is needed before."""
    copies_remembered: int = 32_768
    """Texts whose exact copies are recognised: a busy month of the agency stream that was measured."""
    ids_remembered: int = 16_384
    """Post ids of which a second delivery is recognised: more than can be in flight after a crash. What a source
    sends again after weeks, intake has found out before."""
    weeks_remembered: int = 13
    """A quarter: what `recurring in n of the last m weeks` can look back on, and as long as a pseudonym lasts."""
    half_life_weeks: float = 8.0
    """Old posts weigh half after two months of event time, so that a theme follows its subject. Streams without times
    do not fade."""
    least_mass: float = 0.25
    """Micro-clusters below are forgotten: one post unseen for four months."""
    storm_minute: int = 60_000
    """New texts of one minute of event time above which a sample is read: a quarter of what a core can do, so that a
    storm of one department leaves room for the others."""
    samples: int = 256
    """Posts kept, chosen by hash over the whole stream, to measure the usual similarity on."""
    pairs: int = 4
    """How many of them a new text is compared with."""


def least_support(posts: int, tuning: Tuning, *, timed: bool) -> int:
    """Posts and reposts below which a group is no theme, of a stream of so many; `timed` if its posts have times."""
    return max(tuning.least_support, round(posts * tuning.least_share)) if timed else tuning.least_support
