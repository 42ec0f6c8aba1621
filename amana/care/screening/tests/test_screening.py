"""An instrument is filled in with a person, and leads to its result."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.screening import actions, results
from amana.care.screening.models import Screening
from amana.design.instruments import Flag, FlagStatus
from amana.errors import Refused
from amana.trust.access.models import Role, Sphere
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Document, Parcel

from .conftest import SIGNS, in_the_clear

pytestmark = pytest.mark.django_db


# --- screening


def test_what_was_answered_lies_sealed_part_by_part(screening):
    parts = set(Parcel.objects.values_list("part", flat=True))

    assert {C.IDENTITY, C.NEEDS, C.NARRATIVE} <= parts
    assert "canary" not in in_the_clear()


def test_whoever_screened_sees_what_it_may_be_signs_of(screening, officer):
    result = results.open_result(screening, by=officer)

    assert {found.sign.id for found in result.found.signs} == {"Q1", "Q3"}
    assert result.found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert result.found.gives == {"presumed": "yes"}
    assert result.found.follows


def test_a_screening_without_signs_leads_somewhere_too(mechanism, officer):
    no: dict[str, Any] = dict.fromkeys(
        ("forced", "pay_debt", "papers_held", "threatened"), "no"
    )
    screening = given.make_screening(by=officer, age_group="adult", **no)

    found = results.open_result(screening, by=officer).found
    assert found.gives == {"presumed": "no"}
    assert found.follows


def test_screening_and_looking_at_it_are_written_down(screening, officer):
    results.open_result(screening, by=officer)

    dids = set(AuditEvent.objects.values_list("did", flat=True))
    assert {"screened", "opened parcel"} <= dids


def test_in_a_case_it_is_sealed_in_the_case(mechanism, shelter_worker):
    case = given.make_case(worked_on_by=shelter_worker)
    screening = given.make_screening(by=shelter_worker, case=case, **SIGNS)

    assert not Parcel.objects.exists()
    assert Document.objects.filter(name=screening.document).count() >= 3
    found = results.open_result(screening, by=shelter_worker).found
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.YES


def test_answers_that_can_not_be_right_are_refused(mechanism, officer):
    with pytest.raises(Refused, match="can’t be right"):
        given.make_screening(by=officer, hours="many")
    assert not Screening.objects.exists()


def test_only_an_instrument_of_an_adopted_version_can_be_used(mechanism, officer):
    from amana.design.mechanism import actions as versions

    with pytest.raises(Refused, match="does not have this screening"):
        given.make_screening(by=officer, instrument="horoscope", **SIGNS)
    draft = versions.begin_draft(mechanism, by=given.make_worker(role=Role.COORDINATOR))
    with pytest.raises(Refused, match="not been adopted"):
        given.make_screening(by=officer, version=draft, **SIGNS)


def test_nobody_screens_for_a_team_whose_key_they_do_not_hold(mechanism, shelter):
    asked = {"instrument": "first", "version": mechanism, "answers": SIGNS}
    for nobody in (
        given.make_worker(),
        given.make_worker(of=shelter, role=Role.COORDINATOR),
    ):
        with pytest.raises(PermissionDenied):
            actions.screen_person(shelter, by=nobody, **asked)


def test_nobody_screens_in_a_case_that_is_not_theirs(mechanism, stranger):
    case = given.make_case()
    with pytest.raises(PermissionDenied):
        actions.screen_case(
            case, instrument="first", version=mechanism, answers=SIGNS, by=stranger
        )


def test_whoever_may_be_a_child_is_one_though_the_form_was_left_empty(
    mechanism, officer
):
    screening = actions.screen_person(
        officer.memberships.get().team,
        instrument="first",
        version=mechanism,
        answers={"forced": "yes"},
        child=True,
        by=officer,
    )
    found = results.open_result(screening, by=officer).found
    assert found.child
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.YES


# --- need-to-know in a case


def test_health_detail_stays_with_health_and_the_need_is_known(
    mechanism, shelter_worker
):
    """A form with a question in the health part: only that there is a need is seen."""
    case = given.make_case(worked_on_by=shelter_worker)
    screening = given.make_screening(by=shelter_worker, case=case, burns="yes")
    wrote = results.open_result(screening, by=shelter_worker)
    assert "Q5" in {found.sign.id for found in wrote.found.signs}

    actions.review_screening(screening, verdicts={}, by=shelter_worker)

    result = results.open_result(screening, by=shelter_worker)
    assert C.HEALTH not in result.sealed.parts
    assert "Q5" not in {found.sign.id for found in result.found.signs}
    assert result.found.flags[Flag.HEALTH] is FlagStatus.YES


def test_a_clinic_reads_its_own_part(mechanism):
    clinic = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    nurse = given.make_worker(of=clinic)
    case = given.make_case(worked_on_by=nurse)
    screening = given.make_screening(by=nurse, case=case, burns="yes")
    actions.review_screening(screening, verdicts={}, by=nurse)

    assert "burns" in results.open_result(screening, by=nurse).sealed.answers
