"""It takes two people to let a newcomer in."""

import pytest
from django.core.exceptions import ValidationError

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Invitation, Membership, Role, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import admission, keys
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import open_documents, write
from amana.trust.vault.models import PersonKey, TeamKey, TeamWrap

from .newcomers import NEW, joined, proposed

pytestmark = pytest.mark.django_db


# --- joining


def test_a_newcomer_can_do_nothing_before_the_code_is_entered(team, supervisor):
    membership, code = proposed(team, by=supervisor)

    assert not membership.user.is_active
    assert not PersonKey.objects.filter(user=membership.user).exists()
    assert code


def test_the_code_is_stored_nowhere(team, supervisor):
    _membership, code = proposed(team, by=supervisor)

    stored = bytes(Invitation.objects.get().code)

    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored


def test_the_newcomer_sets_a_passphrase_that_opens_their_own_key(team, supervisor):
    membership = joined(team, by=supervisor)

    ring = keys.unlock(membership.user, NEW)

    assert ring.teams == {}
    assert User.objects.get(pk=membership.user_id).is_active


def test_a_code_is_read_as_people_type_it(team, supervisor):
    _membership, code = proposed(team, by=supervisor)

    assert admission.find_invitation(f" {code.lower().replace('-', ' ')} ")


def test_a_code_works_once(team, supervisor):
    _membership, code = proposed(team, by=supervisor)
    invitation = admission.find_invitation(code)
    admission.join(invitation, passphrase=NEW)

    with pytest.raises(Refused, match="already been used"):
        admission.join(invitation, passphrase=NEW)
    with pytest.raises(Refused, match="not valid"):
        admission.find_invitation(code)


def test_a_code_lives_seven_days(team, supervisor, later):
    _membership, code = proposed(team, by=supervisor)
    later(Invitation.TIME_TO_JOIN)

    with pytest.raises(Refused, match="not valid"):
        admission.find_invitation(code)


def test_a_misread_code_is_told_from_a_wrong_one():
    with pytest.raises(Refused, match="wrong or missing"):
        admission.find_invitation("AAAA-AAAA-AAAA-AAAA-AAAA")


def test_a_new_code_makes_the_old_one_worthless(team, supervisor):
    membership, code = proposed(team, by=supervisor)
    newer = access.renew_invitation(membership.user, by=supervisor)

    with pytest.raises(Refused):
        admission.find_invitation(code)
    assert admission.find_invitation(newer)


def test_a_weak_passphrase_lets_nobody_join(team, supervisor):
    _membership, code = proposed(team, by=supervisor)

    with pytest.raises(ValidationError):
        admission.join(admission.find_invitation(code), passphrase="Nour Saleh 1990")

    assert not PersonKey.objects.filter(user__email="nour@example.org").exists()


# --- being let in


def test_a_second_person_lets_the_newcomer_in_with_the_key(team, worker, supervisor):
    membership = joined(team, by=supervisor)

    admission.confirm(membership, by=worker)

    current = TeamKey.objects.get(team=team)
    assert keys.unlock(membership.user, NEW).teams.keys() == {current.pk}
    assert Membership.objects.active().filter(pk=membership.pk).exists()
    assert AuditEvent.objects.filter(did="confirmed colleague").count() == 1


def test_whoever_proposed_cannot_confirm(team, supervisor):
    membership = joined(team, by=supervisor)

    with pytest.raises(Denied):
        admission.confirm(membership, by=supervisor)


def test_nobody_confirms_themselves(team, supervisor):
    membership = joined(team, by=supervisor, role=Role.CASE_WORKER)

    with pytest.raises(Denied):
        admission.confirm(membership, by=membership.user)


def test_an_administrator_cannot_give_a_key_that_exists(
    team, worker, admin, other_admin
):
    """Else two of them could read what is not theirs to read."""
    membership = joined(team, by=admin)

    with pytest.raises(Denied):
        admission.confirm(membership, by=other_admin)

    assert not TeamWrap.objects.filter(person_key__user=membership.user).exists()


def test_two_administrators_start_a_team(admin, other_admin):
    team = given.make_team()
    membership = joined(team, by=admin)

    admission.confirm(membership, by=other_admin)

    assert keys.unlock(membership.user, NEW).teams.keys() == {
        TeamKey.objects.get(team=team).pk
    }


def test_administrators_hold_no_key_and_read_nothing(admin, other_admin, team, worker):
    case = given.make_case_keys(of=team)
    write(case, Compartment.IDENTITY, {"name": "Hope"}, by=worker)

    for person in (admin, other_admin):
        assert keys.get_keyring(person).teams == {}
        assert open_documents(case, by=person, purpose="test") == {}


def test_nobody_is_let_in_before_their_organisation_is(admin, other_admin):
    team = given.make_team(of=given.make_organisation(admitted_at=None))
    membership = joined(team, by=admin)

    with pytest.raises(Refused, match="organisation must be admitted"):
        admission.confirm(membership, by=other_admin)


def test_nobody_is_let_in_before_they_have_a_key(team, worker, supervisor):
    membership, _code = proposed(team, by=supervisor)

    with pytest.raises(Refused, match="enter their code"):
        admission.confirm(membership, by=worker)


def test_two_who_confirm_at_once_do_it_once(team, worker, supervisor):
    membership = joined(team, by=supervisor)
    same = Membership.objects.get(pk=membership.pk)
    admission.confirm(membership, by=worker)

    with pytest.raises((Refused, Denied)):
        admission.confirm(same, by=worker)

    assert TeamWrap.objects.filter(person_key__user=membership.user).count() == 1


def test_a_locked_keyholder_cannot_hand_over_the_key(team, worker, supervisor):
    membership = joined(team, by=supervisor)
    keys.set_keyring(None, to=worker)

    with pytest.raises(keys.Locked):
        admission.confirm(membership, by=worker)

    membership.refresh_from_db()
    assert membership.confirmed_at is None


def test_a_role_without_a_key_gets_none(admin, other_admin):
    team = given.make_team()
    membership = joined(team, by=admin, role=Role.ANALYST)

    admission.confirm(membership, by=other_admin)

    assert not TeamKey.objects.filter(team=team).exists()


def test_a_supervisor_proposes_no_administrator(team, supervisor):
    with pytest.raises(Refused, match="Only administrators"):
        proposed(team, by=supervisor, role=Role.ADMINISTRATOR)


def test_a_worker_proposes_nobody(team, worker):
    with pytest.raises(Denied):
        proposed(team, by=worker)
