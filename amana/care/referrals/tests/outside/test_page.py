"""A recipient without Amana: a page that opens once, with a code told by voice."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Need
from amana.care.consent import actions as consents
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.models import OutsideChannel, Referral, ReferralStatus
from amana.care.referrals.views import outside_pages as views
from amana.design.directory.models import Service
from amana.trust import vault
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import handover, visits
from amana.trust.vault.models import ReturnSlip, Visit
from amana.ui.once import make_form_key
from tests.pages import LIGHT, assets, doubled_ids, weight, weight_sent

from .slips import SLIP, a_page, a_slip, does, later, opened, text, wrong_code

S = ReferralStatus


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_and_the_slip_are_light(
    language: str, outside: Referral, worker: User, phone: Client
) -> None:
    phone.cookies["django_language"] = language
    sealed = text(phone, opened(phone, outside, worker))
    a_slip(phone, outside, worker)
    for page in (sealed, text(phone, SLIP)):
        assert f'lang="{language}"' in page
        assert len(page) > 3_000
        assert weight(page) < LIGHT
        assert doubled_ids(page) == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_first_visit_of_whoever_answers_is_light_as_it_is_sent(
    language: str,
    outside: Referral,
    need: Need,
    shelter: Service,
    shelter_worker: User,
    worker: User,
    phone: Client,
    record_property: Any,
) -> None:
    """The sealed page, the slip, and the page of a member, with all that they load."""
    phone.cookies["django_language"] = language
    sealed = phone.get(opened(phone, outside, worker))
    a_slip(phone, outside, worker)
    sent = given.make_referral(need=need, to=shelter, by=worker)
    member = given.sign_in(shelter_worker)
    member.cookies["django_language"] = language
    address = reverse("referrals:referral", args=[sent.pk])
    pages = {
        "sealed": sealed,
        "slip": phone.get(SLIP),
        "member": member.get(address),
    }
    for name, answer in pages.items():
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'lang="{language}"' in page
        loaded = assets(page)
        assert loaded
        more = [asset for asset in loaded if LOADS_MORE.search(asset)]
        assert more == ([WAITING.read_bytes()] if name == "member" else [])
        bytes_sent = weight_sent(page) + headers_of(answer)
        bytes_sent += headers_of_asset(answer) * len(loaded)
        record_property(name, bytes_sent)
        assert bytes_sent < LIGHT


LOADS_MORE = re.compile(rb"@import|url\(\s*['\"]?(?!data:|#)|\bimport\s*[('\"{*]")
"""What a style or script would load besides: nothing may be missed."""

WAITING = Path(vault.__file__).parent / "static/vault/waiting.js"
"""The one script that does, where something was kept on the device before: not on a
first visit (`tests/journeys/offline/test_meeting.py`)."""

OF_PAGES = frozenset({"Content-Language", "Permissions-Policy", "X-Frame-Options"})
"""What a page is sent, and no script, style or picture (`settings.MIDDLEWARE`); nor is
a cookie set by these."""


def headers_of(answer: Any) -> int:
    cookies = [morsel.OutputString() for morsel in answer.cookies.values()]
    return size_of(answer.headers.items()) + len("".join(cookies).encode())


def headers_of_asset(answer: Any) -> int:
    return size_of((n, at) for n, at in answer.headers.items() if n not in OF_PAGES)


def size_of(headers: Iterable[tuple[str, str]]) -> int:
    return len("".join(f"{name}: {at}\r\n" for name, at in headers).encode())


def test_opening_the_page_is_to_have_seen_the_referral(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, code = a_page(outside, worker)
    assert phone.post(path, {"code": code}).status_code == 302
    outside.refresh_from_db()
    assert outside.state is S.RECEIVED
    happening = outside.happenings.latest("pk")
    assert (happening.words, happening.way) == (
        "Opened with a code",
        OutsideChannel.PAGE,
    )
    assert (
        AuditEvent.objects.filter(did="received referral")
        .get()
        .actor.startswith("page:")
    )
    assert ways.summarise_access(outside).opened_at == happening.at


def test_the_page_shows_what_a_service_decides_by(
    outside: Referral, worker: User, phone: Client
) -> None:
    page = text(phone, opened(phone, outside, worker))
    for expected in (
        "Zubaida Canary",
        "Call at noon",
        "Mariam Toure",
        worker.memberships.get().team.organisation.name,
        'href="tel:+99920555"',
        "Please answer by",
        str(outside.urgency_words),
    ):
        assert expected in page, expected
    assert len(page) < 30_000


def test_a_link_preview_opens_nothing_and_says_nothing(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, code = a_page(outside, worker)
    closed = phone.get(path)
    page = closed.content.decode()
    assert "<title>Information</title>" in page
    assert 'content="noindex"' in page
    assert "Village" not in page
    assert "no-store" in closed.headers["Cache-Control"]
    outside.refresh_from_db()
    assert outside.state is S.SENT
    assert phone.post(path, {"code": code}).status_code == 302


def test_the_page_stays_through_a_reload_a_mistake_and_another_language(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    assert "Zubaida Canary" in text(phone, path)
    wrong = does(phone, path, "decline", outside)
    assert wrong.status_code == 422
    assert "Zubaida Canary" in wrong.content.decode()
    for page in (wrong.content.decode(), text(phone, path)):
        assert f'<input type="hidden" name="next" value="{path}">' in page
    answer = phone.post(reverse("set_language"), {"language": "fr", "next": path})
    assert answer["Location"] == path
    french = text(phone, path)
    assert "Zubaida Canary" in french
    assert 'lang="fr"' in french


def test_the_page_stays_for_a_quarter_of_an_hour_and_then_is_destroyed(
    outside: Referral, worker: User, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = opened(phone, outside, worker)
    stolen = phone.cookies[views.get_cookie_name()].value
    later(monkeypatch, timedelta(minutes=15))
    thief = Client()
    thief.cookies[views.get_cookie_name()] = stolen
    for browser in (phone, thief):
        page = browser.get(path).content.decode()
        assert "Zubaida" not in page
        assert "return slip" in page
    assert does(phone, path, "accept", outside).status_code == 409
    handover.clear_expired()
    assert not Visit.objects.exists()


def test_the_cookie_is_of_this_page_alone_and_no_script_reads_it(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    cookie = phone.cookies[views.get_cookie_name()]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Strict", path)
    assert not cookie["max-age"]  # gone with the window; the visit ends before
    assert not cookie["expires"]


def test_the_server_alone_cannot_read_what_is_open(
    outside: Referral, worker: User, phone: Client, settings: Any
) -> None:
    path = opened(phone, outside, worker)
    cookie = phone.cookies[views.get_cookie_name()].value
    visit = Visit.objects.get()
    page = visit.page
    assert page is not None
    assert b"secret" not in bytes(visit.sealed)
    guessed = cookie[: cookie.index(".") + 1] + "A" * 43 + "="
    assert handover.find_opened_page(page, guessed) is None
    assert handover.find_opened_page(page, "") is None
    settings.VAULT_PEPPERS = ["another pepper than that of this server"]
    assert handover.find_opened_page(page, cookie) is None
    assert "Zubaida" not in text(phone, path)


def test_another_device_opens_nothing_with_the_same_code(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, code = a_page(outside, worker)
    phone.post(path, {"code": code})
    second = Client().post(path, {"code": code})
    assert second.status_code == 422
    assert "Zubaida" not in second.content.decode()


def test_a_cookie_of_one_page_opens_no_other(
    outside: Referral, worker: User, phone: Client, clinic: Service
) -> None:
    other = given.make_case(worked_on_by=worker, identity_name="Another Name")
    theirs = given.make_referral(need=other.needs.get(), to=clinic, by=worker)
    opened(phone, outside, worker)
    cookie = phone.cookies[views.get_cookie_name()].value
    path = opened(Client(), theirs, worker)
    thief = Client()
    thief.cookies[views.get_cookie_name()] = cookie
    assert "Name" not in text(thief, path)


def test_an_empty_code_is_one_message(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, _code = a_page(outside, worker)
    answer = phone.post(path, {"code": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Enter the code.") == 1
    assert "required" not in page.replace(" required", "")


def test_the_sender_sees_wrong_codes_and_that_the_page_is_destroyed(
    outside: Referral, worker: User, phone: Client, ours: Client
) -> None:
    path, code = a_page(outside, worker)
    wrong = wrong_code(code)
    for _try in range(5):
        assert phone.post(path, {"code": wrong}).status_code == 422
    standing = ways.summarise_access(outside)
    assert (standing.wrong_codes, standing.offer) == (5, None)
    assert standing.destroyed_at is not None
    outside.refresh_from_db()
    assert outside.state is S.SENT
    page = text(ours, reverse("referrals:outside", args=[outside.pk]))
    assert "Page destroyed" in page
    timeline = text(ours, reverse("referrals:referral", args=[outside.pk]))
    assert "A wrong code was tried" in timeline
    assert phone.post(path, {"code": code}).status_code == 422


def test_guessing_is_slowed_down(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, _code = a_page(outside, worker)
    pages = [phone.post(path, {"code": "AAAA"}).content.decode() for _ in range(12)]
    assert "Too many attempts" in pages[-1]


def test_an_unopened_page_says_nothing_after_a_withdrawal(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, code = a_page(outside, worker)
    consents.withdraw(outside.agreed, by=worker)
    assert "consent" not in text(phone, path).lower()
    assert phone.post(path, {"code": code}).status_code == 422


def test_who_has_read_closes_the_page_before_its_time(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    page = text(phone, path)
    assert "Close this page" in page
    assert phone.post(path, {"close": "1"}).status_code == 302
    assert not Visit.objects.exists()
    assert not phone.cookies[views.get_cookie_name()].value
    assert "Zubaida" not in text(phone, path)


def test_the_sheet_is_in_the_language_of_its_readers_with_a_slip(
    outside: Referral, ours: Client, phone: Client
) -> None:
    path = reverse("referrals:sheet", args=[outside.pk])
    assert not ReturnSlip.objects.exists()
    answer = ours.post(path, make_form_key() | {"language": "ar"})
    page = answer.content.decode()
    assert 'lang="ar" dir="rtl"' in page
    assert "الجهة المُحيلة" in page
    assert "الطالب" not in page
    assert "Paper can be found by others" in page  # the worker reads their own language
    assert "Zubaida Canary" in page
    code = answer.context["slip_code"]
    assert page.count(code) == 1
    assert phone.post(SLIP, {"code": code}).status_code == 302


def test_a_visit_ends_when_its_browser_is_closed(
    outside: Referral, worker: User, phone: Client
) -> None:
    a_slip(phone, outside, worker)
    cookie = phone.cookies[views.get_cookie_name()].value
    phone.post(SLIP, {"close": "1"})
    assert visits.find_visit(cookie) is None
    assert "Enter the code" in text(phone, SLIP)


def test_what_decides_on_the_sheet_names_fields_that_there_are() -> None:
    assert set(ways.DECIDE_BY) <= FIELDS.keys()
