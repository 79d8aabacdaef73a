"""What a micro-cluster counts in a week."""

from soundings.services.domain.posts import PostKind
from soundings.services.domain.themes import ThemePost
from soundings.services.themes.tallies import ADDRESSED_KEPT, VOICES_KEPT, Tally, distinct, merged
from soundings.services.themes.words import number_of


def counted(*texts: str, new_text: bool = True) -> Tally:
    tally = Tally()
    for number, text in enumerate(texts):
        tally.count(ThemePost(id=str(number), text=text), number, new_text=new_text)
    return tally


def test_a_handle_counts_once_a_text_and_not_again_in_copies() -> None:
    assert counted("@desk late, @desk!", "late @Desk").addressed == {number_of("@desk"): 2}
    assert not counted("@desk late", new_text=False).addressed


def test_the_handles_that_most_texts_name_are_kept() -> None:
    """A list of everybody, pasted into a text, does not push out whom people talk to."""
    lists = [" ".join(f"@someone_{batch}_{n}" for n in range(ADDRESSED_KEPT)) for batch in range(5)]
    tally = counted("@desk late", "@desk again", *lists)
    assert len(tally.addressed) <= 2 * ADDRESSED_KEPT
    assert tally.addressed[number_of("@desk")] == 2


def test_of_two_micro_clusters_that_become_one_the_texts_that_name_a_handle_add_up() -> None:
    both = merged([{"2026-W10": counted("@desk late")}, {"2026-W10": counted("@desk again", "@quay")}])
    assert both["2026-W10"].addressed == {number_of("@desk"): 2, number_of("@quay"): 1}


def test_a_repost_of_a_text_not_seen_before_names_whom_it_names() -> None:
    tally = Tally()
    post = ThemePost(id="1", text="RT @ferry_fan: late again @desk", kind=PostKind.REPOST)
    tally.count(post, 1, new_text=True)
    assert tally.addressed == {number_of("@desk"): 1}


def test_people_are_told_exactly_while_few_and_about_right_however_many() -> None:
    """Also at the very moment when hashes are dropped, and after adding up two weeks."""
    tally, double = Tally(), Tally()
    for number in range(1, 3 * VOICES_KEPT * 2):
        tally.count(ThemePost(id=str(number), text="late", voice=f"v{number}"), number, new_text=False)
        told = distinct(tally.voices)
        assert told == number if number <= VOICES_KEPT else abs(told - number) < 0.25 * number
    double.add(tally)
    double.add(tally)
    assert distinct(double.voices) == distinct(tally.voices)
