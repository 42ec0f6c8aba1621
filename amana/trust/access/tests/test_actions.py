"""Organisations and people are entered by one and admitted by another."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.trust.access import actions
from amana.trust.access.models import (
    Invitation,
    Membership,
    Organisation,
    Role,
    Session,
    User,
)
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def admin(db):
    return given.make_worker(role=Role.ADMINISTRATOR)


@kept
def other_admin(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def worker(db):
    return given.make_worker()


def an_entered_organisation(*, by):
    return actions.propose_organisation(
        name="Lake House", kind="ngo", sphere="humanitarian", by=by
    )


def proposed(team, *, by, **other):
    said = {
        "email": "nour@example.org",
        "name": "Nour",
        "language": "fr",
        "role": Role.CASE_WORKER,
    }
    return actions.propose(team, **said | other, by=by)


def test_an_organisation_is_admitted_by_a_second_person(admin, other_admin):
    entered = an_entered_organisation(by=admin)
    before = entered.admitted_at

    actions.admit(entered, by=other_admin)

    assert before is None
    assert Organisation.objects.admitted().filter(pk=entered.pk).exists()
    assert AuditEvent.objects.filter(did="admitted organisation").count() == 1


def test_one_person_alone_admits_no_organisation(admin):
    entered = an_entered_organisation(by=admin)

    with pytest.raises(Refused, match="proposed this organisation can’t admit it"):
        actions.admit(entered, by=admin)


def test_a_worker_enters_and_admits_nothing(admin, worker):
    with pytest.raises(Denied):
        an_entered_organisation(by=worker)
    with pytest.raises(Denied):
        actions.admit(an_entered_organisation(by=admin), by=worker)


def test_another_sphere_waits_for_others_and_changes_nothing(admin, other_admin):
    entered = an_entered_organisation(by=admin)
    actions.admit(entered, by=other_admin)

    actions.change_organisation(
        entered, name="Lake Home", kind="ngo", sphere="humanitarian", by=admin
    )
    assert not entered.proposed_sphere
    actions.change_organisation(
        entered, name="Lake Home", kind="ngo", sphere="border", by=admin
    )

    entered.refresh_from_db()
    assert entered.admitted_at
    assert (entered.sphere, entered.proposed_sphere) == ("humanitarian", "border")
    with pytest.raises(Refused):
        actions.admit(entered, by=admin)


def test_teams_are_added_and_changed_by_administrators(admin, worker):
    house = given.make_organisation()
    team = actions.add_team(house, name="Night", email="", by=admin)
    actions.change_team(
        team, name="Day", email="day@example.org", phone="020 555 0123", by=admin
    )

    team.refresh_from_db()
    assert (team.name, team.email) == ("Day", "day@example.org")
    with pytest.raises(Denied):
        actions.add_team(house, name="Mine", email="", by=worker)
    with pytest.raises(Denied):
        actions.change_team(team, name="Mine", email="", by=worker)


def test_a_newcomer_is_told_without_a_word_about_anything(
    admin, django_capture_on_commit_callbacks
):
    team = given.make_team(
        of=given.make_organisation(name="Harbour Hope"), name="Night shift"
    )
    with django_capture_on_commit_callbacks(execute=True):
        _membership, code = proposed(team, by=admin)

    [message] = mail.outbox
    text = f"{message.subject} {message.body}"

    assert message.to == ["nour@example.org"]
    assert "/keys/join" in message.body
    for secret in (code, "Harbour", "Night", "Nour", "Case worker", "Amana"):
        assert secret not in text
    assert "collègue" in text or "colleague" in text


def test_who_is_known_needs_no_code_for_another_role(admin, worker):
    membership, code = proposed(given.make_team(), email=worker.email.upper(), by=admin)

    assert code == ""
    assert membership.user == worker
    assert not Invitation.objects.exists()


def test_a_code_in_hand_stays_good_when_a_second_team_proposes(admin):
    _membership, first = proposed(given.make_team(), by=admin)
    _membership, second = proposed(given.make_team(), by=admin)

    assert first
    assert second == ""


def test_the_same_role_is_not_proposed_twice(admin):
    team = given.make_team()
    proposed(team, by=admin)

    with pytest.raises(Refused, match="already"):
        proposed(team, by=admin)


def test_a_proposal_can_be_withdrawn_until_it_is_confirmed(admin, worker):
    membership, _code = proposed(given.make_team(), by=admin)
    actions.withdraw_proposal(membership, by=admin)

    assert not Membership.objects.waiting().exists()
    assert not Invitation.objects.exists()
    with pytest.raises(Refused, match="can’t be withdrawn"):
        actions.withdraw_proposal(worker.memberships.get(), by=admin)


@pytest.mark.parametrize("who", ["proposer", "proposed", "supervisor", "admin"])
def test_a_proposal_is_taken_back_by_whom_it_concerns(admin, who):
    team = given.make_team()
    someone = given.make_worker()
    cast = {
        "proposer": given.make_worker(of=team, role=Role.SUPERVISOR),
        "proposed": someone,
        "supervisor": given.make_worker(of=team, role=Role.SUPERVISOR),
        "admin": admin,
    }
    place, _code = proposed(team, by=cast["proposer"], email=someone.email)
    cast["proposer"].memberships.update(ended_at=timezone.now())

    for other in (given.make_worker(of=team), given.make_worker(role=Role.SUPERVISOR)):
        with pytest.raises(Denied):
            actions.withdraw_proposal(place, by=other)
    actions.withdraw_proposal(place, by=cast[who])

    assert not Membership.objects.waiting().exists()
    someone.refresh_from_db()
    assert someone.is_active


def test_a_new_code_is_for_those_who_wait_alone(admin, worker):
    with pytest.raises(Refused, match="already joined"):
        actions.renew_invitation(worker, by=admin)


def test_only_those_who_lead_a_team_of_theirs_make_a_new_code(admin):
    membership, _code = proposed(given.make_team(), by=admin)
    elsewhere = given.make_worker(role=Role.SUPERVISOR)

    with pytest.raises(Denied):
        actions.renew_invitation(membership.user, by=elsewhere)


def test_a_proposal_gives_a_supervisor_no_code_for_someone_of_others(admin):
    membership, _code = proposed(given.make_team(), by=admin)
    Invitation.objects.update(expires_at=membership.proposed_at)
    elsewhere = given.make_worker(role=Role.SUPERVISOR)
    own = elsewhere.memberships.get().team

    _place, code = proposed(own, by=elsewhere)

    assert code == ""
    with pytest.raises(Denied):
        actions.renew_invitation(membership.user, by=elsewhere)
    assert actions.renew_invitation(membership.user, by=admin)


def test_no_code_is_made_for_someone_who_is_in(admin, worker):
    """Not even where an old invitation was left behind."""
    actions.invite(worker, by=admin)

    with pytest.raises(Refused, match="already joined"):
        actions.renew_invitation(worker, by=admin)


def test_people_change_their_own_profile_alone(worker, admin):
    actions.change_profile(worker, name="Amal", language="ar", by=worker)

    worker.refresh_from_db()
    assert (worker.name, worker.language) == ("Amal", "ar")
    with pytest.raises(Denied):
        actions.change_profile(worker, name="X", language="en", by=admin)


def test_people_end_their_own_sessions_alone(worker, admin):
    given.sign_in(worker)
    given.sign_in(worker)
    first, second = Session.objects.filter(user=worker)

    with pytest.raises(Denied):
        actions.end_session(first, by=admin)
    actions.end_session(first, by=worker)
    assert list(Session.objects.filter(user=worker)) == [second]
    assert actions.end_other_sessions(by=worker, but=None) == 1


# --- the beginning

TWO = [
    "--administrator", "ada@example.org", "Ada",
    "--administrator", "ben@example.org", "Ben",
]  # fmt: skip


def test_two_people_found_the_house(capsys):
    call_command("found", "--organisation", "Lake House", *TWO)
    said = capsys.readouterr().out

    assert "ada@example.org" in said
    assert "/keys/join" in said
    assert Organisation.objects.get().admitted_at
    assert set(Membership.objects.active().values_list("role", flat=True)) == {
        "administrator"
    }
    assert Invitation.objects.count() == User.objects.count() == 2
    assert AuditEvent.objects.filter(did="founded").count() == 1


def test_what_is_missing_is_asked_for(capsys, monkeypatch):
    answers = iter(
        ["Lake House", "", "ada@example.org", "Ada", "ben@example.org", "Ben"]
    )
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))

    call_command("found")

    assert User.objects.count() == 2


def test_nothing_is_founded_twice(worker):
    with pytest.raises(CommandError, match="already people or organisations here"):
        call_command("found", "--organisation", "Mine", *TWO)


def test_who_never_saw_the_codes_gets_new_ones(capsys):
    call_command("found", "--organisation", "Lake House", *TWO)
    first = set(Invitation.objects.values_list("code", flat=True))
    Invitation.objects.update(expires_at=timezone.now())  # or let them run out

    call_command("found", "--organisation", "Lake House", *TWO)

    assert capsys.readouterr().out.count("ben@example.org") == 2
    assert User.objects.count() == Invitation.objects.open().count() == 2
    assert first.isdisjoint(Invitation.objects.values_list("code", flat=True))
    assert AuditEvent.objects.filter(did="founded").count() == 1


@pytest.mark.parametrize(
    ("organisation", "who"),
    [
        ("Mine", TWO),
        ("Lake House", [*TWO[:3], "--administrator", "eve@example.org", "Eve"]),
    ],
)
def test_no_other_house_is_founded_over_one_that_waits(organisation, who):
    call_command("found", "--organisation", "Lake House", *TWO)
    before = list(Invitation.objects.order_by("pk").values_list("code", flat=True))

    with pytest.raises(CommandError, match="already people or organisations here"):
        call_command("found", "--organisation", organisation, *who)

    after = list(Invitation.objects.order_by("pk").values_list("code", flat=True))
    assert after == before


def test_once_one_has_joined_no_codes_are_made_at_the_terminal():
    call_command("found", "--organisation", "Lake House", *TWO)
    ada = User.objects.get(email="ada@example.org")
    Invitation.objects.filter(user=ada).delete()  # as joining does
    User.objects.filter(pk=ada.pk).update(is_active=True)

    with pytest.raises(CommandError, match="already people or organisations here"):
        call_command("found", "--organisation", "Lake House", *TWO)


def test_it_takes_two_different_people():
    with pytest.raises(CommandError, match="two different people"):
        call_command("found", "--organisation", "Mine", *TWO[:3], *TWO[:3])
