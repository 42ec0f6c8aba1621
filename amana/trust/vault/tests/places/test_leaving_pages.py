"""The pages of leaving, removing and suspending."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access import actions as access
from amana.trust.access.models import Role, Suspension, User
from amana.trust.vault import leaving, removal
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import open_documents, write
from amana.trust.vault.models import KeyRemoval, TeamKey
from amana.trust.vault.removal_states import RemovalStatus
from tests.patching import replace_everywhere

pytestmark = pytest.mark.django_db


# --- leaving


def test_ending_a_place_is_a_proposal_that_says_what_is_left(team, worker, supervisor):
    browser = given.sign_in(supervisor)
    address = reverse("vault:end", args=[worker.memberships.get().pk])

    page = browser.get(address).content.decode()
    answer = browser.post(address)

    made = KeyRemoval.objects.get()
    assert "Only one colleague, or none" in page
    assert answer.headers["Location"] == reverse("vault:removal", args=[made.pk])
    worker.refresh_from_db()
    assert worker.is_active


def test_a_removal_goes_its_way_on_one_page(team, worker, supervisor, later):
    leila = given.make_worker(of=team, name="Leila Haddad")
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    made = removal.propose_start_again(leila, by=supervisor)
    page = reverse("vault:removal", args=[made.pk])
    browser = given.sign_in(officer)
    listed = browser.get(reverse("vault:admissions")).content.decode()
    asked = browser.get(page).content.decode()

    confirmed = browser.post(reverse("vault:confirm_removal", args=[made.pk]))
    hurried = browser.post(reverse("vault:try_removal", args=[made.pk]))
    later(timedelta(hours=24))
    browser = given.sign_in(officer)
    due = browser.get(page).content.decode()
    tried = browser.post(reverse("vault:try_removal", args=[made.pk]))
    effective = browser.get(page).content.decode()
    undone = browser.post(reverse("vault:stop_removal", args=[made.pk]))

    assert "Leila Haddad" in listed
    assert "To confirm" in listed
    assert "Speak with them" in asked
    assert hurried.status_code == 409
    assert "see why not" in due
    assert "Undo: give the keys back" in effective
    assert {confirmed.status_code, tried.status_code, undone.status_code} == {302}
    made.refresh_from_db()
    assert made.state is RemovalStatus.UNDONE


def test_a_stranger_finds_no_removal(team, worker, supervisor, stranger):
    made = removal.propose_start_again(given.make_worker(of=team), by=supervisor)
    colleague = given.sign_in(given.make_worker(of=team))

    for browser in (stranger, colleague):
        assert browser.get(reverse("vault:removal", args=[made.pk])).status_code == 404
        for act in ("confirm", "allow", "stop", "try"):
            address = reverse(f"vault:{act}_removal", args=[made.pk])
            assert browser.post(address).status_code == 404
    made.refresh_from_db()
    assert made.state is RemovalStatus.PROPOSED


def test_two_words_are_given_on_the_page(team, worker, supervisor):
    made = removal.propose_start_again(worker, by=supervisor)
    home = given.make_worker(
        of=given.make_team(of=team.organisation), role=Role.SUPERVISOR
    )
    address = reverse("vault:allow_removal", args=[made.pk])

    for by in (home, given.make_worker(role=Role.COORDINATOR)):
        browser = given.sign_in(by)
        page = browser.get(reverse("vault:removal", args=[made.pk])).content.decode()
        assert "Few will remain" in page
        assert browser.post(address).status_code == 302

    made.refresh_from_db()
    assert made.organisation_word == home
    assert made.coordinator_word == by


def test_a_keyholder_renews_the_key_on_suspicion(team, worker, supervisor):
    browser = given.sign_in(worker)
    shown = browser.get(reverse("access:team", args=[team.pk])).content.decode()
    page = browser.get(reverse("vault:renew", args=[team.pk])).content.decode()

    answer = browser.post(reverse("vault:renew_now", args=[team.pk]))

    assert reverse("vault:renew", args=[team.pk]) in shown
    assert "Renew now" in page
    assert answer.headers["Location"] == reverse("vault:renew", args=[team.pk])
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 2


def test_who_leaves_by_themselves_is_out(team, worker, supervisor):
    given.make_worker(of=team)
    browser = given.sign_in(worker)
    address = reverse("vault:end", args=[worker.memberships.get().pk])

    answer = browser.post(address)

    assert answer.headers["Location"] == reverse("account_login")
    assert (
        browser.get(reverse("access:account"))
        .headers["Location"]
        .startswith(reverse("account_login"))
    )


def test_the_key_is_renewed_step_by_step_without_script(
    team, worker, supervisor, admin, monkeypatch
):
    for _n in range(3):
        case = given.make_case_keys(of=team)
        write(case, Compartment.IDENTITY, {"name": "Hope"}, by=worker)
    gone = given.make_worker(of=team)
    given.end_membership(gone.memberships.get(), by=admin)
    browser = given.sign_in(worker)
    address = reverse("vault:renew", args=[team.pk])
    step = leaving.rewrap_some
    replace_everywhere(
        monkeypatch,
        leaving,
        "rewrap_some",
        lambda key, *, by, limit=0: step(key, by=by, limit=4),
    )

    due = browser.get(reverse("vault:admissions")).content.decode()
    browser.post(reverse("vault:renew_now", args=[team.pk]))
    steps = 0
    while not browser.get(address).context["progress"].is_complete or steps == 0:
        assert browser.post(address).headers["Location"] == address
        steps += 1
        assert steps < 20

    assert "must be renewed" in due
    assert steps > 1
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 2
    assert (
        "must be renewed"
        not in browser.get(reverse("vault:admissions")).content.decode()
    )
    fresh = given.unlock_user(worker)
    assert open_documents(case, by=fresh, purpose="test")


# --- suspending


def test_a_colleague_is_suspended_and_let_in_again(team, worker, supervisor, stranger):
    leila = given.make_worker(of=team, name="Leila Haddad")
    place = leila.memberships.get()
    browser = given.sign_in(supervisor)
    administrator = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))
    suspend = reverse("vault:suspend", args=[place.pk])
    shown = browser.get(reverse("access:team", args=[team.pk])).content.decode()

    assert stranger.post(suspend).status_code == 404
    assert "signed out everywhere" in browser.get(suspend).content.decode()
    answer = browser.post(suspend)
    suspension = Suspension.objects.get()
    lift = reverse("vault:lift", args=[suspension.pk])
    team_page = browser.get(reverse("access:team", args=[team.pk])).content.decode()
    refused = [client.post(lift).status_code for client in (stranger, browser)]
    listed = administrator.get(reverse("vault:admissions")).content.decode()
    lifted = administrator.post(lift)

    assert suspend in shown
    assert answer.headers["Location"] == reverse("access:team", args=[team.pk])
    assert "Suspended" in team_page
    assert refused == [404, 404]
    assert lift in listed
    assert lifted.status_code == 302
    leila.refresh_from_db()
    assert leila.is_active


def test_who_has_only_not_joined_yet_is_not_called_suspended(team, supervisor):
    leila = given.make_worker(of=team)
    User.objects.filter(pk=leila.pk).update(is_active=False)
    browser = given.sign_in(supervisor)

    shown = browser.get(reverse("access:team", args=[team.pk])).content.decode()

    assert "Code not entered yet" in shown
    assert "Suspended" not in shown


def test_who_cannot_sign_in_is_not_said_to(team, supervisor):
    leila = given.make_worker(of=team)
    suspension = access.suspend(leila, by=supervisor)
    leila.memberships.update(ended_at=timezone.now())
    browser = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))

    lifted = browser.post(reverse("vault:lift", args=[suspension.pk]), follow=True)

    assert "The suspension is lifted." in lifted.content.decode()
    assert "can sign in again" not in lifted.content.decode()


def test_a_delay_is_not_made_longer_than_it_is(team, worker, supervisor, monkeypatch):
    given.make_worker(of=team)
    replace_everywhere(monkeypatch, removal, "DELAYS", [lambda: timedelta(minutes=30)])
    browser = given.sign_in(supervisor)
    address = reverse("vault:start_again", args=[worker.memberships.get().pk])

    assert "after 30 min" in browser.get(address).content.decode()
