"""Each answer says to the browser what it may do with it: pages, files, errors, parts
(OWASP ASVS 3.4, 4.1)."""

import re
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.ui.http import send_file
from tests.architecture.code import PRODUCT, modules, where

pytestmark = pytest.mark.django_db

ALWAYS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = (
    "default-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
ADDRESSES = {
    "a page for people": ("/", 200),
    "signing in": ("/account/sign-in", 200),
    "on the way to it": ("/cases/", 302),
    "a script": ("/static/ui/ui.js", 200),
    "a style sheet": ("/static/ui/ui.css", 200),
    "a drawing": ("/static/ui/amana.svg", 200),
    "nothing": ("/there/is/nothing", 404),
    "a monitor": ("/health", 200),
    "the choice of a language": ("/language", 302),
}


@pytest.fixture
def browser(settings) -> Client:
    """As in production, where these are set."""
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.WHITENOISE_USE_FINDERS = True  # nothing was collected
    return Client(raise_request_exception=False)


def assert_all_is_said(answer) -> None:
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    rules = answer.headers["Content-Security-Policy"].split("; ")
    assert [rule for rule in POLICY if rule not in rules] == []
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("what", ADDRESSES)
def test_an_answer_says_what_a_browser_may_do_with_it(browser, what) -> None:
    address, status = ADDRESSES[what]
    answer = browser.get(address, secure=True)
    assert answer.status_code == status
    assert_all_is_said(answer)


def test_so_does_a_page_of_a_colleague(browser) -> None:
    browser.cookies = given.sign_in(given.make_worker()).cookies
    answer = browser.get(reverse("access:account"), secure=True)
    assert answer.status_code == 200
    assert_all_is_said(answer)


@pytest.mark.parametrize("address", ["/", "/account/sign-in", "/health", "/keys/lock"])
def test_trace_shows_nobody_what_was_sent(browser, address) -> None:
    answer = browser.generic("TRACE", address, secure=True, HTTP_X_SECRET="hidden")
    assert b"hidden" not in answer.content


@pytest.mark.parametrize("where", ["/.git/HEAD", "/static/.git/HEAD", "/.git/"])
def test_the_history_of_the_source_is_at_no_address(browser, where) -> None:
    assert browser.get(where, secure=True).status_code == 404


@pytest.mark.parametrize("folder", ["/static/", "/static/ui/", "/static/ui/vendor/"])
def test_no_folder_is_listed(browser, folder) -> None:
    assert browser.get(folder, secure=True).status_code == 404


@pytest.mark.parametrize("address", sorted({"/", "/account/sign-in", "/there/is/none"}))
def test_a_page_says_in_which_letters_it_is_written(browser, address) -> None:
    kind = browser.get(address, secure=True).headers["Content-Type"]
    assert kind == "text/html; charset=utf-8"


def test_a_file_of_text_says_so_too() -> None:
    assert (
        send_file("a", "text/csv", "a.csv")["Content-Type"] == "text/csv; charset=utf-8"
    )
    assert (
        send_file(b"%PDF", "application/pdf", "a")["Content-Type"] == "application/pdf"
    )


BARE = re.compile(r'content_type="text/(?![^"]*charset)[^"]*"')


def test_no_view_hands_out_text_without_its_letters() -> None:
    assert [where(path) for path in modules() if BARE.search(path.read_text())] == []
    assert BARE.search('HttpResponse(a, content_type="text/plain")')
    assert not BARE.search('HttpResponse(a, content_type="text/vtt; charset=utf-8")')


def test_each_cookie_of_production_is_of_this_host_alone() -> None:
    """The settings for real people, read as such in a process of their own. The one of
    an opened page or file is for its own address, so it is `__Secure-`."""
    code = """
import django; django.setup()
from django.conf import settings as s
from amana.care.referrals.views.outside_pages import code_pages
from amana.exchange.imports.views import mapping_pages
from amana.exchange.learning.lti import views as lti
from amana.trust.access import devices
from amana.trust.vault import middleware
from amana.trust.witness import device
from amana.ui.messages import Cookie
names = [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME]
names += [Cookie.cookie_name, lti.COOKIE]
names += [m.get_cookie_name() for m in (devices, middleware, device)]
assert all(name.startswith("__Host-") for name in names), names
for page in (code_pages, mapping_pages):
    assert page.get_cookie_name().startswith("__Secure-")
assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.LANGUAGE_COOKIE_SECURE
print(len(names))
"""
    environment = {
        "DJANGO_SETTINGS_MODULE": "amana.settings",
        "AMANA_PRODUCTION": "1",
        "SECRET_KEY": "k" * 60,
        "VAULT_PEPPERS": "p",
        "MAIL_HOST": "localhost",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=PRODUCT.parent,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "8", done.stderr[-500:]


SETS = re.compile(r"\.set_cookie\(")


def test_no_cookie_is_set_elsewhere() -> None:
    assert sorted(
        where(path) for path in modules() if SETS.search(path.read_text())
    ) == [
        "amana/care/referrals/views/outside_pages/code_pages.py",
        "amana/exchange/imports/views/mapping_pages.py",
        "amana/exchange/learning/lti/views.py",
        "amana/trust/access/devices.py",
        "amana/trust/access/http.py",
        "amana/trust/vault/middleware.py",
        "amana/trust/witness/device.py",
    ]
