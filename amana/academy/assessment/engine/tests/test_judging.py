"""A critical criterion fails the work whatever the rest; no lowest level passes."""

from hypothesis import given
from hypothesis import strategies as st

from amana.academy.assessment.engine import judging


def criterion(levels, critical=False):
    return {"critical": critical, "levels": [{}] * levels}


RUBRIC = [criterion(3), criterion(2, critical=True), criterion(3, critical=True)]
LEVELS = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2))


@given(LEVELS)
def test_work_passes_by_its_levels_alone(levels):
    plain, first, second = levels
    found = judging.compute_outcome(RUBRIC, levels)

    assert found.passed == (plain > 0 and first == 1 and second == 2)
    assert found.failed == tuple(at for at, top in ((1, 1), (2, 2)) if levels[at] < top)
    assert found.missing == ((0,) if plain == 0 else ())


@given(st.lists(st.integers(-3, 5), max_size=5))
def test_levels_fit_a_rubric_only_one_by_one(levels):
    fits = len(levels) == 3 and all(
        0 <= level < most for level, most in zip(levels, (3, 2, 3), strict=True)
    )
    assert judging.has_fitting_levels(RUBRIC, levels) == fits


def test_a_rubric_is_known_by_its_wording():
    assert judging.compute_fingerprint(RUBRIC) == judging.compute_fingerprint(
        list(RUBRIC)
    )
    assert judging.compute_fingerprint(RUBRIC) != judging.compute_fingerprint(
        RUBRIC[1:]
    )


@given(st.text(), st.text(min_size=1), st.text())
def test_a_passage_is_found_where_it_was_copied_from(before, passage, after):
    if passage.strip():
        spread = "  \n".join(f"{before} {passage} {after}".split())
        assert judging.has_passage(spread, passage)
    else:
        assert not judging.has_passage(before + passage + after, passage)
