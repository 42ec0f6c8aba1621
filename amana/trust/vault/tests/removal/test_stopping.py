"""A removal of keys is withdrawn in time, or undone."""

import base64
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import Denied
from amana.trust.vault import (
    admission,
    documents,
    epochs,
    keys,
    manifest,
    removal,
    tombstones,
)
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.models import (
    CaseLink,
    CompartmentKey,
    CompartmentWrap,
    KeyRemoval,
    PersonKey,
    PersonWrap,
    generate_uuid7,
)
from amana.trust.vault.removal_states import (
    DELAY,
    KEPT_AT_MOST,
    UNDONE_WITHIN,
    RemovalStatus,
)
from amana.trust.vault.rules import (
    allow_fewer_keyholders,
    answer_for_person,
    confirm_removal,
    see_removal,
)

from .removals import NEW, confirmed, fresh, name_in, proposed

pytestmark = pytest.mark.django_db


# --- stopping it


@pytest.mark.parametrize("who", ["supervisor", "leila", "coordinator"])
def test_it_is_withdrawn_before_it_takes_effect(
    who, leila, supervisor, officer, coordinator, later
):
    made = confirmed(leila, supervisor, officer)
    people = {"supervisor": supervisor, "leila": leila, "coordinator": coordinator}

    removal.stop(made, by=people[who])
    later(DELAY * 2)
    removal.settle()

    assert fresh(made).state is RemovalStatus.WITHDRAWN
    assert keys.unlock(leila, given.PASSPHRASE).teams


def test_a_colleague_who_was_not_told_stops_nothing(leila, supervisor, worker):
    made = proposed(leila, supervisor)
    stranger = given.make_worker(role=Role.SUPERVISOR)

    with pytest.raises(Denied):
        removal.stop(made, by=stranger)


def test_whether_one_leaves_is_for_others_to_say(leila, supervisor, officer):
    made = removal.propose_leaving(leila.memberships.get(), by=supervisor)

    with pytest.raises(Denied):
        removal.stop(made, by=leila)


def test_undoing_gives_everything_back(taken, leila, case, restricted, officer, later):
    later(UNDONE_WITHIN - timedelta(minutes=1))

    removal.stop(taken, by=officer)

    again = given.unlock_user(leila)
    assert again.is_active
    assert Authenticator.objects.filter(user=leila).exists()
    assert Membership.objects.active().filter(user=leila).exists()
    assert name_in(case, again) == "Hope"
    assert name_in(restricted, again) == "Esi"


def test_no_row_names_another_case_to_which_they_come_back(
    taken, case, restricted, officer, leila
):
    """Meanwhile a key that was theirs is written to be of another case."""
    keys_of = CompartmentKey.objects.filter(compartment=C.IDENTITY)
    keys_of.filter(case=case).update(case=generate_uuid7())
    keys_of.filter(case=restricted).update(case=case)

    removal.stop(taken, by=officer)

    returned = CaseLink.objects.filter(kind="returns")
    assert not returned.filter(chain=manifest.compute_chain_id(case)).exists()
    again = f"person:{leila.pk}"
    assert again in manifest.get_state(restricted).holders[C.IDENTITY]


def test_what_others_sealed_anew_meanwhile_is_not_put_back(
    taken, leila, case, restricted, worker, officer
):
    documents.write(restricted, C.IDENTITY, {"name": "Ama"}, by=worker, replacing=1)
    documents.write(case, C.IDENTITY, {"name": "Grace"}, by=worker, replacing=1)

    removal.stop(taken, by=officer)

    again = given.unlock_user(leila)
    assert name_in(restricted, again) is None
    wraps = CompartmentWrap.objects.filter(person_key__user=leila)
    assert wraps.filter(key__case=restricted).count() == len(C) - 1
    assert not Membership.objects.active().filter(user=leila).exists()
    admission.confirm(leila.memberships.get(), by=worker)
    assert name_in(case, given.unlock_user(leila)) == "Grace"


def test_while_nobody_has_signed_in_it_is_undone_within_fourteen_days(
    taken, leila, officer, later
):
    later(KEPT_AT_MOST - timedelta(minutes=1))
    assert removal.settle() == (0, 0)

    removal.stop(taken, by=officer)

    assert keys.unlock(leila, given.PASSPHRASE)


def test_after_fourteen_days_the_keys_are_destroyed(taken, leila, officer, later):
    later(KEPT_AT_MOST)

    assert removal.settle() == (0, 1)

    assert fresh(taken).state is RemovalStatus.FINAL
    assert fresh(taken).set_aside is None
    with pytest.raises(Denied):
        removal.stop(taken, by=officer)


def joins_again(leila, by):
    code = access.renew_invitation(leila, by=by)
    return admission.join(admission.find_invitation(code), passphrase=NEW)


def test_who_has_signed_in_anew_can_be_undone_for_three_days(
    taken, leila, supervisor, officer, later
):
    """Or whoever has talked two people into it keeps the account."""
    leila.refresh_from_db()
    later(timedelta(hours=1))
    joins_again(leila, supervisor)
    later(UNDONE_WITHIN - timedelta(hours=2))
    assert removal.settle() == (0, 0)

    removal.stop(fresh(taken), by=officer)

    assert keys.unlock(leila, given.PASSPHRASE)
    with pytest.raises(keys.WrongSecret):
        keys.unlock(leila, NEW)


def test_who_has_signed_in_anew_is_not_undone_later(
    taken, leila, supervisor, officer, later
):
    leila.refresh_from_db()
    later(timedelta(hours=1))
    joins_again(leila, supervisor)
    later(UNDONE_WITHIN)

    assert not fresh(taken).can_be_undone
    with pytest.raises(Refused, match="can no longer be undone"):
        removal.stop(fresh(taken), by=officer)
    assert removal.settle() == (0, 1)
    assert keys.unlock(leila, NEW)


@pytest.fixture
def undone(taken, restricted, team, leila, supervisor, worker, officer):
    """Given back, while her place waits: the team's key was renewed meanwhile."""
    epochs.renew_where_due(given.unlock_user(worker))
    removal.stop(taken, by=officer)
    place = leila.memberships.get()
    assert place.confirmed_at is None
    assert name_in(restricted, given.unlock_user(leila)) == "Esi"
    return place


def test_nobody_alone_ends_a_place_that_keys_came_back_to(
    undone, leila, restricted, supervisor
):
    address = reverse("vault:end", args=[undone.pk])

    with pytest.raises(Refused, match="second person"):
        admission.end(undone, by=supervisor)
    answer = given.sign_in(supervisor).post(address)

    assert KeyRemoval.objects.pending().get().membership == undone
    assert answer.headers["Location"].startswith("/")
    assert name_in(restricted, given.unlock_user(leila)) == "Esi"


def test_nobody_alone_takes_keys_by_ending_what_is_unconfirmed(
    undone, leila, supervisor
):
    removal.end_place(undone, by=supervisor)

    assert not User.objects.get(pk=leila.pk).is_active
    assert CompartmentWrap.objects.filter(person_key__user=leila).exists()


def test_two_people_take_the_keys_of_a_place_that_waits(
    undone, leila, supervisor, officer, coordinator, later
):
    made = removal.propose_leaving(undone, by=coordinator)
    removal.confirm(made, by=officer)
    later(DELAY)

    assert removal.settle()[0] == 1
    assert not PersonKey.objects.filter(user=leila).exists()
    removal.stop(fresh(made), by=officer)
    assert PersonKey.objects.filter(user=leila).exists()


def test_nobody_alone_closes_an_account_that_keys_came_back_to(
    undone, leila, supervisor
):
    with pytest.raises(Refused, match="This colleague has keys"), transaction.atomic():
        access.withdraw_proposal(undone, by=supervisor)

    assert User.objects.get(pk=leila.pk).is_active
    team_page = reverse("access:team", args=[undone.team_id])
    shown = given.sign_in(supervisor).get(team_page).content.decode()
    assert reverse("vault:end", args=[undone.pk]) in shown
    assert reverse("access:withdraw", args=[undone.pk]) not in shown


def test_no_code_takes_keys_that_others_hold_too(restricted, leila, coordinator):
    User.objects.filter(pk=leila.pk).update(is_active=False)
    _place, code = access.propose(
        given.make_team(),
        email=leila.email,
        name="X",
        language="en",
        role=Role.CASE_WORKER,
        by=coordinator,
    )

    with pytest.raises(Refused, match="already have keys"):
        admission.join(admission.find_invitation(code), passphrase=NEW)


def test_a_mere_proposal_gives_no_say_over_somebodys_keys(leila, coordinator, worker):
    foreign = given.make_worker(role=Role.SUPERVISOR)
    there = foreign.memberships.get().team
    access.propose(
        there,
        email=leila.email,
        name=leila.name,
        language="en",
        role=Role.CASE_WORKER,
        by=foreign,
    )
    made = removal.propose_start_again(leila, by=coordinator)

    for rule in (answer_for_person, confirm_removal, allow_fewer_keyholders):
        assert not rule.permits(foreign, made)
    with pytest.raises(Denied):
        removal.confirm(made, by=foreign)
    at_home = given.make_team(of=leila.memberships.first().team.organisation)
    colleague = given.make_worker(of=at_home, role=Role.SUPERVISOR)
    assert confirm_removal.permits(colleague, made)


def test_their_organisation_sees_what_has_taken_effect(taken, team):
    at_home = given.make_team(of=team.organisation)
    colleague = given.make_worker(of=at_home, role=Role.SUPERVISOR)
    foreign = given.make_worker(role=Role.SUPERVISOR)

    assert see_removal.permits(colleague, taken)
    assert not see_removal.permits(foreign, taken)


def test_undoing_destroys_nothing_that_only_the_new_key_opens(
    taken, leila, team, supervisor, worker, officer, later
):
    leila.refresh_from_db()
    later(timedelta(hours=1))
    joins_again(leila, supervisor)
    admission.confirm(leila.memberships.get(), by=worker)
    again = given.unlock_user(leila, passphrase=NEW)
    alone = given.make_case_keys(of=team)
    documents.write(alone, C.IDENTITY, {"name": "Joy"}, by=again)
    documents.share_case(alone, by=again, people=[again], exclusively=True)

    with pytest.raises(Refused, match="no one else can open"):
        removal.stop(fresh(taken), by=officer)

    assert name_in(alone, given.unlock_user(leila, passphrase=NEW)) == "Joy"


def test_a_copy_of_the_database_opens_nothing_that_is_set_aside(taken, leila):
    sealed = taken.set_aside
    taken_rows = tombstones.open_set_aside(taken).of(PersonWrap)

    assert not PersonWrap.objects.filter(person_key__user=leila).exists()
    assert taken_rows
    assert bytes(taken_rows[0].sealed) not in base64.urlsafe_b64decode(bytes(sealed))
    with override_settings(VAULT_PEPPERS=["another"]), pytest.raises(Unopenable):
        tombstones.open_set_aside(taken)


# --- the sheet


def test_a_sheet_of_before_opens_the_keys_that_are_set_aside(
    case, restricted, leila, supervisor, officer, later
):
    code = admission.make_recovery_code(by=leila)
    made = confirmed(leila, supervisor, officer)
    later(DELAY)
    removal.settle()
    later(timedelta(days=10))

    user, ring = admission.open_by_recovery(leila.email, code)
    admission.recover(user, ring, passphrase=NEW)

    again = given.unlock_user(leila, passphrase=NEW)
    assert fresh(made).state is RemovalStatus.UNDONE
    assert name_in(case, again) == "Hope"
    assert name_in(restricted, again) == "Esi"


def test_a_sheet_opens_nothing_once_it_is_final(leila, supervisor, officer, later):
    code = admission.make_recovery_code(by=leila)
    confirmed(leila, supervisor, officer)
    later(DELAY)
    removal.settle()
    later(KEPT_AT_MOST)

    with pytest.raises(keys.WrongSecret):
        admission.open_by_recovery(leila.email, code)


def test_a_sheet_brings_nobody_back_who_has_left(leila, supervisor, officer, later):
    code = admission.make_recovery_code(by=leila)
    made = removal.propose_leaving(leila.memberships.get(), by=supervisor)
    removal.confirm(made, by=officer)
    later(DELAY)
    removal.settle()

    with pytest.raises(keys.WrongSecret):
        admission.open_by_recovery(leila.email, code)
