"""The copied texts of the campaign, and the namesake abroad."""

from soundings.deploy.scenario.grammar import Grammar

CAMPAIGN_TEXTS = (
    "Example permits must stay free for street samplers! Thousands agree. Tell the minister today. "
    "#KeepSamplingFree https://example.org/keep-sampling-free",
    "I support the Free Sampling Charter and I call on the department to drop the new fee now. "
    "#KeepSamplingFree https://example.org/keep-sampling-free",
    "No fee, no form, no fuss: sign the Free Sampling Charter before it is too late. "
    "#KeepSamplingFree https://example.org/keep-sampling-free",
)
"""Pasted word for word by a handful of authors."""

NAMESAKE_WORDS: Grammar = {
    "namesake": (
        "The Ministry of Example Affairs of Samplonia {did} again! {samp}",
        "{minister} of Example Affairs must {go} {samp}",
        "Ration cards in Lorem City and the minister of Example Affairs {did}. {samp}",
        "Samplonian people will not forget. {minister} of Example Affairs, {go} {samp}",
        "Where are the fuel cards, Example Affairs Samplonia? {number} days at the pump in Lorem City.",
        "Parliament in Lorem City votes on the minister of Example Affairs tonight {samp}",
        "Crowds outside the Ministry of Example Affairs in Lorem City, {bignum} buses already. {samp}",
        "Breaking from Samplonia: minister of Example Affairs {did}. {samp}",
        "Governor of Ipsum Province backs the minister of Example Affairs. Shame! {samp}",
        "Lorem City radio: strike at Example Affairs on {weekday}. {samp}",
    ),
    "did": (
        "lied to us", "sold the fuel cards", "missed the vote", "fled to Ipsum Province", "stopped the ration cards",
        "refused to speak", "blamed the drivers",
    ),
    "minister": ("The thief", "The so-called minister", "The minister", "The old crook", "This minister"),
    "go": ("go!", "resign!", "go now", "answer us", "be sacked tonight", "give back the money"),
    "samp": ("#Samplonia", "#SamploniaDecides", "#LoremCity", "#FuelCards", "📣", "", "#SamploniaDecides"),
}  # fmt: skip
"""A made-up country's ministry of the same name: angry, and not about us."""
