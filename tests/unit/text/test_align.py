"""Sentences are paired with their translations by what they share, and by their lengths."""

from shared.text.align import Bead, Traces, align

RATIO = 0.5


def sentences(*marks: str, length: int = 100) -> list[Traces]:
    """One sentence of this length for each string, with two bits for each of its letters."""
    return [
        Traces(length, bits, bits, each.count("+"))
        for each in marks
        for bits in (sum(0b11 << 2 * (ord(mark) - ord("a")) for mark in set(each) - {"+"}),)
    ]


def paired(beads: tuple[Bead, ...]) -> list[tuple[range, range]]:
    return [(range(bead.source, bead.source_end), range(bead.text, bead.text_end)) for bead in beads]


def one_to_one(*pairs: tuple[int, int]) -> list[tuple[range, range]]:
    return [(range(source, source + 1), range(text, text + 1)) for source, text in pairs]


def test_each_sentence_is_paired_with_its_own() -> None:
    beads = align(sentences("abc", "def", "ghi"), sentences("abc", "def", "ghi", length=50), RATIO)

    assert paired(beads) == one_to_one((0, 0), (1, 1), (2, 2))
    assert all(bead.fit > 10 for bead in beads)


def test_lengths_pair_what_shares_nothing() -> None:
    source = [Traces(length, 0, 0) for length in (40, 200, 40)]
    text = [Traces(length, 0, 0) for length in (20, 55, 45, 20)]

    assert paired(align(source, text, RATIO))[1] == (range(1, 2), range(1, 3))


def test_a_sentence_that_was_cut_in_two_stays_with_its_source() -> None:
    beads = align(sentences("abcd", "efgh"), sentences("ab", "cd", "efgh", length=30), RATIO)

    assert paired(beads) == [(range(1), range(2)), (range(1, 2), range(2, 3))]


def test_a_lost_sentence_is_a_gap_and_a_strange_one_a_surplus() -> None:
    lost = align(sentences("abc", "def", "ghi"), sentences("abc", "ghi", length=50), RATIO)
    strange = align(sentences("abc", "def"), sentences("abc", "xyz", "def", length=50), RATIO)

    assert [bead.source for bead in lost if bead.is_gap] == [1]
    assert [bead.text for bead in strange if bead.is_surplus] == [1]


def test_a_sentence_that_does_not_fit_says_so_and_shifts_no_other() -> None:
    beads = align(sentences("abcde", "fghij", "klmno"), sentences("abcde", "uvwxy", "klmno", length=50), RATIO)

    assert paired(beads) == one_to_one((0, 0), (1, 1), (2, 2))
    assert [bead.fit < 0 for bead in beads] == [False, True, False]


def test_what_is_counted_up_may_become_as_many_sentences() -> None:
    source = sentences("abcdefgh+++++", "xyz", length=100)
    text = sentences("ab", "cd", "ef", "gh", "a", "b", "xyz", length=20)

    assert paired(align(source, text, RATIO))[0] == (range(1), range(6))


def test_one_side_may_have_far_more_sentences_or_none() -> None:
    assert len(align(sentences("a"), sentences(*["b"] * 60), RATIO)) >= 20
    assert all(bead.is_surplus for bead in align([], sentences("a", "b"), RATIO))
    assert align([], [], RATIO) == ()
