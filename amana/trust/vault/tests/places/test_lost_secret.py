"""A lost passphrase: the recovery sheet, and starting again (P09)."""

import pytest
from allauth.mfa.models import Authenticator

from amana import given
from amana.errors import Refused
from amana.trust.access.models import Membership, Role, Session, User
from amana.trust.access.rules import Denied
from amana.trust.vault import admission, keys, removal
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import open_compartment_keys, open_documents, write
from amana.trust.vault.models import PersonKey, PersonWrap, TeamKey, TeamWrap

from .newcomers import NEW, proposed

pytestmark = pytest.mark.django_db


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
