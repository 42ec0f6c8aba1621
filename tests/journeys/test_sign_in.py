"""Coming in: by code and compared digits, by passkey, by app; locked and unlocked."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.trust.access.models import Role, User
from amana.trust.vault import middleware
from amana.trust.vault.models import KeyRemoval
from tests.journeys.conftest import Opens, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "five grey herons at noon"
SEND = "main .form button[type=submit]"


def with_passkey(page: Page) -> None:
    """Chromium's own pretended device, which always says yes."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def code_of(seed: str) -> str:
    return str(format_hotp_value(hotp_value(seed, int(time.time()) // 30)))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_newcomer_is_let_in_by_two_and_comes_back_by_passkey(
    visit: Opens,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    language: str,
) -> None:
    team = given.make_team(
        of=given.make_organisation(name="Lake House"), name="Night shift"
    )
    worker = given.make_worker(of=team, name="Mariam Toure")
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR, name="Samira Haddad")

    def look(page: Page, name: str) -> None:
        accessible(page)
        picture(page, name)

    # The supervisor proposes, and gets a code to hand over.
    desk = sign_in(supervisor, language=language)
    desk.goto("/organisations/")
    look(desk, "organisations")
    desk.goto(f"/teams/{team.pk}/")
    look(desk, "team")
    desk.goto(f"/teams/{team.pk}/propose")
    desk.fill("#id_name", "Nour Saleh")
    desk.fill("#id_email", "nour@example.org")
    look(desk, "propose")
    desk.click(SEND)
    code = desk.locator(".secret-code").inner_text()
    look(desk, "invited")

    # The newcomer enters it, sets a passphrase and makes a passkey.
    phone = visit(language=language)
    with_passkey(phone)
    phone.goto("/account/sign-in")
    look(phone, "sign-in")
    phone.goto("/keys/join")
    look(phone, "join")
    phone.fill("#id_code", code.lower())
    phone.click(SEND)
    phone.fill("#id_passphrase", NEW)
    phone.fill("#id_again", NEW)
    look(phone, "choose-passphrase")
    phone.click(SEND)
    look(phone, "second-step")
    phone.locator("a[href='/account/passkey/add']").click()
    look(phone, "passkey")
    phone.click("#passkey")
    phone.wait_for_url("**/keys/welcome")
    look(phone, "welcome")

    # Another colleague compares the digits and lets them in.
    other = sign_in(worker, language=language)
    other.goto("/keys/admissions")
    look(other, "admissions")
    other.locator("a[href$='/confirm']").click()
    assert digits(other) == digits(phone)
    look(other, "confirm-colleague")
    other.check("#id_compared")
    other.click(SEND)
    other.wait_for_url("**/keys/admissions")
    assert User.objects.get(email="nour@example.org").roles == {Role.CASE_WORKER}

    # The newcomer prints the recovery sheet, goes, and comes back by passkey alone.
    phone.goto("/account/")
    look(phone, "account")
    phone.goto("/keys/recovery-code")
    phone.click(SEND)
    expect(phone.locator(".secret-code")).to_be_visible()
    look(phone, "recovery-sheet")
    phone.context.clear_cookies()
    phone.goto("/account/sign-in?next=/keys/recovery-code")
    phone.click("#passkey")
    phone.wait_for_url(re.compile("/keys/unlock"))
    look(phone, "unlock")
    phone.fill("#id_passphrase", NEW)
    phone.click(SEND)
    phone.wait_for_url(re.compile("/keys/recovery-code"))

    # And once more by passphrase, with the passkey as the second step.
    phone.context.clear_cookies()
    phone.goto("/account/sign-in?next=/keys/recovery-code")
    phone.fill("#id_login", "nour@example.org")
    phone.fill("#id_password", NEW)
    phone.click(SEND)
    expect(phone.locator("#id_code")).to_have_count(0)
    look(phone, "second-step-passkey")
    phone.click("#passkey")
    phone.wait_for_url(re.compile("/keys/recovery-code"))


def digits(page: Page) -> list[str]:
    return page.locator(".fingerprint li").all_inner_texts()


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, marks=pytest.mark.smoke), False]
)
def test_someone_comes_in_by_app_with_and_without_scripts(
    visit: Opens, accessible: Callable[[Page], None], scripts: bool
) -> None:
    worker = given.make_worker()
    page = visit(scripts=scripts)
    page.goto("/account/sign-in?next=/account/")
    page.fill("#id_login", worker.email)
    page.fill("#id_password", given.PASSPHRASE)
    page.click(SEND)
    page.locator("a[href='/account/app']").click()
    page.get_by_text("I can’t scan it").click()
    seed = page.locator(".secret-code").inner_text()
    if scripts:
        accessible(page)
    page.fill("#id_code", code_of(seed))
    page.click(SEND)
    expect(page.locator("h1")).to_have_text(worker.name)

    again = visit(scripts=scripts)
    again.goto("/account/sign-in?next=/account/")
    again.fill("#id_login", worker.email)
    again.fill("#id_password", given.PASSPHRASE)
    again.click(SEND)
    expect(again.locator("#passkey")).to_have_count(0)
    if scripts:
        accessible(again)
    again.fill("#id_code", code_of(seed))
    again.click(SEND)
    expect(again.locator("h1")).to_have_text(worker.name)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_that_meets_the_lock_is_sent_all_the_same(
    sign_in: SignsIn,
    watch: Watch,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    scripts: bool,
) -> None:
    watch.expect("409")
    team = given.make_team()
    given.make_worker(of=team)
    leaver = given.make_worker(of=team)
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    page = sign_in(supervisor, scripts=scripts)
    page.goto(f"/keys/members/{leaver.memberships.get().pk}/end")
    page.context.clear_cookies(name=middleware.get_cookie_name())

    page.click(SEND)
    if scripts:
        accessible(page)
        picture(page, "locked")
    page.fill("#unlock", given.PASSPHRASE)
    page.click(SEND)

    expect(page).to_have_url(re.compile("/removals/"))
    assert KeyRemoval.objects.filter(user=leaver, proposed_by=supervisor).exists()


@pytest.mark.usefixtures("turns")  # the page locks by itself, while another is drawn
def test_a_screen_left_alone_is_covered_and_comes_back_as_it_was(
    sign_in: SignsIn, watch: Watch, accessible: Callable[[Page], None]
) -> None:
    watch.expect("422")
    page = sign_in(given.make_worker())
    page.clock.install()
    page.goto("/account/")
    page.fill("#id_name", "a name half typed")
    beside = page.context.new_page()
    beside.clock.install()
    beside.goto("/account/")

    page.clock.fast_forward("09:00")
    expect(page.locator("dialog")).to_have_count(0)
    page.clock.fast_forward("01:01")

    expect(page.locator("dialog input[type=password]")).to_be_visible()
    expect(beside.locator("dialog input[type=password]")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("main")).to_be_hidden()
    page.fill("dialog input[type=password]", "not this one at all")
    page.click("dialog button")
    expect(page.locator("dialog .field-error")).to_be_visible()
    page.fill("dialog input[type=password]", given.PASSPHRASE)
    page.click("dialog button")
    expect(page.locator("main")).to_be_visible()
    expect(beside.locator("main")).to_be_visible()
    assert page.input_value("#id_name") == "a name half typed"
    page.goto("/keys/recovery-code")
    expect(page.locator(SEND)).to_be_visible()


def test_whoever_comes_next_finds_no_page_of_the_one_before(
    sign_in: SignsIn, live_server: LiveServer
) -> None:
    first, second = given.make_worker(name="Who was here"), given.make_worker()
    page = sign_in(first)
    page.goto("/account/")
    expect(page.locator("#id_name")).to_have_value(first.name)
    beside = page.context.new_page()
    as_somebody_else = given.sign_in(second).cookies
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in as_somebody_else.items()
        ]
    )

    beside.goto("/account/")

    expect(page).to_have_url(re.compile("/keys/unlock"))
    assert first.name not in page.content()
    expect(beside.locator("#id_name")).to_have_value(second.name)


def test_who_signs_out_leaves_no_page_open_beside(sign_in: SignsIn) -> None:
    page = sign_in(given.make_worker())
    page.goto("/account/")
    beside = page.context.new_page()
    beside.goto("/account/")
    expect(beside.locator("#id_name")).to_be_visible()

    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()

    expect(beside).to_have_url(re.compile("/account/sign-in"))
    expect(page).to_have_url(re.compile("/account/sign-in"))
