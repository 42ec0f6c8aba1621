"""The pages of joining a team and letting a newcomer in."""

import pytest
from django.urls import reverse

from amana import given
from amana.trust.access import actions as access
from amana.trust.access.models import Role, Session
from amana.trust.vault import admission, keys
from amana.trust.vault.models import TeamWrap
from amana.trust.vault.tests.conftest import first_factor, second_factor
from amana.ui.once import make_form_key

from .newcomers import NEW

pytestmark = pytest.mark.django_db


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
