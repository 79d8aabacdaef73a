"""Words so common that a keyword at the start of one would find nearly every post."""

COMMON = frozenset(
    # English, about the hundred most frequent of written English.
    "the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or "
    "an will my one all would there their what so up out if about who get which go me when make can like time no just "
    "him know take people into year your good some could them see other than then now look only come its over think "
    "also back after use two how our work first well way even new want because any these give day most us is are was "
    "were been has had did why please thank thanks https http www gov "
    # Welsh.
    "y yr yn a ac i o ar mae am ei eu gan wedi fod bod hyn nid ond fel pan neu".split()
)
