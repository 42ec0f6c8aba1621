"""A screening goes into a case, or ends without one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Urgency
from amana.care.screening import actions, results
from amana.care.screening.models import Screening, ScreeningOutcome, ScreeningStage
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.retention import erasing
from amana.trust.vault import parcels
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Parcel
from tests.worlds import kept

from .conftest import SIGNS

pytestmark = pytest.mark.django_db


BED = StatedNeed(ServiceType.SH2, Urgency.U1, "A bed")


def taken(screening: Screening, by: Any, **more: Any) -> Any:
    team = by.memberships.get().team
    asked = {"records": {C.IDENTITY: {"name": "Amal"}}, "needs": [BED]}
    return actions.open_case(screening, team=team, by=by, **asked | more)


# --- into a case


@kept
def handed(screening, officer, shelter):
    actions.hand_screening_over(screening, to=shelter, by=officer)
    return screening


def test_the_team_opens_a_case_and_the_answers_go_into_it(handed, shelter_worker):
    case = taken(handed, shelter_worker)

    assert handed.stage is ScreeningStage.IN_CASE
    assert not Parcel.objects.exists()
    result = results.open_result(handed, by=shelter_worker)
    assert result.sealed.answers["reach"] == SIGNS["reach"]
    [need] = given.open_needs(case, by=shelter_worker)
    assert need.type == ServiceType.SH2


def test_a_result_looked_at_before_is_told_when_the_case_is_there(
    screening, officer, shelter, shelter_worker, heard
):
    actions.review_screening(screening, verdicts={}, by=officer)
    actions.hand_screening_over(screening, to=shelter, by=officer)
    assert heard == []

    taken(screening, shelter_worker)

    assert [h["gives"] for h in heard] == [{"presumed": "yes"}]


def test_a_known_person_s_screening_goes_into_the_case_that_there_is(
    handed, shelter_worker
):
    case = given.make_case(worked_on_by=shelter_worker)
    actions.add_screening_to_case(handed, case=case, by=shelter_worker)
    assert handed.case == case


def test_nobody_adds_to_a_case_of_somebody_else(handed, shelter_worker):
    with pytest.raises(PermissionDenied):
        actions.add_screening_to_case(handed, case=given.make_case(), by=shelter_worker)


def test_it_goes_into_one_case_only(handed, shelter_worker):
    same = Screening.objects.get(pk=handed.pk)
    taken(handed, shelter_worker)
    with pytest.raises((Refused, PermissionDenied)):
        taken(same, shelter_worker)


def test_strangers_open_no_case_from_it(handed, stranger, officer):
    for nobody in (stranger, officer):
        with pytest.raises(PermissionDenied):
            taken(handed, nobody)


# --- without a case


def test_what_ends_without_a_case_is_destroyed(handed, shelter_worker):
    actions.end_screening(handed, outcome=ScreeningOutcome.HELPED, by=shelter_worker)

    assert handed.stage is ScreeningStage.ENDED
    assert not Parcel.objects.exists()
    with pytest.raises(Refused):
        actions.end_screening(
            handed, outcome=ScreeningOutcome.HELPED, by=shelter_worker
        )


def test_only_the_clock_says_that_nobody_went_on(handed, shelter_worker):
    with pytest.raises(Refused, match="Choose an outcome"):
        actions.end_screening(
            handed, outcome=ScreeningOutcome.EXPIRED, by=shelter_worker
        )


def test_what_nobody_went_on_with_for_thirty_days_is_destroyed(
    mechanism, officer, shelter_worker
):
    kept = given.make_screening(by=officer, **SIGNS)
    old = given.make_screening(by=officer, **SIGNS)
    in_case = given.make_screening(
        by=shelter_worker, case=given.make_case(worked_on_by=shelter_worker), **SIGNS
    )
    long_ago = timezone.now() - timedelta(days=31)
    Screening.objects.exclude(pk=kept.pk).update(received_at=long_ago)

    call_command("erase_due", verbosity=0)

    old.refresh_from_db()
    in_case.refresh_from_db()
    assert old.outcome == ScreeningOutcome.EXPIRED
    assert in_case.ended_at is None
    assert set(Parcel.objects.values_list("about", flat=True)) == {kept.pk}


def test_one_that_a_colleague_has_just_gone_on_with_keeps_no_other(
    mechanism, officer, monkeypatch
):
    first, second, third = [
        given.make_screening(by=officer, **SIGNS) for _n in range(3)
    ]
    long_ago = timezone.now() - timedelta(days=31)
    Screening.objects.update(received_at=long_ago)
    destroy = parcels.destroy

    def meanwhile(about):
        taken = Screening.objects.filter(pk=second.pk, ended_at=None)
        taken.update(ended_at=timezone.now(), outcome=ScreeningOutcome.HELPED)
        destroy(about)

    monkeypatch.setattr(parcels, "destroy", meanwhile)

    assert erasing.erase_due()["screening"] == 2
    for screening in (first, second, third):
        screening.refresh_from_db()
    assert [first.outcome, third.outcome] == [ScreeningOutcome.EXPIRED] * 2
    assert second.outcome == ScreeningOutcome.HELPED
