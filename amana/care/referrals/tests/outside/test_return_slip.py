"""A return slip, with which a recipient without Amana answers until the outcome."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.models import Need
from amana.care.referrals import actions, referral_messages
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.models import (
    OutsideChannel,
    Referral,
    ReferralEvent,
    ReferralStatus,
)
from amana.care.referrals.steps import STEPS, list_possible_steps
from amana.care.referrals.views import outside_pages as views
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import handover, slips
from amana.trust.vault.models import Disclosure, ReturnSlip, Visit
from amana.ui.once import make_form_key

from .slips import SLIP, a_slip, does, later, opened, text, wrong_code

S = ReferralStatus
What = ReferralEvent.What


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
