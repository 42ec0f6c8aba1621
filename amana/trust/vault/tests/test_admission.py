"""It takes two people to let someone in; whoever leaves takes no key along (P09)."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Invitation, Membership, Role, Session, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import admission, epochs, keys, removal
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import open_compartment_keys, open_documents, write
from amana.trust.vault.floor import BelowFloor
from amana.trust.vault.models import PersonKey, PersonWrap, TeamKey, TeamWrap
from tests.worlds import kept

pytestmark = pytest.mark.django_db

NEW = "five grey herons at noon"


@kept
def team(db):
    return given.make_team()


@kept
def worker(team):
    """Holds the team's key already."""
    return given.make_worker(of=team)


@kept
def supervisor(team, worker):
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def admin(db):
    return given.make_worker(role=Role.ADMINISTRATOR)


@kept
def other_admin(db):
    return given.make_worker(role=Role.COORDINATOR)


def proposed(team, *, by, role=Role.CASE_WORKER, email="nour@example.org"):
    return access.propose(
        team, email=email, name="Nour Saleh", language="en", role=role, by=by
    )


def joined(team, *, by, role=Role.CASE_WORKER, email="nour@example.org"):
    """A newcomer who has entered their code and waits."""
    membership, code = proposed(team, by=by, role=role, email=email)
    membership.user = admission.join(admission.find_invitation(code), passphrase=NEW)
    return membership


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


# --- leaving


def test_who_leaves_is_out_and_holds_nothing(team, worker, supervisor):
    third = given.make_worker(of=team)
    browser = given.sign_in(third)
    passphrase_opened = keys.unlock(third, given.PASSPHRASE)

    given.end_membership(third.memberships.get(), by=supervisor)

    third.refresh_from_db()
    assert passphrase_opened.teams == {}
    assert not third.is_active
    assert not Session.objects.filter(user=third).exists()
    assert not PersonKey.objects.filter(user=third).exists()
    assert browser.get("/account/").headers["Location"].startswith("/account/sign-in")


def test_nobody_ends_a_colleagues_place_alone(team, worker, supervisor, admin):
    third = given.make_worker(of=team)

    for by in (supervisor, admin):
        with pytest.raises(Refused, match="second person"):
            admission.end(third.memberships.get(), by=by)

    assert keys.unlock(third, given.PASSPHRASE).teams


def test_the_key_is_due_and_turns_when_a_keyholder_unlocks(
    team, worker, supervisor, admin
):
    third = given.make_worker(of=team)
    given.join_team(third, given.make_team())

    given.end_membership(third.memberships.get(team=team), by=admin)

    assert not TeamWrap.objects.filter(
        team_key__team=team, person_key__user=third
    ).exists()
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 1
    assert epochs.is_renewal_due(team)
    assert epochs.renew_where_due(given.unlock_user(worker)) == 1
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 2
    assert not epochs.is_renewal_due(team)


def test_one_leaves_by_oneself_while_two_others_hold_the_key(team, worker, supervisor):
    third = given.make_worker(of=team)

    admission.end(third.memberships.get(), by=third)

    assert not PersonKey.objects.filter(user=third).exists()


def test_nobody_leaves_fewer_than_two_keyholders_alone(team, worker, supervisor):
    with pytest.raises(BelowFloor, match="Only one colleague, or none"):
        admission.end(worker.memberships.get(), by=worker)

    assert Membership.objects.active().filter(user=worker).exists()


def test_the_last_keyholder_is_warned_that_all_is_lost(team, worker):
    with pytest.raises(BelowFloor, match="never be read again"):
        admission.end(worker.memberships.get(), by=worker)


def test_the_last_who_administer_do_not_leave(admin, other_admin):
    with pytest.raises(BelowFloor, match="two administrators or coordinators"):
        admission.end(admin.memberships.get(), by=admin)

    given.make_worker(role=Role.COORDINATOR)
    admission.end(admin.memberships.get(), by=admin)


def test_who_stays_elsewhere_keeps_their_account_and_their_other_key(team, worker):
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    third = given.make_worker(of=team)
    elsewhere = given.make_team()
    given.join_team(third, elsewhere)
    given.sign_in(third)

    given.end_membership(third.memberships.get(team=team), by=supervisor)

    third.refresh_from_db()
    teams = TeamKey.objects.filter(wraps__person_key__user=third).values_list("team")
    assert third.is_active
    assert list(teams) == [(elsewhere.pk,)]
    assert not Session.objects.filter(user=third).exists()


def test_a_proposal_gives_no_say_over_the_sessions_of_someone_of_others(
    team, supervisor
):
    stranger = given.make_worker()
    browser = given.sign_in(stranger)
    mark = User.objects.get(pk=stranger.pk).password
    for take_back in (admission.end, access.withdraw_proposal):
        membership, _code = proposed(team, by=supervisor, email=stranger.email)
        take_back(membership, by=supervisor)

    assert Session.objects.filter(user=stranger).exists()
    assert User.objects.get(pk=stranger.pk).password == mark
    assert TeamWrap.objects.filter(person_key__user=stranger).exists()
    assert browser.get("/account/").status_code == 200


def test_a_proposal_gives_no_say_over_someone_who_waits_elsewhere(team, supervisor):
    elsewhere = given.make_team()
    waiting = joined(
        elsewhere, by=given.make_worker(of=elsewhere, role=Role.SUPERVISOR)
    )
    proposal, _code = proposed(team, by=supervisor)

    admission.end(proposal, by=supervisor)

    user = User.objects.get(pk=waiting.user_id)
    assert user.is_active
    assert PersonKey.objects.filter(user=user).exists()


def test_whose_last_place_ends_is_signed_out_while_they_wait_elsewhere(
    team, worker, supervisor, admin
):
    third = given.make_worker(of=team)
    proposed(given.make_team(), by=admin, email=third.email)
    browser = given.sign_in(third)

    given.end_membership(third.memberships.get(team=team), by=supervisor)

    assert not Session.objects.filter(user=third).exists()
    assert not TeamWrap.objects.filter(person_key__user=third).exists()
    assert browser.get("/account/").headers["Location"].startswith("/account/sign-in")


def test_who_only_waits_to_hold_the_key_again_does_not_keep_it(
    team, worker, supervisor, admin
):
    third = given.make_worker(of=team)
    proposed(team, by=supervisor, role=Role.FOCAL_POINT, email=third.email)

    given.end_membership(third.memberships.get(role=Role.CASE_WORKER), by=admin)

    assert not TeamWrap.objects.filter(person_key__user=third).exists()


def test_a_colleague_ends_nobody_elses_place(team, worker):
    third = given.make_worker(of=team)

    with pytest.raises(Denied):
        admission.end(third.memberships.get(), by=worker)


# --- a lost secret


def test_the_sheet_opens_the_key_when_the_passphrase_is_forgotten(worker):
    before = keys.get_keyring(worker).person
    code = admission.make_recovery_code(by=worker)

    user, ring = admission.open_by_recovery(worker.email, code.lower())
    admission.recover(user, ring, passphrase=NEW)

    assert keys.unlock(worker, NEW).person == before
    with pytest.raises(keys.WrongSecret):
        keys.unlock(worker, given.PASSPHRASE)


def test_a_sheet_works_once(worker):
    code = admission.make_recovery_code(by=worker)
    user, ring = admission.open_by_recovery(worker.email, code)
    admission.recover(user, ring, passphrase=NEW)

    with pytest.raises(keys.WrongSecret):
        admission.open_by_recovery(worker.email, code)


def test_a_new_sheet_makes_the_old_one_worthless(worker):
    old = admission.make_recovery_code(by=worker)
    admission.make_recovery_code(by=worker)

    with pytest.raises(keys.WrongSecret):
        admission.open_by_recovery(worker.email, old)


def test_a_sheet_is_for_one_person(worker):
    code = admission.make_recovery_code(by=worker)
    other = given.make_user()
    admission.make_recovery_code(by=other)

    messages = set()
    for email in (other.email, "nobody@example.org", given.make_user().email):
        with pytest.raises(keys.WrongSecret) as error:
            admission.open_by_recovery(email, code)
        messages.add(str(error.value))

    assert len(messages) == 1


def test_recovering_ends_every_session(worker):
    given.sign_in(worker)
    code = admission.make_recovery_code(by=worker)
    user, ring = admission.open_by_recovery(worker.email, code)

    admission.recover(user, ring, passphrase=NEW)

    assert not Session.objects.filter(user=worker).exists()


def test_a_changed_passphrase_opens_and_the_old_one_does_not(worker):
    given.sign_in(worker)

    admission.change_passphrase(passphrase=NEW, by=worker)

    assert keys.unlock(worker, NEW)
    assert PersonWrap.objects.filter(person_key__user=worker).count() == 1
    assert not Session.objects.filter(user=worker).exists()


def test_who_starts_again_waits_and_reaches_nothing(team, worker, supervisor, with_app):
    third = given.make_worker(of=team)
    with_app(third)
    given.sign_in(third)

    code = given.reset_keys(third, by=supervisor)

    assert not third.is_active
    assert not Membership.objects.active().filter(user=third).exists()
    assert not TeamWrap.objects.filter(person_key__user=third).exists()
    assert not Authenticator.objects.filter(user=third).exists()
    assert not Session.objects.filter(user=third).exists()
    admission.join(admission.find_invitation(code), passphrase=NEW)
    place = third.memberships.get()
    with pytest.raises(Denied):
        admission.confirm(place, by=supervisor)
    admission.confirm(place, by=worker)
    assert keys.unlock(third, NEW).teams


def test_what_is_written_after_a_theft_opens_with_no_key_of_before(
    team, worker, supervisor
):
    """F7: the thief has the database of later, too."""
    third = given.make_worker(of=team)
    case = given.make_case_keys(of=team)
    write(case, Compartment.NEEDS, {"words": "before"}, by=worker)
    stolen = keys.unlock(third, given.PASSPHRASE)
    thief = User(pk=third.pk)
    assert stolen.teams
    keys.set_keyring(stolen, to=thief)
    assert open_compartment_keys(case, [Compartment.NEEDS], by=thief)

    code = given.reset_keys(third, by=supervisor)
    write(case, Compartment.NEEDS, {"words": "the new house"}, by=worker, replacing=1)

    assert open_compartment_keys(case, [Compartment.NEEDS], by=thief) == {}
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 2
    admission.join(admission.find_invitation(code), passphrase=NEW)
    admission.confirm(third.memberships.get(), by=worker)
    assert open_documents(
        case, by=given.unlock_user(third, passphrase=NEW), purpose="test"
    )


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CASE_WORKER])
def test_a_proposal_gives_a_supervisor_no_say_over_someone_of_others(
    supervisor, team, role
):
    theirs = given.make_worker(role=role)
    proposed(team, by=supervisor, email=theirs.email)

    with pytest.raises(Denied):
        removal.propose_start_again(theirs, by=supervisor)

    theirs.refresh_from_db()
    assert theirs.is_active
    assert PersonKey.objects.filter(user=theirs).exists()


def test_who_works_elsewhere_too_is_let_start_again_by_an_administrator(
    supervisor, team, worker, admin
):
    both = given.make_worker()
    admission.confirm(proposed(team, by=supervisor, email=both.email)[0], by=worker)

    with pytest.raises(Denied):
        removal.propose_start_again(both, by=supervisor)
    assert given.reset_keys(both, by=admin)


def test_a_supervisor_lets_no_administrator_of_the_team_start_again(supervisor, team):
    keeper = given.make_worker(of=team, role=Role.ADMINISTRATOR)

    with pytest.raises(Denied):
        removal.propose_start_again(keeper, by=supervisor)


def test_nobody_starts_again_alone(team, worker, supervisor):
    with pytest.raises(Refused, match="can’t start again on your own"):
        removal.propose_start_again(supervisor, by=supervisor)
