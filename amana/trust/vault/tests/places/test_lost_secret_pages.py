"""The pages of a lost passphrase, and of starting again."""

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.trust.access import actions as access
from amana.trust.access.models import Role
from amana.trust.vault import admission, keys
from amana.trust.vault.models import KeyRemoval
from amana.ui.once import make_form_key

from .newcomers import NEW

pytestmark = pytest.mark.django_db


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
