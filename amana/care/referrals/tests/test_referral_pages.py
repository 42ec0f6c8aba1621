"""The page of a referral and its steps: for whom, and when two act at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from amana import given
from amana.care.consent import actions as consents
from amana.care.referrals import actions
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.rules import may_answer, speak_for_sender
from amana.care.referrals.states import DeclineReason
from amana.care.referrals.steps import STEPS
from amana.design.directory.models import Service
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

from .addresses import at, events_of
from .conftest import WAY_TO
from .reaching import goes_to

S = ReferralStatus


def test_the_recipient_reads_what_was_shared_and_it_is_written_down(
    referral: Referral, theirs: Client
) -> None:
    page = theirs.get(at("referral", referral.pk)).content.decode()
    assert "Zubaida Canary" in page
    assert AuditEvent.objects.filter(did="opened disclosure").count() == 1


def test_the_sender_sees_the_state_without_opening_the_case_again(
    referral: Referral, ours: Client
) -> None:
    before = AuditEvent.objects.filter(did="opened").count()
    page = ours.get(at("referral", referral.pk)).content.decode()
    assert "Waiting for Lake House to acknowledge" in page
    assert "Zubaida" not in page
    assert AuditEvent.objects.filter(did="opened").count() == before


@pytest.mark.parametrize("name", ["referral", "outside", "sheet"])
def test_strangers_find_no_referral(
    name: str, referral: Referral, strange: Client
) -> None:
    assert strange.get(at(name, referral.pk)).status_code == 404


def test_strangers_take_no_step(referral: Referral, strange: Client) -> None:
    for step in STEPS:
        path = at("step", referral.pk, step.code)
        assert strange.get(path).status_code == 404
        assert strange.post(path, make_form_key() | {"seen": 1}).status_code == 404
    referral.refresh_from_db()
    assert referral.state is S.SENT


def test_strangers_neither_take_nor_write(referral: Referral, strange: Client) -> None:
    for name in ("take", "write", "code"):
        answer = strange.post(
            at(name, referral.pk), make_form_key() | {"text": "hello there"}
        )
        assert answer.status_code == 404, name


@pytest.mark.parametrize("status", [s for s in WAY_TO if s is not S.WITHDRAWN])
def test_a_page_offers_exactly_the_steps_that_are_possible(
    status: ReferralStatus,
    referral: Referral,
    worker: User,
    shelter_worker: User,
    ours: Client,
    theirs: Client,
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    pages = {
        "sender": ours.get(at("referral", referral.pk)).content.decode(),
        "recipient": theirs.get(at("referral", referral.pk)).content.decode(),
    }
    for step in STEPS:
        link = f'href="{at("step", referral.pk, step.code)}"'
        for side, page in pages.items():
            wanted = side == step.side and step.allowed(status)
            assert (link in page) == wanted, (step.code, side)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.code)
def test_every_step_has_a_page_of_its_own(
    step: Any,
    referral: Referral,
    worker: User,
    shelter_worker: User,
    ours: Client,
    theirs: Client,
) -> None:
    status = next(s for s in WAY_TO if step.allowed(s))
    goes_to(status, referral, worker, shelter_worker)
    browser = ours if step.side == "sender" else theirs
    page = browser.get(at("step", referral.pk, step.code))
    assert page.status_code == 200
    assert escape(str(step.question)) in page.content.decode()


def test_accepting_takes_two_taps(
    referral: Referral, theirs: Client, shelter: Service
) -> None:
    answer = theirs.post(
        at("step", referral.pk, "accept"),
        make_form_key()
        | {"seen": referral.version, "places": 1, "note": "Come by six"},
    )
    assert answer.status_code == 302
    referral.refresh_from_db()
    shelter.refresh_from_db()
    assert (referral.state, shelter.places_free) == (S.ACCEPTED, 4)


def test_the_same_form_twice_has_one_effect(
    referral: Referral, theirs: Client, shelter: Service
) -> None:
    data = make_form_key() | {"seen": referral.version, "places": 1}
    first = theirs.post(at("step", referral.pk, "accept"), data)
    again = theirs.post(at("step", referral.pk, "accept"), data)
    assert first["Location"] == again["Location"]
    shelter.refresh_from_db()
    assert shelter.places_free == 4


def test_a_decision_on_an_old_page_is_refused_and_loses_nothing_typed(
    referral: Referral, theirs: Client, shelter_worker: User
) -> None:
    actions.add_to_waiting_list(referral, by=shelter_worker)
    answer = theirs.post(
        at("step", referral.pk, "decline"),
        make_form_key()
        | {"seen": 1, "reason": "no_capacity", "note": "Every bed is taken tonight"},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "On the waiting list" in page
    assert "Every bed is taken tonight" in page


def test_a_step_that_is_over_leads_to_how_it_stands(
    referral: Referral, theirs: Client, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    answer = theirs.get(at("step", referral.pk, "receive"), follow=True)
    assert answer.redirect_chain[-1][0] == at("referral", referral.pk)
    assert "Accepted" in answer.content.decode()


def test_declining_asks_why(referral: Referral, theirs: Client) -> None:
    answer = theirs.post(
        at("step", referral.pk, "decline"), make_form_key() | {"seen": referral.version}
    )
    assert answer.status_code == 422
    referral.refresh_from_db()
    assert referral.state is S.SENT


def test_an_appointment_tells_the_sender_where_and_when(
    referral: Referral, ours: Client, theirs: Client, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    when = timezone.localtime() + timedelta(days=3)
    theirs.post(
        at("step", referral.pk, "appointment"),
        make_form_key()
        | {
            "seen": referral.version,
            "at": when.strftime("%Y-%m-%dT%H:%M"),
            "place": "outside",
            "where": "The library, second floor",
            "interpreter": "Tigrinya, a woman",
        },
    )
    page = ours.get(at("referral", referral.pk)).content.decode()
    assert "The library, second floor" in page
    assert "Another safe place" in page
    assert "Tigrinya, a woman" in page


@pytest.mark.parametrize("to", ["²", "1" * 5000, "9" * 18, "x"])
def test_an_invented_service_to_redirect_to_is_no_choice(
    referral: Referral, theirs: Client, to: str
) -> None:
    data = {"seen": referral.version, "to": to, "note": ""}
    answer = theirs.post(at("step", referral.pk, "redirect"), make_form_key() | data)
    assert answer.status_code == 422


def test_naming_another_service_finds_it_by_name(
    referral: Referral, theirs: Client, other_shelter: Service
) -> None:
    path = at("step", referral.pk, "redirect")
    assert "Hill House beds" in theirs.get(f"{path}?find=hill").content.decode()
    data = {"seen": referral.version, "to": other_shelter.pk, "note": ""}
    assert theirs.post(path, make_form_key() | data).status_code == 302
    referral.refresh_from_db()
    assert referral.redirected_to == other_shelter


def test_messages_go_between_the_teams(
    referral: Referral, ours: Client, theirs: Client
) -> None:
    ours.post(
        at("write", referral.pk), make_form_key() | {"text": "Is it quiet there?"}
    )
    assert (
        "Is it quiet there?" in theirs.get(at("referral", referral.pk)).content.decode()
    )
    empty = theirs.post(at("write", referral.pk), make_form_key() | {"text": ""})
    assert empty.status_code == 422


def test_taking_on_is_shown(
    referral: Referral, theirs: Client, shelter_worker: User
) -> None:
    theirs.post(at("take", referral.pk), make_form_key())
    assert shelter_worker.name in theirs.get(at("inbox")).content.decode()


def test_after_withdrawal_the_recipient_s_page_is_gone_and_says_what_to_do(
    referral: Referral, worker: User, theirs: Client, ours: Client
) -> None:
    consents.withdraw(referral.agreed, by=worker)
    answer = theirs.get(at("referral", referral.pk))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "consent has ended" in page
    assert reverse("consent:destroy", args=[referral.agreed.destruction.pk]) in page
    assert "Zubaida" not in page
    assert "Consent withdrawn" in ours.get(at("referral", referral.pk)).content.decode()


def test_after_a_refusal_the_recipient_reads_nothing_any_more(
    referral: Referral, theirs: Client, ours: Client, shelter_worker: User
) -> None:
    actions.decline(
        referral, reason=DeclineReason.UNSAFE, note="He asks for her", by=shelter_worker
    )
    assert "Zubaida" not in theirs.get(at("referral", referral.pk)).content.decode()
    page = ours.get(at("referral", referral.pk)).content.decode()
    assert "He asks for her" in page
    assert f"{at('choose', referral.need_id)}?follows={referral.pk}" in page


def test_the_person_s_word_is_recorded_by_the_sender(
    referral: Referral, worker: User, shelter_worker: User, ours: Client, theirs: Client
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    path = at("step", referral.pk, "confirm")
    data = {"seen": referral.version, "outcome": "met", "words": "I slept well"}
    assert theirs.get(path).status_code == 404
    assert ours.post(path, make_form_key() | data).status_code == 302
    given.pass_ten_minutes()
    referral.refresh_from_db()
    assert referral.outcome == "met"


def turned_away(user: User) -> list[str]:
    said = AuditEvent.objects.filter(did="was turned away", actor=user.actor_id)
    events = said.select_related("auditdetail").order_by("pk")
    return [str(event.auditdetail.details["rule"]) for event in events]


@pytest.mark.parametrize("name", ["take", "leave"])
def test_a_sender_who_takes_what_was_asked_of_others_is_written_down(
    name: str, referral: Referral, worker: User
) -> None:
    answer = given.sign_in(worker).post(at(name, referral.pk), make_form_key())
    assert answer.status_code == 404
    assert turned_away(worker) == ["answer_referral"]


def test_a_step_of_the_other_side_is_written_down(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    ours, theirs = given.sign_in(worker), given.sign_in(shelter_worker)
    data = make_form_key() | {"seen": referral.version}

    assert ours.post(at("step", referral.pk, "accept"), data).status_code == 404
    assert theirs.get(at("step", referral.pk, "recall")).status_code == 404

    assert turned_away(worker) == [may_answer.name]
    assert turned_away(shelter_worker) == [speak_for_sender.name]


def test_what_was_opened_beside_a_mistaken_message_is_written_down(
    referral: Referral, theirs: Client
) -> None:
    case = referral.case
    before = {did: events_of(case, did) for did in OPENED}

    answer = theirs.post(at("write", referral.pk), make_form_key() | {"text": ""})

    assert answer.status_code == 422
    assert "Zubaida Canary" in answer.content.decode()
    assert {did: events_of(case, did) - n for did, n in before.items()} == OPENED


OPENED = {"opened disclosure": 1, "opened letters": 1}
