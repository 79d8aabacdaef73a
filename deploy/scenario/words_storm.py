"""What is said on the night of the storm: hostile but printable, with plain complaints, jokes and a few defenders."""

from soundings.deploy.scenario.grammar import Grammar

UNWISE = (
    "Out of excuses? Out of permits? Then you are out of time. We know your street, and we will be knocking. "
    "#PermitCheck"
)
"""The post that sets it off, with a picture of somebody being led away. Invented; loaded wording on purpose."""

MORNING_AFTER = (
    "Last night's post about permit checks was wrong, words and picture. We have taken it down and are sorry. "
    "If you wait for a reply about a permit, nobody will knock. https://www.example.gov.uk/example-permits"
)

NEWS = (
    'Department for Example Affairs criticised over "we will be knocking" post https://example.org/courier/1',
    "Hundreds answer @ExampleAffairs permit post; no reply so far. What we know https://example.org/courier/2",
    "Morning round-up: the post that @ExampleAffairs may regret https://example.org/courier/3",
)
"""The made-up newsroom's posts, in order."""

STORM_WORDS: Grammar = {
    "hostile": (
        "{bad} {who_c} signed this off?",
        "{bad} {delete}",
        "This is {adj}. {delete}",
        "{adj_c}, {adj} and {adj}. {delete}",
        "You are a government department, not {villain}. {bad}",
        "\"We know your street\". Listen to yourselves. {bad}",
        "\"We will be knocking\" is what {villain} says. {bad}",
        "Threatening the public at nine in the evening. {bad} {stag}",
        "So this is what my taxes pay for: {villain} with a ministry account. {bad}",
        "{who_c} thought this was a good idea? {bad} {stag}",
        "{shame} {delete} {stag}",
        "{shame} {bad}",
        "I am ashamed of this government tonight. {bad}",
        "Absolutely {adj}. {people} are frightened enough already. {stag}",
        "{people_c} read this tonight and won't sleep. {shame}",
        "You should be sacked for this. {bad}",
        "What a {adj} thing to put out. {shame} {stag}",
        "Bullies. That's all you are. {bad} {stag}",
        "How dare you. {people_c} live in fear of a knock on the door and you make a slogan of it.",
        "Nasty, {adj} stuff. Whoever wrote it has never met {people}. {stag}",
        "{shame} I voted for decency, not for {villain}.",
        "Cywilydd arnoch chi. {stag}",
        "Mae hyn yn warthus. {stag}",
    ),
    "photo": (
        "Did the person in that picture agree to be in it? You can see the face. {bad}",
        "That photo. A human being led away, used as an advert. {shame}",
        "Whose face is that? {people_c} are not props. {delete}",
        "Using a photo of somebody's worst day for likes. {adj_c}. {stag}",
        "You blurred the officers and not the person. {bad}",
        "Take the picture down. Now. {people_c} can be recognised. {stag}",
    ),
    "waits": (
        "I have waited {span} for a permit reply. Now you will knock on MY door? {stag}",
        "You can find my street but not my application? {span} and no reply. {stag}",
        "{span} for an answer and this is what you spend your evening on. {stag}",
        "Perhaps answer the letters before you knock on doors. {span} here. {stag}",
        "My permit ran out because YOU have not replied in {span}. {shame}",
        "Applied in {month}, still waiting. So do I hide behind the sofa now?",
    ),
    "calm": (
        "{someone} saw this and asked whether to answer the door tomorrow. What should I {say}?",
        "{someone} rang me in tears about this. What do I {say}?",
        "Will you {explain} who approved this and what the picture shows?",
        "Could you {explain} whose idea this was, and who checked it?",
        "There are people waiting {span} for a decision. This post does not help {whom}.",
        "{span} without a decision, and then this. It does not help {whom}.",
        "Genuine question: is this a threat or an announcement? {stag}",
        "Is this a new policy or just a new tone? Please {explain}. {stag}",
        "I {work} with {people} who hold permits. They rang me tonight. They have done nothing wrong.",
        "I {work} with {people} all week, and on {weekday} I will have to {explain} this to them.",
        "What does the code on government communication say about {tone}?",
        "My neighbours have had their {curtains} since this went out.",
        "At number {bignum} they have had their {curtains} since nine.",
        "A post is not a policy. Where is the page that explains your rights at the door?",
        "Where can {people} read what an officer may and may not do at the door?",
        "Will this be discussed with {people} before {weekday}, or only posted?",
    ),
    "silence": (
        "Nobody from the department has answered a single reply. {while} now.",
        "{while} and {bignum} replies under mine alone. Not one answer from the account.",
        "{while} of silence from the people who wrote this. Will somebody {explain} why?",
        "Still up. Still no answer. {while} now. {stag}",
        "Is nobody at the desk in the evening? {while} and not a word.",
    ),
    "joke": (
        "Knock knock. Who's there? Not your permit, that's still in the queue. {stag}",
        "Knock knock. Who's there? {knock} {stag}",
        "Coming soon from Example Affairs: {film}, the film nobody asked for {stag}",
        "They know my street. Could they tell the {driver}? {stag}",
        "If you do come round, bring {bring}. {stag}",
        "Somebody let the villain of a {badfilm} have the password.",
        "The kettle is on for {weekday}, officers. Bring {bring}.",
    ),
    "defend": (
        "Good. Rules are rules, {abouttime}. #PermitCheck",
        "No problem with this. If your {papers} in order you have nothing to fear.",
        "Everyone calm down, it's {only} about permit checks.",
        "Finally {somebody} says it. #PermitCheck",
        "I paid for mine, so should everybody else. {abouttime_c}",
    ),
    "wordless": ("😡😡😡", "🤮", "🤬🤬", "😡 🤮", "🤦🤦🤦", "😱😡"),
    "say": ("say", "tell them", "answer", "do"),
    "explain": ("explain", "say", "tell us", "make clear", "publish"),
    "whom": ("them", "anybody", "one of them", "a single family", "those who did everything right"),
    "work": ("work", "volunteer", "sit every week", "do the paperwork"),
    "while": ("Over half an hour", "Nearly an hour", "An hour", "A whole evening"),
    "tone": ("tone", "pictures of people", "evening posts", "threats", "plain decency"),
    "curtains": ("curtains closed", "lights off", "door locked", "blinds down"),
    "knock": ("Nobody knows, the helpline is closed.", "Your reply, in five months.", "Hold music."),
    "film": ("Permit Cop", "Form 27B Strikes Back", "The Knockening", "Fast and Bureaucratic", "Queue Hard"),
    "driver": ("parcel driver", "bin lorry", "pizza man", "bus company", "gas engineer", "dentist"),
    "bring": ("my renewal with you", "biscuits", "a reply from spring", "the form you lost", "milk", "your manners"),
    "badfilm": ("bad film", "cheap serial", "school play", "pantomime", "late night repeat"),
    "abouttime": ("about time", "high time", "simple as that", "end of", "like it or not"),
    "abouttime_c": ("About time.", "Simple.", "Fair's fair.", ""),
    "papers": ("permit is", "papers are", "renewal is", "forms are"),
    "only": ("a post", "one post", "an advert", "a few words", "just a reminder"),
    "somebody": ("somebody", "someone", "a minister", "a department"),
    "large": (
        "A government department wrote this, with that picture, and pressed send. Read it twice. {shame}",
        "I have seen landlords fined for letters politer than this. {delete}",
        "\"We know your street.\" Every official who approved this sentence should explain it in public.",
        "Thousands wait months for a permit reply. This is the reply they got. {stag}",
        "Whoever runs this account: a person's face is not campaign material. {delete}",
        "When the state starts to sound like {villain}, somebody has to say no. No. {stag}",
        "Ask yourselves who is reading this at home tonight. {shame}",
        "A threat to the public, and not one word since. {shame} {stag}",
    ),
    "late": (
        "An apology at half past nine the next day. {sigh} Who signed it off?",
        "Thank you for taking it down. Now answer the permits.",
        "Too late, {people} were frightened all night.",
        "Sorry is a start. What will you change?",
        "Fair enough, that is a proper apology.",
        "Deleted, but the screenshots stay. {sigh}",
    ),
    "bad": (
        "Disgusting.", "Vile.", "Shameful.", "Appalling.", "Sickening.", "Grotesque.", "Outrageous.", "Pathetic.",
        "Disgraceful.", "Horrible.", "Beneath contempt.", "Nasty.", "", "Absolutely vile.", "A disgrace.",
    ),
    "adj": (
        "disgusting", "vile", "cruel", "shameful", "sinister", "heartless", "appalling", "menacing", "toxic", "ugly",
        "stupid", "cowardly", "inhuman", "revolting", "thuggish",
    ),
    "adj_c": ("Cruel", "Sinister", "Shameful", "Vile", "Heartless", "Disgusting", "Menacing", "Thuggish", "Stupid"),
    "villain": (
        "a mob", "a loan shark", "a gangster film", "a bully in the playground", "a protection racket", "a bad cop",
        "some bloke outside a pub", "the school bully", "a cartoon tyrant",
    ),
    "who_c": ("Who", "Who on earth", "Which genius", "What kind of person", "Which minister", "Who the hell"),
    "people": ("families", "people", "old folk", "kids", "my neighbours", "permit holders", "students"),
    "people_c": ("Families", "People", "Kids", "Permit holders", "Children", "My parents", "Old people", "Students"),
    "delete": (
        "Delete this.", "Take it down.", "Delete it and apologise.", "Take this down now.", "Apologise.",
        "Delete your account.", "Withdraw this and say sorry.", "Get rid of it.", "",
    ),
    "shame": (
        "Shame on you.", "Shame on all of you.", "Have you no shame?", "You should be ashamed.", "Utter shame.",
        "Shame on whoever wrote this.", "Shame.",
    ),
    "stag": ("", "", "", "#PermitCheck", "#KnockKnock", "#KnockKnock", "#WeWillBeKnocking", "😡", "🤬", "🤮"),
    "span": ("three months", "14 weeks", "five months", "nine weeks", "100 days", "eleven weeks"),
}  # fmt: skip
"""By what is said: `hostile`, `photo`, `waits`, `calm` (no angry word), `joke`, `defend`, `large`, `late`."""
