"""Who guesses learns nothing, and is stopped; what failed is in the log."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from amana import given
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import crypto
from amana.trust.vault.tests.conftest import first_factor, second_factor

pytestmark = pytest.mark.django_db


def test_who_exists_is_not_to_be_learned_from_an_answer(with_app):
    worker = given.make_worker()
    with_app(worker)
    inactive = given.make_user(is_active=False)
    keyless = type(worker).objects.create_user("keyless@example.org", name="New")

    answers = [
        bare(first_factor(Client(), email, "a wrong but long passphrase"), email)
        for email in (
            worker.email,
            inactive.email,
            keyless.email,
            "nobody@example.org",
        )
    ]
    right_but_inactive = bare(first_factor(Client(), inactive.email), inactive.email)

    assert len(set(answers)) == 1
    assert right_but_inactive == answers[0]


def test_who_exists_is_not_to_be_learned_from_the_time(monkeypatch):
    stretched: list[str] = []
    real = crypto.stretch

    def stretch(*args, **cost):
        stretched.append("once")
        return real(*args, **cost)

    monkeypatch.setattr(crypto, "stretch", stretch)
    worker = given.make_worker()
    counts = []
    for email in (worker.email, "nobody@example.org"):
        stretched.clear()
        first_factor(Client(), email, "a wrong but long passphrase")
        counts.append(len(stretched))

    assert counts[0] == counts[1] == 1


def bare(answer, email):
    body = re.sub(
        r'name="(csrfmiddlewaretoken|_once)" value="[^"]+"', "", answer.content.decode()
    )
    body = re.sub(r'nonce="[^"]+"', "", body)
    return answer.status_code, body.replace(email, "")


def test_guessing_at_one_account_ends_after_five_tries_from_anywhere(with_app):
    worker = given.make_worker()
    with_app(worker)
    tried = [
        first_factor(
            Client(REMOTE_ADDR=f"10.0.0.{n}"), worker.email, "a wrong passphrase"
        ).content.decode()
        for n in range(6)
    ]

    even_the_right_one = first_factor(Client(REMOTE_ADDR="10.0.1.1"), worker.email)

    assert ["Too many attempts" in page for page in tried] == [False] * 5 + [True]
    assert "Too many attempts" in even_the_right_one.content.decode()


def test_tries_at_one_account_are_counted_whatever_host_is_named(with_app):
    worker = given.make_worker()
    with_app(worker)

    tried = [
        first_factor(
            Client(REMOTE_ADDR=f"10.0.0.{n}", HTTP_HOST=f"testserver:{8000 + n}"),
            worker.email.upper() if n % 2 else worker.email,
            "a wrong passphrase",
        ).content.decode()
        for n in range(6)
    ]

    assert ["Too many attempts" in page for page in tried] == [False] * 5 + [True]


def test_guessing_codes_ends_after_five_tries(client, with_app):
    worker = given.make_worker()
    app = with_app(worker)
    first_factor(client, worker.email)
    for _n in range(5):
        second_factor(client, "000000")

    assert second_factor(client, app.code()).status_code == 200


def test_nobody_signs_up_alone(client):
    names = {
        pattern for pattern in get_resolver().reverse_dict if isinstance(pattern, str)
    }

    assert "account_signup" not in names
    assert "account_reset_password" not in names
    assert client.get("/account/signup/").status_code == 404
    assert client.get("/account/login/").status_code == 404
    assert client.get("/account/password/reset/").status_code == 404


def test_a_failed_sign_in_is_written_down(client):
    worker = given.make_worker()
    first_factor(client, worker.email, "a wrong but long passphrase")
    first_factor(client, "nobody@example.org", "a wrong but long passphrase")

    things = AuditEvent.objects.filter(did="failed to sign in").values_list("thing")

    assert sorted(things) == [("",), (f"access.user:{worker.pk}",)]


def test_a_wrong_code_is_written_down_and_so_is_a_used_one(with_app):
    worker = given.make_worker()
    code = with_app(worker).code()
    failed = AuditEvent.objects.filter(did="failed at second step")
    for browser, typed, written in (
        (Client(), "000000", 1),
        (Client(), code, 1),
        (Client(), code, 2),
    ):
        first_factor(browser, worker.email)
        second_factor(browser, typed)
        assert failed.filter(thing=f"access.user:{worker.pk}").count() == written


def test_a_passkey_that_opens_nothing_is_written_down(with_app):
    """As a second step of a person; alone, it names no one."""
    worker, browser = given.make_worker(), Client()
    with_app(worker)
    first_factor(browser, worker.email)
    forged = {"credential": '{"id": "AAAA", "rawId": "AAAA", "type": "public-key"}'}
    browser.post(reverse("mfa_authenticate"), forged)
    Client().post(reverse("mfa_login_webauthn"), forged)

    step = AuditEvent.objects.get(did="failed at second step")
    alone = AuditEvent.objects.get(did="failed to sign in")
    assert (step.thing, alone.thing) == (f"access.user:{worker.pk}", "")
