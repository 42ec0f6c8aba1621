"""A certificate is taken home, and checked by somebody who has no network; then it is
revoked, and whoever looks it up hears so."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import Browser, FilePayload, Page, expect

from amana import given
from amana.academy.credentials import actions, certificate_bundles, signing
from amana.academy.credentials.engine import squares
from amana.academy.credentials.models import Certificate
from amana.academy.credentials.paper import badge_pictures
from amana.academy.credentials.tests.conftest import MET, defined
from amana.academy.credentials.tests.forging import FORGERIES, forged
from amana.trust.access.models import Role, User

from .conftest import LANGUAGES, WIDTHS, Opens, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def coordinator() -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Nadia Coordinator")


@pytest.fixture
def learner() -> User:
    return given.make_worker(name="Amina Learner")


@pytest.fixture
def certificate(coordinator: User, learner: User) -> Certificate:
    return actions.issue(defined(coordinator), learner, levels=MET)


@pytest.fixture
def without_network(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A browser that reaches nothing, and would tell if it tried."""
    asked: list[str] = []
    wrong: list[str] = []
    context = browser.new_context(
        offline=True, viewport={"width": 360, "height": WIDTHS[360]}
    )
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on(
        "console",
        lambda message: wrong.append(message.text) if message.type == "error" else None,
    )
    yield context.new_page()
    context.close()
    assert {urlsplit(url).scheme for url in asked} == {"file"}
    assert wrong == []


def opened(page: Page, folder: Path, certificate: Certificate) -> Page:
    """verify.html as it comes out of the bundle, opened from the disk."""
    path = folder / "verify.html"
    path.write_text(certificate_bundles.list_files(certificate)["verify.html"])
    page.goto(path.as_uri())
    return page


def a_file(content: bytes, name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def outcome(page: Page, content: bytes, name: str = "certificate.json") -> str:
    page.evaluate("document.getElementById('verdict').dataset.outcome = ''")
    page.locator("#file").set_input_files(a_file(content, name))
    page.locator("form button").click()
    found = page.locator("#verdict:not([data-outcome=''])")
    expect(found).to_be_visible()
    return found.get_attribute("data-outcome") or ""


def test_a_certificate_is_checked_from_a_file_with_no_network(
    certificate: Certificate,
    without_network: Page,
    tmp_path: Path,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = opened(without_network, tmp_path, certificate)
    written = badge_pictures.write_json(certificate).encode()

    shapes = {
        "a.json": written,
        "a.jwt": certificate.token.encode(),
        "a.png": badge_pictures.draw_png(certificate),
        "a.svg": badge_pictures.draw_svg(certificate).encode(),
        "a.txt": squares.encode_square(certificate.compact).encode(),
    }
    assert {
        name: outcome(page, shape, name) for name, shape in shapes.items()
    } == dict.fromkeys(shapes, "valid")
    expect(page.locator("#facts")).to_contain_text("Amina Learner")
    expect(page.locator("#facts")).to_contain_text(
        "No. According to the issuer’s list of"
    )
    accessible(page)
    picture(page, "certificate-offline")


def test_a_phone_that_reads_the_square_checks_it_and_sends_it_to_no_one(
    certificate: Certificate,
    coordinator: User,
    visit: Opens,
    address: str,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    square = squares.encode_square(certificate.compact)
    page = visit(language="en")
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))

    page.goto(f"{address}/certificates/check#{square}")
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", "valid")
    expect(page.locator("#facts")).to_contain_text("Amina Learner")
    # Not in the history of a phone that others may hold.
    assert page.url == f"{address}/certificates/check"
    accessible(page)
    picture(page, "certificate-square")
    assert {urlsplit(url).path for url in asked} <= {"/certificates/check"}
    assert wrong == []

    actions.revoke(certificate, reason=Certificate.Reason.MISTAKE, by=coordinator)
    page.goto("about:blank")
    page.goto(f"{address}/certificates/check#{square}")
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", "revoked")


def test_the_page_without_a_network_tells_forgeries_apart_as_we_do(
    certificate: Certificate, without_network: Page, tmp_path: Path
) -> None:
    page = opened(without_network, tmp_path, certificate)

    assert len(FORGERIES) >= 12
    for what in FORGERIES:
        given_, expected = forged(certificate.document, what)
        assert outcome(page, json.dumps(given_).encode()) == expected, what


def test_the_page_without_a_network_sees_what_was_revoked_since(
    certificate: Certificate,
    coordinator: User,
    without_network: Page,
    tmp_path: Path,
) -> None:
    page = opened(without_network, tmp_path, certificate)
    written = badge_pictures.write_json(certificate).encode()
    actions.revoke(certificate, reason=Certificate.Reason.MISTAKE, by=coordinator)
    newer = json.dumps(signing.get_signed_list(1)).encode()
    by_another = json.loads(newer) | {"issuer": "did:web:evil.example"}

    def with_list(content: bytes) -> str:
        page.locator("#list").set_input_files(a_file(content, "list.json"))
        return outcome(page, written)

    assert outcome(page, written) == "valid"
    assert with_list(json.dumps(by_another).encode()) == "valid"
    assert with_list(newer) == "revoked"


def test_the_page_without_a_network_speaks_arabic(
    certificate: Certificate, without_network: Page, tmp_path: Path
) -> None:
    with translation.override("ar"):
        page = opened(without_network, tmp_path, certificate)

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert outcome(page, b"hello") == "unreadable"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_certificate_from_issue_to_revocation(
    language: str,
    certificate: Certificate,
    learner: User,
    coordinator: User,
    sign_in: SignsIn,
    visit: Opens,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    own = sign_in(learner, language=language)
    own.goto("/certificates/")
    accessible(own)
    picture(own, "certificates-mine")
    own.locator("main table a").click()
    accessible(own)
    picture(own, "certificate")
    with own.expect_download() as download:
        own.locator(f"a[href='/certificates/{certificate.pk}/file/json']").click()

    stranger = visit(language=language, scripts=False)
    stranger.goto("/certificates/verify")
    stranger.locator("input[type=file]").set_input_files(download.value.path())
    stranger.locator("main form button").click()
    expect(stranger.locator("main")).to_contain_text("Amina Learner")

    looked = visit(language=language)
    looked.goto("/certificates/verify")
    accessible(looked)
    picture(looked, "certificate-verify")

    boss = sign_in(coordinator, language=language)
    boss.goto(f"/certificates/attest/{certificate.achievement_id}/")
    accessible(boss)
    picture(boss, "certificate-attest")
    boss.locator("input[name=email]").fill(given.make_worker().email)
    boss.locator("textarea").fill("Led three referrals in the workshop of May.")
    boss.locator("input[name=level-consent][value=met]").check()
    boss.locator("main form button[type=submit]").click()
    expect(boss.locator("main")).to_contain_text("workshop of May")
    accessible(boss)
    proposed = urlsplit(boss.url).path
    boss.goto("/certificates/attest/")
    accessible(boss)
    picture(boss, "certificate-awards")

    trainer = given.make_worker(role=Role.TRAINER)
    second = sign_in(trainer, language=language)
    second.goto("/certificates/issued/")
    accessible(second)
    second.locator(f"main a[href='{proposed}']").click()
    accessible(second)
    picture(second, "certificate-attestation")
    second.locator("main form[action$='/sign'] button").click()
    # It is the learner's: who signed sees that it was, and not the certificate.
    expect(second.locator("main form")).to_have_count(0)
    assert Certificate.objects.count() == 2

    boss.goto("/certificates/issued/")
    accessible(boss)
    picture(boss, "certificates-issued")
    boss.locator(f"main table a[href$='{certificate.pk}/']").click()
    boss.locator(f"a[href$='{certificate.pk}/revoke']").click()
    accessible(boss)
    picture(boss, "certificate-revoke")
    boss.locator("input[value=mistake]").check()
    boss.locator("main form button[type=submit]").click()
    expect(boss.locator("main")).to_contain_text(str(certificate.achievement))

    looked.locator("textarea").fill(certificate.token)
    looked.locator("main form button").click()
    expect(looked.locator("main .notice[data-tone=late]")).to_be_visible()
    accessible(looked)
    picture(looked, "certificate-revoked")
    looked.goto("/certificates/for/practitioner/1/")
    accessible(looked)
    picture(looked, "achievement")
