"""Somebody leaves the team of a case: what they held, and who goes on with it."""

import pytest

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Assignment
from amana.care.cases.rules import manage_case, see_case
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import admission, cards, documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import CompartmentWrap, SearchCard

pytestmark = pytest.mark.django_db


def leaves(somebody, team, *, by):
    """Their place in this team ends; they keep one elsewhere."""
    given.join_team(somebody, given.make_team())
    place = somebody.memberships.get(team=team)
    given.end_membership(place, by=by)


def held_by(somebody, case):
    """What of a case is sealed to somebody in person."""
    wraps = CompartmentWrap.objects.filter(key__case=case.pk)
    found = SearchCard.objects.filter(case=case.pk)
    return [
        *wraps.filter(person_key__user=somebody),
        *found.filter(person_key__user=somebody),
    ]


@pytest.fixture
def kept(case, worker, colleague):
    """Kept to its worker, who leads it, and one colleague."""
    actions.restrict(case, people=[worker, colleague], by=worker)
    assert held_by(colleague, case)
    return case


def write_name(case, by):
    now = documents.open_documents(case.pk, [C.IDENTITY], by=by, purpose="test")
    revision = now[C.IDENTITY, "record"].revision
    actions.rewrite(case, C.IDENTITY, {"name": "New"}, replacing=revision, by=by)


def test_a_leaver_is_given_no_new_key_of_a_case_kept_to_named_people(
    kept, worker, colleague, supervisor, team
):
    leaves(colleague, team, by=supervisor)
    assert held_by(colleague, kept) == []

    write_name(kept, worker)
    assert held_by(colleague, kept) == []
    assignment = actions.assign(kept, given.make_worker(of=team), by=worker)
    assert held_by(colleague, kept) == []
    actions.end_assignment(assignment, by=worker)

    assert held_by(colleague, kept) == []
    assert documents.open_documents(kept.pk, by=colleague, purpose="test") == {}
    assert list(cards.open_cards(by=colleague)) == []


def test_who_starts_again_is_given_no_key_before_they_are_confirmed(
    kept, worker, colleague, supervisor, administrator
):
    code = given.reset_keys(colleague, by=administrator)
    admission.join(
        admission.find_invitation(code), passphrase="five grey herons at noon"
    )

    write_name(kept, worker)
    helper = given.make_worker(of=kept.team)
    actions.end_assignment(actions.assign(kept, helper, by=worker), by=worker)

    assert held_by(colleague, kept) == []


def test_who_leaves_works_on_no_case_of_the_team_any_more(
    case, worker, colleague, supervisor, team
):
    actions.assign(case, colleague, by=worker)
    leaves(colleague, team, by=supervisor)

    assert not case.assignments.current().filter(worker=colleague).exists()
    event = AuditEvent.objects.get(did="ended assignment", case=case.pk)
    assert event.actor == log.SYSTEM
    given.join_team(colleague, team)
    assert not see_case.permits(colleague, case)


def test_another_place_in_the_team_keeps_the_work(
    case, worker, colleague, supervisor, team
):
    actions.assign(case, colleague, by=worker)
    given.join_team(colleague, team, role=Role.FOCAL_POINT)
    place = colleague.memberships.get(team=team, role=Role.CASE_WORKER)
    given.end_membership(place, by=supervisor)

    assert see_case.permits(colleague, case)


def test_somebody_leads_what_a_leaver_led(kept, worker, colleague, supervisor, team):
    leaves(worker, team, by=supervisor)

    assert kept.assignments.leading().get().worker == colleague
    assert manage_case.permits(colleague, kept)
    assert not Assignment.objects.current().filter(worker=worker).exists()


# --- nobody else works on it


def test_a_supervisor_hears_of_a_case_on_which_nobody_works_now(
    case, worker, supervisor, team, mailoutbox
):
    mailoutbox.clear()
    leaves(worker, team, by=supervisor)

    assert [mail.to for mail in mailoutbox] == [[supervisor.email]]
    assert manage_case.permits(supervisor, case)


def test_nobody_is_asked_to_look_where_somebody_goes_on_or_nothing_does(
    case, worker, colleague, supervisor, team, mailoutbox
):
    actions.assign(case, colleague, by=worker)
    over = given.make_case(worked_on_by=worker)
    actions.close(over, reason="withdrew", checklist=[], left_open="-", by=supervisor)
    mailoutbox.clear()
    leaves(worker, team, by=supervisor)

    assert mailoutbox == []


def test_nobody_leaves_a_case_to_colleagues_of_whom_none_could_give_it_on(
    case, worker, colleague, team, administrator
):
    """They hold its key; but none of them would see it, or could assign anybody."""
    with pytest.raises(Refused, match="has no supervisor"):
        leaves(worker, team, by=administrator)
    assert worker.memberships.get(team=team).ended_at is None
    assert see_case.permits(worker, case)

    actions.assign(case, colleague, by=worker)
    given.end_membership(worker.memberships.get(team=team), by=administrator)
    assert manage_case.permits(colleague, case)


def test_a_supervisor_who_comes_is_enough(case, worker, colleague, team, administrator):
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    leaves(worker, team, by=administrator)
    assert manage_case.permits(supervisor, case)
