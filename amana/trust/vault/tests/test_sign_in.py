"""Signing in: always a passphrase or passkey, and always a second factor (P30)."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amana import given
from amana.trust.access.models import Session
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import keys, middleware
from amana.trust.vault.models import PersonWrap
from amana.trust.vault.tests.conftest import first_factor, second_factor
from tests.architecture.test_urls import ALL, is_open

pytestmark = pytest.mark.django_db


def test_passphrase_and_code_bring_someone_in_unlocked(client, with_app):
    worker = given.make_worker()
    app = with_app(worker)

    after_first = first_factor(client, worker.email)
    after_second = second_factor(client, app.code())

    assert after_first.url == reverse("mfa_authenticate")
    assert after_second.url == reverse("home:today")
    assert client.get(reverse("access:account")).status_code == 200
    assert client.get(reverse("vault:recovery_code")).status_code == 200
    assert AuditEvent.objects.filter(did="signed in").exists()


def test_a_device_is_known_after_both_factors(client, with_app):
    from amana.trust.access.devices import get_cookie_name

    worker = given.make_worker()
    app = with_app(worker)
    first_factor(client, worker.email)
    assert get_cookie_name() not in client.cookies
    assert not worker.devices.exists()
    second_factor(client, app.code())
    assert client.cookies[get_cookie_name()]["max-age"]
    assert worker.devices.count() == 1


def test_a_session_begins_anew_with_each_factor(client, with_app):
    worker = given.make_worker()
    app = with_app(worker)
    client.get(reverse("account_login"))
    first_factor(client, worker.email)
    half = client.session.session_key
    second_factor(client, app.code())

    assert client.session.session_key != half
    assert not Session.objects.filter(session_key=half).exists()


def test_people_come_in_in_their_own_language(client, with_app):
    worker = given.make_worker(language="ar")
    app = with_app(worker)
    first_factor(client, worker.email)
    second_factor(client, app.code())

    assert 'lang="ar"' in client.get(reverse("access:account")).content.decode()


def test_without_the_code_no_page_opens(client, with_app):
    worker = given.make_worker()
    with_app(worker)
    first_factor(client, worker.email)

    answer = client.get(reverse("access:account"))

    assert answer.url.startswith(reverse("account_login"))


def test_whoever_has_no_second_factor_is_led_to_set_one_up(client):
    worker = given.make_worker()

    answer = first_factor(client, worker.email)
    account = client.get(reverse("access:account"))

    assert answer.status_code == 302
    assert account.url.startswith(reverse("access:enrol"))
    assert client.get(reverse("access:enrol")).status_code == 200


REACHED_BY_ENROLLING = {
    "access:enrol",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "vault:unlock",
    "vault:lock",
}

GUARDED = [(name, parameters) for name, view, parameters in ALL if not is_open(view)]


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_second_factor_no_address_answers(client, method):
    half_in = Client()
    first_factor(half_in, given.make_worker().email)
    answered = []
    for name, parameters in GUARDED:
        values = {p: example_of(c) for p, c in parameters.items()}
        url = reverse(name, kwargs=values)
        if not (
            is_shut(getattr(client, method)(url), method)
            and (
                name in REACHED_BY_ENROLLING or leads_to_enrolling(half_in, method, url)
            )
        ):
            answered.append(name)

    assert len(GUARDED) > 100
    assert not answered


def is_shut(answer, method):
    if method == "post":
        return answer.status_code == 401
    return getattr(answer, "url", "").startswith(reverse("account_login"))


def leads_to_enrolling(half_in, method, url):
    answer = getattr(half_in, method)(url)
    return getattr(answer, "url", "").startswith(reverse("access:enrol"))


def example_of(converter):
    """Something it takes; of a few words, the first."""
    words = converter.regex.split("|")
    return EXAMPLES.get(type(converter).__name__, words[0].replace("\\", ""))


EXAMPLES = {
    "IntConverter": 1,
    "UUIDConverter": "0b8f5d8a-8a3f-4c0e-9a63-4b9d2f3f3b11",
    "StringConverter": "x",
    "SlugConverter": "x",
    "PathConverter": "x",
    "StepKeyConverter": "x",
}


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_takes_a_code_from_it(client):
    worker = given.make_worker()
    first_factor(client, worker.email)
    page = client.get(reverse("mfa_activate_totp"))
    seed = page.context["form"].secret

    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    right = client.post(reverse("mfa_activate_totp"), {"code": code_of(seed)})

    assert wrong.status_code == 200
    assert "<svg" in page.content.decode()
    assert right.url == reverse("mfa_index")
    assert client.get(reverse("access:account")).status_code == 200


def test_a_seed_is_never_stored_readably(client):
    worker = given.make_worker()
    first_factor(client, worker.email)
    seed = client.get(reverse("mfa_activate_totp")).context["form"].secret
    waiting = [session.get_decoded() for session in Session.objects.all()]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(seed)})

    stored = Authenticator.objects.get(user=worker)

    assert seed not in str(waiting)
    assert seed not in str(stored.data)
    assert stored.wrap().validate_code(code_of(seed))


def test_digits_of_any_script_are_digits(client, with_app):
    worker = given.make_worker()
    code = with_app(worker).code()
    first_factor(client, worker.email)

    eastern = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert second_factor(client, eastern).status_code == 302


def test_a_code_works_once(with_app):
    worker = given.make_worker()
    code = with_app(worker).code()
    one, other = Client(), Client()
    for browser in (one, other):
        first_factor(browser, worker.email)

    assert second_factor(one, code).status_code == 302
    assert second_factor(other, f"{code[:3]} {code[3:]}").status_code == 200


def test_a_code_that_was_used_is_worth_nothing_even_while_it_is_valid(
    with_app, monkeypatch
):
    """The tolerance for slow clocks lets it live longer than its thirty seconds."""
    worker = given.make_worker()
    code = with_app(worker).code()
    one, other = Client(), Client()
    for browser in (one, other):
        first_factor(browser, worker.email)
    used = second_factor(one, code)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 31)

    assert used.status_code == 302
    assert second_factor(other, code).status_code == 200


def test_the_database_holds_no_usable_key_while_someone_works(client, with_app):
    worker = given.make_worker()
    app = with_app(worker)
    first_factor(client, worker.email)
    second_factor(client, app.code())
    secret = keys.get_keyring(worker).person.dump()

    session = Session.objects.get(user=worker)
    cookie = client.cookies[middleware.get_cookie_name()].value

    assert secret.hex() not in str(session.get_decoded())
    assert cookie not in str(session.get_decoded())
    assert given.PASSPHRASE not in str(session.get_decoded())


def test_the_passphrase_is_kept_nowhere_but_as_a_sealed_key(client):
    worker = given.make_worker()
    first_factor(client, worker.email)
    worker.refresh_from_db()

    assert worker.password.startswith("!")
    assert not worker.has_usable_password()
    assert PersonWrap.objects.get(person_key__user=worker).method == "passphrase"


def test_the_unlock_cookie_is_for_this_site_and_no_script(client):
    first_factor(client, given.make_worker().email)

    cookie = client.cookies[middleware.get_cookie_name()]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_cookies_are_bound_to_the_host_in_production():
    """The settings for real people, read as such in a process of their own."""
    import os
    import subprocess
    import sys

    names = (
        "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"
    )
    code = (
        "from amana import settings as s; "
        f"print([getattr(s, n) for n in '{names}'.split()], s.SESSION_COOKIE_SAMESITE)"
    )
    environment = os.environ | {
        "AMANA_PRODUCTION": "1",
        "SECRET_KEY": "k",
        "VAULT_PEPPERS": "p",
        "MAIL_HOST": "localhost",
    }
    said = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.strip() == "['__Host-session', '__Host-csrf', True, True] Strict"


def test_signing_out_ends_the_session_and_locks(client, with_app):
    worker = given.make_worker()
    app = with_app(worker)
    first_factor(client, worker.email)
    second_factor(client, app.code())

    client.post(reverse("account_logout"))

    assert not Session.objects.filter(user=worker).exists()
    assert not client.cookies[middleware.get_cookie_name()].value
    assert client.get(reverse("access:account")).status_code == 302


def test_the_log_says_by_which_factors_someone_came_in(with_app):
    worker, browser = given.make_worker(), Client()
    code = with_app(worker).code()
    first_factor(browser, worker.email)
    second_factor(browser, code)

    came_in = AuditEvent.objects.get(did="signed in")
    assert came_in.auditdetail.details == {"factors": ["password", "totp"]}


def code_of(seed: str) -> str:
    from amana.trust.vault.tests.conftest import App

    return App(seed).code()
