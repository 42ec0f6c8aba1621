"""A recipient without Amana: a page that opens once, with a code told by voice, and a
return slip with which they answer until the outcome."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as of_all
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amana import given
from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Need
from amana.care.consent import actions as consents
from amana.care.consent.models import Destruction
from amana.care.referrals import actions, referral_messages
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.bearers import Outsider
from amana.care.referrals.models import (
    OutsideChannel,
    Referral,
    ReferralEvent,
    ReferralStatus,
    StopReason,
)
from amana.care.referrals.states import NEXT, DeclineReason
from amana.care.referrals.steps import STEPS, list_possible_steps
from amana.care.referrals.views import outside_pages as views
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust import vault
from amana.trust.access.models import Role, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import handover, slips, visits
from amana.trust.vault.models import Disclosure, ReturnSlip, SealedPage, Visit
from amana.ui.once import make_form_key
from tests.pages import LIGHT, assets, doubled_ids, weight, weight_sent
from tests.worlds import kept

S = ReferralStatus
What = ReferralEvent.What
SLIP = "/referrals/slip/"


@kept
def clinic(db: None) -> Service:
    """Of a team in which nobody has an account."""
    team = given.make_team(name="Village clinic", email="clinic@example.org")
    keeper = given.make_worker(role=Role.COORDINATOR)
    return given.make_service(of=team, by=keeper, name="Village clinic beds")


@kept
def outside(need: Need, clinic: Service, worker: User) -> Referral:
    Team.objects.update(phone="+999 20 555")
    return given.make_referral(need=need, to=clinic, by=worker, note="Call at noon")


@kept
def ours(worker: User) -> Client:
    return given.sign_in(worker)


@pytest.fixture
def phone() -> Client:
    """A browser of somebody without an account."""
    return Client()


def a_page(referral: Referral, by: User) -> tuple[str, str]:
    """The address of a page, and its code."""
    offered = actions.offer_page(referral, by=by)
    return reverse("referrals:sealed", args=[offered.offer.pk]), offered.code


def opened(phone: Client, referral: Referral, by: User) -> str:
    path, code = a_page(referral, by)
    assert phone.post(path, {"code": code}).status_code == 302
    return path


def a_slip(phone: Client, referral: Referral, by: User) -> str:
    made = actions.offer_slip(referral, way=ReturnSlip.Way.TOLD, by=by)
    assert phone.post(SLIP, {"code": made.code}).status_code == 302
    return made.code


def does(phone: Client, path: str, act: str, referral: Referral, **said: Any) -> Any:
    referral.refresh_from_db()
    return phone.post(path, {"act": act, "seen": referral.version, **said})


def text(phone: Client, path: str) -> str:
    return phone.get(path).content.decode()


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> datetime:
    moment = timezone.now() + by
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return moment


# --- the page


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
first visit (`tests/journeys/test_meeting_offline.py`)."""


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


def wrong_code(code: str) -> str:
    from amana.trust.access import codes

    whole = codes.parse_code(code)
    bits = 5 * (len(whole) - codes.CHECK)
    body = whole[: -codes.CHECK]
    while (new := codes.parse_code(codes.create_code(bits))[: -codes.CHECK]) == body:
        pass
    # The first four signs are those of the right one: they find a return slip.
    kept = body[:4] + new[4:]
    return kept + codes.compute_check(kept)


def test_guessing_is_slowed_down(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, _code = a_page(outside, worker)
    pages = [phone.post(path, {"code": "AAAA"}).content.decode() for _ in range(12)]
    assert "Too many attempts" in pages[-1]


# --- answering


def test_the_loop_closes_with_a_recipient_without_amana(
    outside: Referral, worker: User, phone: Client
) -> None:
    """On the page: yes. By the slip, on another device: appointment, came, ended."""
    path = opened(phone, outside, worker)
    code = str(phone.get(path).context["slip_code"])
    answer = does(phone, path, "accept", outside, who="Salma", note="Bring a coat")
    assert answer.status_code == 302
    assert "Saved. The sender now sees: Accepted." in text(phone, path)

    second = Client()
    assert second.post(SLIP, {"code": code}).status_code == 302
    soon = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    does(second, SLIP, "appointment", outside, at=soon, place="theirs", where="Gate 3")
    does(second, SLIP, "attended", outside)
    does(second, SLIP, "start", outside)
    does(second, SLIP, "complete", outside, note="She has a room")
    outside.refresh_from_db()
    assert outside.state is S.COMPLETED
    words = [happening.words for happening in outside.happenings.order_by("pk")]
    assert words[1:4] == [
        "Opened with a code",
        "Accepted · on the page that a code opens",
        "Appointment made · by return slip",
    ]
    shared = Disclosure.objects.get(pk=outside.disclosure)
    read = referral_messages.open_letters(shared, by=worker)
    assert [
        (letter.kind, letter.text, letter.by)
        for letter in read
        if letter.kind == "answer"
    ] == [("answer", "Bring a coat", "Salma")]
    (appointment,) = [letter for letter in read if letter.kind == "appointment"]
    assert "Gate 3" in [value for _label, value in appointment.lines]
    by_bearer = AuditEvent.objects.filter(role="bearer of a code")
    assert by_bearer.filter(did="completed service", case=outside.case_id).exists()
    assert outside.handler is None


def test_a_slip_shows_nothing_about_the_person(
    outside: Referral, worker: User, phone: Client
) -> None:
    opened(Client(), outside, worker)
    code = a_slip(phone, outside, worker)
    for path in (SLIP, f"{SLIP}?act=accept", f"{SLIP}?act=ask"):
        page = text(phone, path)
        for secret in ("Zubaida", "Canary", "Call at noon", code, "A bed"):
            assert secret not in page, (path, secret)
    assert "Zubaida" not in str(Visit.objects.values_list())


def test_what_is_typed_by_slip_only_the_sender_s_team_reads(
    outside: Referral, worker: User, phone: Client, stranger: User
) -> None:
    a_slip(phone, outside, worker)
    does(phone, SLIP, "ask", outside, text="Does she use a wheelchair?")
    shared = Disclosure.objects.get(pk=outside.disclosure)
    assert shared.letters.count() == 2
    for letter in shared.letters.all():
        assert b"wheelchair" not in bytes(letter.sealed)
    assert (
        "wheelchair"
        in [
            letter.text for letter in referral_messages.open_letters(shared, by=worker)
        ][1]
    )
    with pytest.raises(Refused):
        referral_messages.open_letters(shared, by=stranger)
    assert outside.happenings.latest("pk").way == OutsideChannel.SLIP


def test_letters_from_outside_outlive_a_change_of_keys(
    outside: Referral, worker: User, phone: Client
) -> None:
    a_slip(phone, outside, worker)
    does(phone, SLIP, "ask", outside, text="First")
    Disclosure.objects.update(exposed_at=timezone.now())
    referral_messages.write(  # seals all anew
        outside,
        referral_messages.MessageKind.MESSAGE,
        {"text": "Second"},
        team=outside.sender,
        by=worker,
    )
    does(phone, SLIP, "ask", outside, text="Third")
    shared = Disclosure.objects.get(pk=outside.disclosure)
    read = [letter.text for letter in referral_messages.open_letters(shared, by=worker)]
    assert read == ["Call at noon", "First", "Second", "Third"]


def test_a_decision_on_an_old_page_is_refused_and_changes_nothing(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    outside.refresh_from_db()
    seen = outside.version
    actions.accept(outside, by=worker)
    old = phone.post(path, {"act": "decline", "seen": seen, "reason": "language"})
    assert old.status_code == 422
    page = old.content.decode()
    assert "Accepted" in page
    assert "Zubaida Canary" in page
    outside.refresh_from_db()
    assert outside.state is S.ACCEPTED


def test_an_answer_that_comes_twice_counts_once(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    outside.refresh_from_db()
    seen = outside.version
    for _time in range(2):
        phone.post(path, {"act": "waitlist", "seen": seen})
    assert outside.happenings.filter(status=S.WAITLISTED).count() == 1


def test_a_no_needs_a_reason_and_takes_the_page_back(
    outside: Referral, worker: User, phone: Client, need: Need
) -> None:
    path = opened(phone, outside, worker)
    assert does(phone, path, "decline", outside).status_code == 422
    does(phone, path, "decline", outside, reason="language")
    outside.refresh_from_db()
    need.refresh_from_db()
    assert (outside.state, need.status) == (S.DECLINED, Need.Status.OPEN)
    page = text(phone, path)
    assert "Zubaida" not in page
    assert "has ended" in page


def test_nothing_that_is_offered_is_refused(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    does(phone, path, "accept", outside)
    page = text(phone, path)
    outside.refresh_from_db()
    offered = {
        s.code for s in list_possible_steps(outside, {"recipient"})
    } - views.NOT_OUTSIDE
    for step in STEPS:
        assert (f"?act={step.code}#" in page) == (step.code in offered), step.code
    assert "accept" not in offered
    assert does(phone, path, "waitlist", outside).status_code == 409


def test_what_they_say_by_telephone_stands_as_noted_by_us(
    outside: Referral, worker: User, shelter_worker: User, referral: Referral
) -> None:
    actions.accept(outside, by=worker)
    noted = outside.happenings.latest("pk")
    assert (noted.way, noted.words) == (
        OutsideChannel.NOTED,
        "Accepted · noted by the sender",
    )
    actions.accept(referral, by=shelter_worker)
    assert referral.happenings.latest("pk").words == "Accepted"


# --- attacks on the slip


def test_a_slip_answers_for_no_other_referral(
    outside: Referral, worker: User, clinic: Service
) -> None:
    other = given.make_case(worked_on_by=worker).needs.get()
    another = given.make_referral(need=other, to=clinic, by=worker)
    actions.offer_slip(another, way=ReturnSlip.Way.TOLD, by=worker)
    made = actions.offer_slip(outside, way=ReturnSlip.Way.TOLD, by=worker)
    shown = slips.find_open_slip(ways.show_slip(made.code))
    assert shown is not None
    with pytest.raises(PermissionDenied):
        actions.accept(another, by=ways.build_slip_outsider(shown))
    another.refresh_from_db()
    assert another.state is S.SENT


def test_a_revoked_slip_does_nothing_also_where_it_is_open(
    outside: Referral, worker: User, phone: Client, ours: Client
) -> None:
    code = a_slip(phone, outside, worker)
    end = reverse("referrals:revoke_slips", args=[outside.pk])
    assert ours.post(end, make_form_key()).status_code == 302
    assert does(phone, SLIP, "accept", outside).status_code == 409
    assert phone.post(SLIP, {"code": code}).status_code == 422
    outside.refresh_from_db()
    assert outside.state is S.SENT


def test_a_new_slip_ends_the_one_before(
    outside: Referral, worker: User, phone: Client
) -> None:
    first = a_slip(phone, outside, worker)
    a_slip(Client(), outside, worker)
    assert phone.post(SLIP, {"code": first}).status_code == 422


def test_five_wrong_codes_destroy_a_slip_and_the_sender_sees_it(
    outside: Referral, worker: User, phone: Client
) -> None:
    made = actions.offer_slip(outside, way=ReturnSlip.Way.TOLD, by=worker)
    wrong = wrong_code(made.code)
    for _try in range(5):
        assert phone.post(SLIP, {"code": wrong}).status_code == 422
    assert phone.post(SLIP, {"code": made.code}).status_code == 422
    assert not ReturnSlip.objects.exists()
    assert outside.happenings.filter(what=What.SLIP_DESTROYED).count() == 1
    assert ways.summarise_access(outside).wrong_codes == 5


def test_a_slip_s_code_is_nowhere_in_the_database(
    outside: Referral, worker: User
) -> None:
    made = actions.offer_slip(outside, way=ReturnSlip.Way.TOLD, by=worker)
    said = made.code.replace("-", "")[4:16]
    assert said not in str(list(ReturnSlip.objects.values()))
    assert made.letterbox not in bytes(made.slip.sealed)


def test_a_stranger_makes_and_revokes_no_slip(
    outside: Referral, stranger: User
) -> None:
    strange = given.sign_in(stranger)
    for name in ("make_slip", "revoke_slips"):
        path = reverse(f"referrals:{name}", args=[outside.pk])
        assert strange.post(path, make_form_key()).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.offer_slip(outside, way=ReturnSlip.Way.TOLD, by=stranger)
    with pytest.raises(PermissionDenied):
        actions.revoke_slips(outside, by=stranger)


def test_a_slip_that_nobody_can_use_for_a_month_is_cleared_away(
    outside: Referral, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = actions.offer_slip(outside, way=ReturnSlip.Way.TOLD, by=worker)
    later(monkeypatch, timedelta(days=121))
    with pytest.raises(Refused):
        slips.open_slip(made.code)
    handover.clear_expired()
    assert not ReturnSlip.objects.exists()


# --- the end of the consent


def test_after_a_withdrawal_the_page_is_gone_and_says_what_to_destroy(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    consents.withdraw(outside.agreed, by=worker)
    page = text(phone, path)
    assert "Zubaida" not in page
    assert "person’s consent has ended" in page
    assert "Destroy" in page
    assert "?act=" not in page
    assert not Visit.objects.exists()
    assert does(phone, path, "accept", outside).status_code == 409


def test_after_a_withdrawal_a_slip_answers_nothing_and_confirms_the_destruction(
    outside: Referral, worker: User, phone: Client
) -> None:
    code = a_slip(phone, outside, worker)
    consents.withdraw(outside.agreed, by=worker)
    page = text(phone, SLIP)
    assert "Destroy" in page
    assert "?act=" not in page
    does(phone, SLIP, "accept", outside)
    outside.refresh_from_db()
    assert outside.state is S.WITHDRAWN

    second = Client()
    second.post(SLIP, {"code": code})
    assert "All copies are destroyed" in text(second, SLIP)
    second.post(SLIP, {"destroyed": "destroyed"})
    destruction = Destruction.objects.get()
    assert destruction.answer == "destroyed"
    assert destruction.confirmed_by is None
    event = AuditEvent.objects.get(did="confirmed destruction")
    assert event.actor.startswith("slip:")
    assert "Thank you" in text(second, SLIP)
    assert "All copies are destroyed</button>" not in text(second, SLIP)


def test_an_unopened_page_says_nothing_after_a_withdrawal(
    outside: Referral, worker: User, phone: Client
) -> None:
    path, code = a_page(outside, worker)
    consents.withdraw(outside.agreed, by=worker)
    assert "consent" not in text(phone, path).lower()
    assert phone.post(path, {"code": code}).status_code == 422


@pytest.mark.parametrize("end", ["withdraw", "recall"])
def test_whoever_has_only_the_address_learns_no_reference(
    end: str, outside: Referral, worker: User, phone: Client
) -> None:
    """With the reference anyone in the team ends her consents: the link, that went by
    mail or stays in a history, must not tell it."""
    path = opened(phone, outside, worker)
    code = a_slip(Client(), outside, worker)
    outside.refresh_from_db()
    if end == "withdraw":
        consents.withdraw(outside.agreed, by=worker)
    else:
        actions.recall(outside, by=worker)
    page = text(Client(), path)
    assert outside.case.reference not in page
    assert str(outside.service.name) not in page
    assert "Recalled" not in page
    holder = Client()
    holder.post(SLIP, {"code": code})
    assert outside.case.reference in text(holder, SLIP)


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


def test_a_recalled_referral_ends_the_page_and_the_slip_says_so(
    outside: Referral, worker: User, phone: Client
) -> None:
    a_slip(phone, outside, worker)
    reader = Client()
    path = opened(reader, outside, worker)
    outside.refresh_from_db()
    actions.recall(outside, by=worker)
    assert "Zubaida" not in text(reader, path)
    assert "Recalled by the sender" in text(phone, SLIP)
    assert not SealedPage.objects.exists()


# --- paper


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


# --- any sequence of acts


ACTS = [
    *(s.code for s in STEPS if s.side == "recipient" and s.code != "redirect"),
    "withdraw",
    "recall",
    "revoke",
]


class Sequences(TestCase):
    """Whatever is tried by slip, in whatever order, only what NEXT allows is done; and
    nothing after the slip was revoked, or the consent withdrawn."""

    @settings(max_examples=25, deadline=None)
    @of_all(st.lists(st.sampled_from(ACTS), max_size=8))
    def test_only_what_may_follow_follows(self, acts: list[str]) -> None:
        given.people._founders.clear()
        worker = given.make_worker()
        case = given.make_case(worked_on_by=worker)
        keeper = given.make_worker(role=Role.COORDINATOR)
        service = given.make_service(of=given.make_team(), by=keeper)
        referral = given.make_referral(need=case.needs.get(), to=service, by=worker)
        made = actions.offer_slip(referral, way=ReturnSlip.Way.TOLD, by=worker)
        shown = slips.find_open_slip(ways.show_slip(made.code))
        assert shown is not None
        by, good = ways.build_slip_outsider(shown), True
        for act in acts:
            referral.refresh_from_db()
            before, ended = referral.state, not referral.is_open
            if act in ("withdraw", "recall", "revoke"):
                good = sender_does(act, referral, worker) and good
                continue
            done = tries(act, referral, by)
            referral.refresh_from_db()
            if done:
                assert good
                assert not ended
                assert referral.state in NEXT[before]
                assert referral.happenings.latest("pk").way == OutsideChannel.SLIP
            else:
                assert referral.state is before


def sender_does(act: str, referral: Referral, worker: User) -> bool:
    """Whether the slip may still answer afterwards."""
    try:
        if act == "withdraw":
            consents.withdraw(referral.agreed, by=worker)
        elif act == "recall":
            actions.recall(referral, by=worker)
        else:
            actions.revoke_slips(referral, by=worker)
    except Refused:
        return True
    return False


def tries(act: str, referral: Referral, by: Outsider) -> bool:
    said: dict[str, Any] = {}
    if act == "decline":
        said["reason"] = DeclineReason.LANGUAGE
    if act == "discontinue":
        said["reason"] = StopReason.WISHED
    if act == "appointment":
        said["at"] = timezone.now() + timedelta(days=1)
    step = next(s for s in STEPS if s.code == act)
    try:
        step.act(referral, by=by, **said)
    except Refused:
        return False
    return True


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
