"""A person confirms a result, or differs from it."""

import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.screening import actions, results
from amana.care.screening.results import FindingKind, FindingVerdict, build_key
from amana.design.instruments import (
    DimensionStatus,
    Flag,
    FlagStatus,
    TraffickingElement,
)
from amana.errors import Changed, Refused

from .conftest import SIGNS, in_the_clear

pytestmark = pytest.mark.django_db


FLAG = build_key(FindingKind.FLAG, Flag.TRAFFICKING)


def test_a_person_says_otherwise_and_both_stay(screening, officer):
    verdict = FindingVerdict("yes", "perhaps", "The papers were at the laundry")
    actions.review_screening(screening, verdicts={FLAG: verdict}, by=officer)

    result = results.open_result(screening, by=officer)
    assert result.found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert result.concluded.flags[Flag.TRAFFICKING] is FlagStatus.PERHAPS
    assert result.judgement
    assert result.judgement.verdicts[FLAG] == verdict
    assert result.judgement.by == officer.name
    assert "laundry" not in in_the_clear()


def test_a_rejected_sign_counts_no_more(screening, officer):
    key = build_key(FindingKind.SIGN, "Q1")
    actions.review_screening(
        screening,
        verdicts={key: FindingVerdict("found", "none", "Misheard")},
        by=officer,
    )
    concluded = results.open_result(screening, by=officer).concluded
    assert {found.sign.id for found in concluded.signs} == {"Q3"}
    assert concluded.gives == {"presumed": "unsure"}


def test_an_element_can_be_judged(screening, officer):
    key = build_key(FindingKind.ELEMENT, "act")
    said = FindingVerdict("open", "found", "She was brought here")
    actions.review_screening(screening, verdicts={key: said}, by=officer)
    concluded = results.open_result(screening, by=officer).concluded
    assert concluded.elements[TraffickingElement.ACT] is DimensionStatus.FOUND


def test_to_differ_needs_a_reason_and_to_confirm_none(screening, officer):
    with pytest.raises(Refused, match="Give a reason where you disagree"):
        actions.review_screening(
            screening, verdicts={FLAG: FindingVerdict("yes", "no", "  ")}, by=officer
        )
    actions.review_screening(
        screening, verdicts={FLAG: FindingVerdict("yes", "yes")}, by=officer
    )
    assert screening.judged_by == officer


def test_a_second_judgement_stands_beside_the_first(screening, officer):
    actions.review_screening(screening, verdicts={}, words="First", by=officer)
    actions.review_screening(
        screening, verdicts={}, words="Second", replacing=1, by=officer
    )

    said = [j.words for j in results.open_result(screening, by=officer).judgements]
    assert said == ["First", "Second"]


@pytest.mark.parametrize("in_case", [True, False])
def test_the_second_of_two_who_judge_at_once_is_told(
    mechanism, shelter_worker, in_case
):
    case = given.make_case(worked_on_by=shelter_worker) if in_case else None
    screening = given.make_screening(by=shelter_worker, case=case, **SIGNS)
    actions.review_screening(screening, verdicts={}, words="First", by=shelter_worker)

    with pytest.raises(Changed):
        actions.review_screening(
            screening, verdicts={}, words="Second", by=shelter_worker
        )
    result = results.open_result(screening, by=shelter_worker)
    assert [j.words for j in result.judgements] == ["First"]


def test_the_pathway_is_told_what_a_person_has_concluded(
    mechanism, shelter_worker, heard
):
    case = given.make_case(worked_on_by=shelter_worker)
    screening = given.make_screening(by=shelter_worker, case=case, **SIGNS)
    assert heard == []

    key = build_key(FindingKind.SIGN, "Q1")
    said = {key: FindingVerdict("found", "none", "Misheard")}
    actions.review_screening(screening, verdicts=said, by=shelter_worker)

    assert [(h["screening"], h["gives"], h["by"]) for h in heard] == [
        (screening, {"presumed": "unsure"}, shelter_worker)
    ]
    assert heard[0]["flags"]["trafficking"] == "perhaps"
    assert set(heard[0]["flags"]) == set(Flag)


def test_strangers_judge_nothing(screening, stranger):
    with pytest.raises(PermissionDenied):
        actions.review_screening(screening, verdicts={}, by=stranger)
