"""Who leaves is out, and takes no key along (P09)."""

import pytest

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Role, Session, User
from amana.trust.access.rules import Denied
from amana.trust.vault import admission, epochs, keys
from amana.trust.vault.floor import BelowFloor
from amana.trust.vault.models import PersonKey, TeamKey, TeamWrap

from .newcomers import joined, proposed

pytestmark = pytest.mark.django_db


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
