"""The pages of joining, letting in, leaving and recovering, as people walk them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access import actions as access
from amana.trust.access.models import Role, Session, Suspension, User
from amana.trust.vault import admission, keys, leaving, removal
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import open_documents, write
from amana.trust.vault.models import KeyRemoval, TeamKey, TeamWrap
from amana.trust.vault.removal_states import RemovalStatus
from amana.trust.vault.tests.conftest import first_factor, second_factor
from amana.ui.once import make_form_key
from tests.patching import replace_everywhere
from tests.worlds import kept

pytestmark = pytest.mark.django_db

NEW = "five grey herons at noon"


@kept
def team(db):
    return given.make_team()


@kept
def worker(team):
    return given.make_worker(of=team)


@kept
def supervisor(team, worker):
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def admin(db):
    return given.make_worker(role=Role.ADMINISTRATOR)


@kept
def stranger(db):
    return given.sign_in(given.make_worker())


def proposed(team, *, by):
    return access.propose(
        team,
        email="nour@example.org",
        name="Nour Saleh",
        language="en",
        role=Role.CASE_WORKER,
        by=by,
    )


def joined(team, *, by):
    membership, code = proposed(team, by=by)
    membership.user = admission.join(admission.find_invitation(code), passphrase=NEW)
    return membership


# --- joining


def test_a_newcomer_goes_from_the_code_to_the_second_step(team, supervisor, client):
    _membership, code = proposed(team, by=supervisor)

    entered = client.post(reverse("vault:join"), {"code": code.lower()})
    page = client.get(entered.url).content.decode()
    set_ = client.post(entered.url, {"passphrase": NEW, "again": NEW})
    held_up = client.get(reverse("access:account"))

    assert "Nour Saleh" in page
    assert team.name in page
    assert set_.headers["Location"] == reverse("access:enrol")
    assert held_up.headers["Location"].startswith(reverse("access:enrol"))
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_code_never_stands_in_an_address(team, supervisor, client):
    _membership, code = proposed(team, by=supervisor)

    entered = client.post(reverse("vault:join"), {"code": code})

    assert code not in entered.url
    assert code.replace("-", "") not in str(Session.objects.get().get_decoded())


def test_a_passphrase_is_chosen_after_the_code_alone(client):
    answer = client.get(reverse("vault:choose_passphrase"))

    assert answer.headers["Location"] == reverse("vault:join")


@pytest.mark.parametrize(
    ("passphrase", "again", "says"),
    [
        (NEW, NEW + "!", "passphrases don’t match"),
        ("short", "short", "At least 15"),
        ("Nour Saleh Nour", "Nour Saleh Nour", "Attackers first try"),
    ],
)
def test_a_newcomer_reads_what_is_wrong_with_a_passphrase(
    team, supervisor, client, passphrase, again, says
):
    _membership, code = proposed(team, by=supervisor)
    entered = client.post(reverse("vault:join"), {"code": code})

    answer = client.post(entered.url, {"passphrase": passphrase, "again": again})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert passphrase not in answer.content.decode()


def test_guessing_codes_ends_after_ten_tries(client):
    tries = [
        client.post(reverse("vault:join"), {"code": "AAAA-AAAA-AAAA-AAAA-AAAA"})
        for _n in range(11)
    ]

    assert [answer.status_code for answer in tries] == [422] * 10 + [409]


def test_who_waits_sees_the_fingerprint_that_the_other_sees(team, worker, supervisor):
    membership = joined(team, by=supervisor)

    newcomer = given.sign_in(membership.user, passphrase=NEW)
    theirs = newcomer.get(reverse("vault:welcome"))
    colleague = given.sign_in(worker)
    ours = colleague.get(reverse("vault:confirm", args=[membership.pk]))

    assert len(theirs.context["fingerprint"]) == 8
    assert theirs.context["fingerprint"] == ours.context["fingerprint"]
    assert newcomer.get(reverse("access:account")).headers["Location"] == reverse(
        "vault:welcome"
    )


def test_who_still_waits_is_led_to_the_digits_after_signing_in(
    team, supervisor, client, with_app
):
    membership = joined(team, by=supervisor)
    app = with_app(membership.user)

    first_factor(client, "nour@example.org", NEW)
    came_in = second_factor(client, app.code())

    assert came_in.headers["Location"] == reverse("vault:welcome")


def test_a_code_that_was_renewed_lets_nobody_in_who_had_entered_it(
    team, supervisor, client
):
    membership, code = proposed(team, by=supervisor)
    entered = client.post(reverse("vault:join"), {"code": code})
    access.renew_invitation(membership.user, by=supervisor)

    answer = client.post(entered.url, {"passphrase": NEW, "again": NEW})

    assert answer.headers["Location"] == reverse("vault:join")
    membership.user.refresh_from_db()
    assert not membership.user.is_active


# --- letting in


def test_a_colleague_confirms_after_comparing(team, worker, supervisor):
    membership = joined(team, by=supervisor)
    browser = given.sign_in(worker)
    address = reverse("vault:confirm", args=[membership.pk])

    waiting = browser.get(reverse("vault:admissions")).content.decode()
    groups = browser.get(address).context["form"]["compared_key"].value()
    unticked = browser.post(address, {"compared_key": groups})
    confirmed = browser.post(address, {"compared": "on", "compared_key": groups})

    assert "Nour Saleh" in waiting
    assert unticked.status_code == 422
    assert confirmed.headers["Location"] == reverse("vault:admissions")
    assert keys.unlock(membership.user, NEW).teams


def test_only_the_key_that_was_compared_is_let_in(team, worker, supervisor, admin):
    membership = joined(team, by=supervisor)
    browser = given.sign_in(worker)
    address = reverse("vault:confirm", args=[membership.pk])
    groups = browser.get(address).context["form"]["compared_key"].value()
    code = given.reset_keys(membership.user, by=admin)
    admission.join(
        admission.find_invitation(code), passphrase="somebody else with the code"
    )

    answer = browser.post(address, {"compared": "on", "compared_key": groups})
    unsaid = browser.post(address, {"compared": "on"})

    membership.refresh_from_db()
    assert answer.status_code == 409
    assert "Compare the groups again" in answer.content.decode()
    assert unsaid.status_code == 422
    assert membership.confirmed_at is None
    assert not TeamWrap.objects.filter(person_key__user=membership.user).exists()


@pytest.mark.parametrize("page", ["vault:confirm", "vault:end", "vault:start_again"])
def test_a_stranger_finds_no_place_of_others(team, supervisor, stranger, page):
    membership = joined(team, by=supervisor)

    for method in (stranger.get, stranger.post):
        answer = method(reverse(page, args=[membership.pk]), make_form_key())
        assert answer.status_code == 404


def test_a_stranger_renews_no_key(team, worker, stranger):
    now = reverse("vault:renew_now", args=[team.pk])
    assert stranger.post(now).status_code == 404
    assert stranger.get(reverse("vault:renew", args=[team.pk])).status_code == 404
    assert stranger.post(reverse("vault:renew", args=[team.pk])).status_code == 404


def test_whoever_proposed_finds_it_among_their_own(team, supervisor):
    joined(team, by=supervisor)
    page = given.sign_in(supervisor).get(reverse("vault:admissions"))

    assert list(page.context["waiting"]) == []
    assert len(page.context["proposed"]) == 1


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


# --- a lost secret


def test_the_sheet_is_shown_once_and_recovers(worker, client, with_app):
    with_app(worker)
    browser = given.sign_in(worker)
    sheet = browser.post(reverse("vault:recovery_code"))
    code = sheet.context["code"]

    again = browser.get(reverse("vault:recovery_code")).content.decode()
    recovered = client.post(
        reverse("vault:recover"),
        {"email": worker.email, "code": code, "passphrase": NEW, "again": NEW},
    )
    signed_in = client.post(
        reverse("account_login"), {"login": worker.email, "password": NEW}
    )

    assert "<svg" in sheet.content.decode()
    assert code not in again
    assert "You already have a sheet" in again
    assert recovered.headers["Location"] == reverse("account_login")
    assert signed_in.headers["Location"] == reverse("mfa_authenticate")


def test_a_wrong_code_says_nothing_about_who_exists(worker):
    given.sign_in(worker).post(reverse("vault:recovery_code"))
    from amana.trust.access import codes

    said = set()
    for email in (worker.email, "nobody@example.org"):
        answer = Client().post(
            reverse("vault:recover"),
            {
                "email": email,
                "code": codes.create_code(128),
                "passphrase": NEW,
                "again": NEW,
            },
        )
        said.add((answer.status_code, tuple(answer.context["form"].errors["code"])))

    assert len(said) == 1


def test_guessing_recovery_codes_ends_after_five_tries(worker, client):
    from amana.trust.access import codes

    tries = [
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(
            reverse("vault:recover"),
            {
                "email": worker.email,
                "code": codes.create_code(128),
                "passphrase": NEW,
                "again": NEW,
            },
        )
        for n in range(6)
    ]

    assert [answer.status_code for answer in tries] == [422] * 5 + [409]


def test_a_weak_new_passphrase_is_refused_and_the_sheet_stays_good(worker, client):
    code = given.sign_in(worker).post(reverse("vault:recovery_code")).context["code"]
    weak = "passwordpassword"

    answer = client.post(
        reverse("vault:recover"),
        {"email": worker.email, "code": code, "passphrase": weak, "again": weak},
    )

    assert answer.status_code == 422
    assert admission.open_by_recovery(worker.email, code)


def test_a_changed_passphrase_signs_out_everywhere(worker):
    one, other = given.sign_in(worker), given.sign_in(worker)

    answer = one.post(
        reverse("vault:change_passphrase"), {"passphrase": NEW, "again": NEW}
    )

    assert answer.headers["Location"] == reverse("account_login")
    for browser in (one, other):
        assert browser.get(reverse("access:account")).status_code == 302
    assert keys.unlock(worker, NEW)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CASE_WORKER])
def test_a_foreign_supervisor_does_not_reach_the_account_of_others(supervisor, role):
    theirs = given.make_worker(role=role)
    place, _code = access.propose(
        supervisor.memberships.get().team,
        email=theirs.email,
        name="X",
        language="en",
        role=Role.CASE_WORKER,
        by=supervisor,
    )
    browser = given.sign_in(supervisor)

    for page in ("vault:start_again", "access:renew_invitation"):
        address = reverse(page, args=[place.pk])
        answer = browser.post(address, {"knowing": "on", **make_form_key()})
        assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_active
    assert keys.unlock(theirs, given.PASSPHRASE)


def test_starting_again_is_proposed_on_its_page(team, worker, supervisor):
    given.make_worker(of=team)
    browser = given.sign_in(supervisor)
    address = reverse("vault:start_again", args=[worker.memberships.get().pk])

    asked = browser.get(address).content.decode()
    answer = browser.post(address)
    repeated = browser.post(address)

    made = KeyRemoval.objects.get()
    assert "after 1 day" in asked
    assert answer.headers["Location"] == reverse("vault:removal", args=[made.pk])
    assert repeated.status_code == 409
    assert keys.unlock(worker, given.PASSPHRASE).teams


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
