"""A screening is handed over to another team."""

import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.screening import actions, results
from amana.care.screening.models import HandoverBasis, Screening, ScreeningStage
from amana.design.instruments import Flag, FlagStatus
from amana.errors import Changed, Refused
from amana.trust.access.models import Role, Sphere
from amana.trust.access.tasks import notify_address
from amana.trust.vault.compartments import Compartment as C

from .conftest import SIGNS

pytestmark = pytest.mark.django_db


def test_what_is_handed_over_only_the_other_team_reads(
    screening, officer, shelter, shelter_worker
):
    actions.hand_screening_over(screening, to=shelter, by=officer)

    assert screening.stage is ScreeningStage.HANDED
    result = results.open_result(screening, by=shelter_worker)
    assert result.found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert not results.open_result(screening, by=officer).sealed.parts


def test_those_to_whom_danger_to_life_is_handed_are_told_at_once(
    screening, officer, post, shelter, shelter_worker, mailoutbox
):
    notify_address(shelter_worker.email, "en", urgent=False)  # they were told just now
    mailoutbox.clear()
    actions.hand_screening_over(
        screening,
        to=shelter,
        basis=HandoverBasis.LIFE,
        decided_with=given.make_worker(of=post),
        by=officer,
    )
    assert [message.to for message in mailoutbox] == [[shelter_worker.email]]
    assert "danger" not in mailoutbox[0].body.lower()


def test_a_clinic_gets_no_account_and_yet_knows_of_a_child(mechanism, officer):
    clinic = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    nurse = given.make_worker(of=clinic)
    asked = SIGNS | {"age_group": "child", "burns": "yes"}
    screening = given.make_screening(by=officer, **asked)

    went = actions.hand_screening_over(screening, to=clinic, by=officer)

    assert C.NARRATIVE not in went
    result = results.open_result(screening, by=nurse)
    assert "forced" not in result.sealed.answers
    assert result.found.child
    assert result.found.flags[Flag.HEALTH] is FlagStatus.YES
    assert "forced" not in {gap.question for gap in result.found.missing}


def test_border_and_immigration_are_never_handed_anything(mechanism, shelter_worker):
    border = given.make_team(of=given.make_organisation(sphere=Sphere.BORDER))
    given.make_worker(of=border)
    screening = given.make_screening(by=shelter_worker, **SIGNS)

    with pytest.raises(Refused, match="may never be sent"):
        actions.hand_screening_over(screening, to=border, by=shelter_worker)
    screening.refresh_from_db()
    assert screening.stage is ScreeningStage.HERE


def test_without_agreement_two_people_decide(screening, officer, post, shelter):
    with pytest.raises(Refused, match="a colleague in your team must decide with you"):
        actions.hand_screening_over(
            screening, to=shelter, basis=HandoverBasis.CHILD, by=officer
        )
    with pytest.raises(Refused, match="a colleague in your team must decide with you"):
        actions.hand_screening_over(
            screening,
            to=shelter,
            basis=HandoverBasis.LIFE,
            decided_with=officer,
            by=officer,
        )
    colleague = given.make_worker(of=post)
    actions.hand_screening_over(
        screening,
        to=shelter,
        basis=HandoverBasis.LIFE,
        decided_with=colleague,
        by=officer,
    )
    assert screening.decided_with == colleague


def test_nobody_is_left_waiting_at_a_team_where_nobody_answers(screening, officer):
    team = given.make_team()
    given.make_worker(of=team, role=Role.SCREENER)
    with pytest.raises(Refused, match="No one in this team"):
        actions.hand_screening_over(screening, to=team, by=officer)


def test_a_supervisor_goes_on_with_what_was_left_lying(screening, post, shelter):
    supervisor = given.make_worker(of=post, role=Role.SUPERVISOR)
    actions.hand_screening_over(screening, to=shelter, by=supervisor)
    assert screening.handed_by == supervisor


def test_a_colleague_who_does_not_need_to_know_hands_nothing_over(
    screening, post, shelter
):
    with pytest.raises(PermissionDenied):
        actions.hand_screening_over(
            screening, to=shelter, by=given.make_worker(of=post)
        )


def test_once_handed_over_it_is_out_of_the_screener_s_hands(
    screening, officer, shelter
):
    actions.hand_screening_over(screening, to=shelter, by=officer)
    with pytest.raises(PermissionDenied):
        actions.hand_screening_over(screening, to=given.make_team(), by=officer)


def test_the_second_of_two_who_hand_it_over_is_told(screening, post, officer, shelter):
    supervisor = given.make_worker(of=post, role=Role.SUPERVISOR)
    same = Screening.objects.get(pk=screening.pk)
    actions.hand_screening_over(same, to=shelter, by=officer)
    with pytest.raises((Changed, PermissionDenied)):
        actions.hand_screening_over(screening, to=shelter, by=supervisor)
