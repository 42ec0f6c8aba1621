from hypothesis import given, settings
from hypothesis import strategies as st

from amana.academy.community.mentoring.matching import (
    PairCandidate,
    PairingReason,
    suggest_mentors,
)

HALVES = st.builds(
    PairCandidate,
    id=st.integers(1, 50),
    person=st.integers(1, 8),
    sector=st.sampled_from(["health", "justice"]),
    languages=st.frozensets(st.sampled_from(["en", "fr", "ar"])),
    region=st.sampled_from(["", "Kilima", " kilima"]),
    most=st.integers(1, 3),
    load=st.integers(0, 3),
)


@settings(max_examples=60)
@given(HALVES, st.lists(HALVES, max_size=8), st.frozensets(st.integers(1, 8)))
def test_whoever_is_suggested_has_room_and_a_language_and_is_somebody_new(
    mentee, mentors, tried
):
    found = suggest_mentors(mentee, mentors, tried)

    fits = [
        m
        for m in mentors
        if m.person != mentee.person
        and m.person not in tried
        and m.load < m.most
        and m.languages & mentee.languages
    ]
    assert sorted(suggestion.mentor.id for suggestion in found) == sorted(
        m.id for m in fits
    )
    counts = [len(suggestion.reasons) for suggestion in found]
    assert counts == sorted(counts, reverse=True)
    for suggestion in found:
        same = (
            suggestion.mentor.region.strip().lower()
            == mentee.region.strip().lower()
            != ""
        )
        assert (PairingReason.REGION in suggestion.reasons) == same
