"""Lists that all grammars of the scenario share. Every text is invented; places and rivers do not exist."""

from soundings.deploy.scenario.grammar import Grammar

COMMON: Grammar = {
    "town": (
        "Exampleton", "Nether Sample", "Upper Sample", "Placeholder-on-Sea", "Lorem Bridge", "Little Mockup",
        "Great Mockup", "Dummyford", "Fixture Green", "Ipsum St Anne", "Long Default", "Template Cross",
    ),
    "river": ("River Lorem", "River Ipsum", "Dolor Brook", "Amet Beck", "River Sample", "Fixture Drain"),
    "street": (
        "Mill Lane", "Station Road", "Bridge Street", "the bottom of our road", "Weir Close", "the allotments",
        "the rugby club", "the car park by the weir", "Church Meadow", "Quay Street", "the underpass", "Tanner's Row",
    ),
    "someone": (
        "my mum", "my dad", "my neighbour", "my brother", "my partner", "my nan", "a friend", "my boss", "my son",
        "the lady next door", "my uncle", "our lodger",
    ),
    "number": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    "bignum": ("20", "25", "30", "35", "40", "45", "50", "55", "70", "90"),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "month": ("January", "February", "March", "April", "May", "June"),
    "hi": ("", "", "", "Hi, ", "Hello, ", "Morning all. ", "Hi team, ", "Excuse me, ", "Sorry to ask, ", "Evening. "),
    "please": ("", "", "Please let me know.", "Does anybody know?", "Asking for {someone}.", "Thank you in advance."),
    "bye": ("", "", "", "", "Thanks.", "Thank you!", "Cheers.", "Ta", "Many thanks", "Thanks in advance"),
    "smile": ("", "", "😊", "👍", "🙏", "❤️", "👏"),
    "sigh": ("", "", "", "🙄", "😤", "🤦", "🤷", "😩"),
    "kind": ("kind", "patient", "brilliant", "really helpful", "lovely", "quick", "clear", "polite"),
}  # fmt: skip
"""`someone`, `town` and the like: used inside sentences, without a capital where the language wants none."""
