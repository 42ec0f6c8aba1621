"""What a shelter decides on: everything it asks first, in order, and nothing lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from hypothesis import given as over
from hypothesis import strategies as st

from amana import given
from amana.care.cases.fields import FIELDS
from amana.care.referrals import actions, decision, escalation, reaching
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.steps import BY_CODE
from amana.care.referrals.tests.short import (
    PHONE,
    SAID,
    WORDS,
    a_house,
    a_short_referral,
    an_officer,
)
from amana.design.directory.models import Service
from amana.trust.access.models import Role, User
from amana.ui import clocks
from amana.ui.once import make_form_key
from tests.pages import LIGHT, doubled_ids, weight_sent
from tests.worlds import kept


@kept
def officer(db: None) -> User:
    return an_officer()


@kept
def housed(db: None) -> tuple[Service, User]:
    return a_house()


@kept
def house(housed: tuple[Service, User]) -> Service:
    return housed[0]


@kept
def shelter(housed: tuple[Service, User]) -> User:
    return housed[1]


@kept
def referral(officer: User, house: Service) -> Referral:
    return a_short_referral(officer, house)


def page_of(user: User, name: str, *args: object) -> str:
    found = given.sign_in(user).get(reverse(f"referrals:{name}", args=args))
    assert found.status_code == 200
    return found.content.decode()


# --- the recipient


def test_what_decides_is_shown_in_the_order_in_which_a_shelter_asks(
    referral: Referral, shelter: User
) -> None:
    page = page_of(shelter, "referral", referral.pk)
    in_order = [
        "Emergency safe house",
        WORDS,
        "Emergency</strong>",
        "reply by",
        "Ferry terminal, gate 3",
        "with <bdi>Karim Bensalah",
        "Girl 4, Boy 7",
        "Tigrinya, Arabic",
        "Tigrinya, a woman",
        "Step-free, for wheelchairs",
        "Never: <bdi>call her phone",
        "+999 70 555 0199",
        "after 18:00",
        "Karim Bensalah</bdi>",
        "First contact desk",
        "Border Guard",
        'href="tel:+999205550101"',
        "/accept/",
        "/decline/",
        'href="#letters"',
    ]
    at = page.index('data-part="needed"')
    for words in in_order:
        found = page.find(words, at)
        assert found >= 0, f"{words} is missing, or out of order"
        at = found


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_is_light(language: str, shelter: User, referral: Referral) -> None:
    User.objects.filter(pk=shelter.pk).update(language=language)
    page = page_of(User.objects.get(pk=shelter.pk), "referral", referral.pk)
    assert f'lang="{language}"' in page
    assert weight_sent(page) < LIGHT
    assert doubled_ids(page) == []


@pytest.mark.parametrize(
    ("without", "says"),
    [
        ("needs_area", "Place not given: ask the sender"),
        ("needs_companions", "Not known if anyone comes along"),
    ],
)
def test_what_nobody_asked_is_said_where_it_decides(
    without: str, says: str, officer: User, house: Service, shelter: User
) -> None:
    sent = a_short_referral(officer, house, without=without)
    assert says in page_of(shelter, "referral", sent.pk)


def test_without_a_safe_way_the_recipient_is_sent_to_the_sender(
    officer: User, house: Service, shelter: User
) -> None:
    case = given.make_case(worked_on_by=officer, contact_channel="")
    agreed = given.make_consent(case, to=house.team, by=officer)
    sent = given.make_referral(
        need=case.needs.get(), to=house, by=officer, consent=agreed
    )
    page = page_of(shelter, "referral", sent.pk)
    assert "No safe contact was given: ask the sender" in page


def test_a_number_is_dialled_with_a_tap_only_where_calling_is_safe(
    officer: User, house: Service, shelter: User, referral: Referral
) -> None:
    assert "tel:+999705550199" not in page_of(shelter, "referral", referral.pk)
    sent = a_short_referral(officer, house, contact_channel="call")
    assert "tel:+999705550199" in page_of(shelter, "referral", sent.pk)


def test_what_the_person_asks_of_those_who_help_stands_out(
    officer: User, house: Service, shelter: User
) -> None:
    case = given.make_case(worked_on_by=officer, identity_name="Hope")
    agreed = given.make_consent(
        case, to=house.team, by=officer, conditions="No men at the door"
    )
    sent = given.make_referral(
        need=case.needs.get(), to=house, by=officer, consent=agreed
    )
    page = page_of(shelter, "referral", sent.pk)
    asks = page.index("The person’s conditions")
    assert asks < page.index("No men at the door", asks) < page.index('"answer"')


values = {
    "line": st.text("abc ", min_size=1).filter(str.strip),
    "text": st.text("abc ", min_size=1).filter(str.strip),
    "date": st.just("2003"),
    "number": st.integers(0, 90).map(str),
    "yes_no": st.sampled_from(["yes", "no", "unsure"]),
    "companions": st.just([{"age": "4", "sex": "female", "relation": "child"}]),
}


@over(st.data(), st.sets(st.sampled_from(sorted(FIELDS)), min_size=1))
def test_no_field_that_was_shared_is_lost(data: st.DataObject, keys: set[str]) -> None:
    content: dict[str, Any] = {}
    for key in sorted(keys):
        field = FIELDS[key]
        if field.choices:
            code = data.draw(st.sampled_from([c for c, _label in field.choices()]))
            content[key] = [code] if field.kind == "choices" else code
        else:
            content[key] = data.draw(values[field.kind])
    found = decision.build_decision(content, [])
    below = {str(label): words for label, words in found.others}
    above = " ".join(
        [
            *(found.words, found.person, found.where, found.companions),
            *(found.languages, found.interpreter, found.safety, *found.special),
            *(found.contact.channel, found.contact.number, found.contact.hours),
            *(found.contact.who, found.contact.code_word, found.contact.never),
        ]
    )
    for key, value in content.items():
        said = FIELDS[key].said(value)
        if key not in decision.ABOVE:
            assert below[str(FIELDS[key].label)] == said
        elif key not in (*decision.PERSON, "health.pregnancy"):
            assert said in above
    if "identity.name" in content:
        assert content["identity.name"] in found.person
    if "health.pregnancy" in content:
        assert any("regnant" in words for words in found.special)
    if content.get("identity.child") == "unsure":
        assert found.perhaps_child


def test_accepting_proposes_a_place_for_each_who_comes(
    referral: Referral, house: Service, shelter: User
) -> None:
    form = BY_CODE["accept"].form(referral, by=shelter)
    assert form.fields["places"].initial == 1
    Service.objects.filter(pk=house.pk).update(children_take_places=True)
    fresh = Referral.objects.for_page().get(pk=referral.pk)
    form = BY_CODE["accept"].form(fresh, by=shelter)
    assert form.fields["places"].initial == 3


# --- the sender


def test_an_officer_who_sent_it_is_whom_the_shelter_calls(referral: Referral) -> None:
    contact = reaching.build_sender_contact(referral)
    assert contact.people == ("Karim Bensalah",)
    assert contact.phone == PHONE


def test_after_sending_the_officer_reads_who_answers_and_what_to_say(
    referral: Referral, officer: User
) -> None:
    given.make_worker(role=Role.COORDINATOR)
    page = page_of(officer, "sent_to", referral.pk)
    for words in (
        "Grace Achieng",
        "Harbour House",
        'href="tel:+999205550202"',
        referral.case.reference,
        "They can read only what you agreed to.",
        "The coordinator is notified.",
        reverse("referrals:person_slip", args=[referral.case_id]),
    ):
        assert words in page, words
    assert WORDS not in page


def promised_to(officer: User, referral: Referral) -> str:
    """Until when the person is told that they have to reply."""
    page = page_of(officer, "sent_to", referral.pk)
    (until,) = re.findall(r"They have until <time[^>]*>([^<]*)</time> to reply", page)
    return str(until)


def test_the_person_is_told_the_deadline_of_the_answer_and_only_while_it_is_awaited(
    referral: Referral, officer: User, shelter: User
) -> None:
    """Acknowledging is due sooner, and leaves the answer the time that it had."""
    assert referral.due_at < referral.reply_by
    assert promised_to(officer, referral) == clocks.format_deadline(referral.reply_by)
    actions.acknowledge(referral, by=shelter)
    assert referral.due_at == referral.reply_by
    assert promised_to(officer, referral) == clocks.format_deadline(referral.reply_by)
    actions.accept(referral, by=shelter)
    page = page_of(officer, "sent_to", referral.pk)
    assert "to reply" not in page
    assert "If there is no reply" not in page


def test_what_happens_otherwise_is_what_the_clocks_then_do(
    referral: Referral,
) -> None:
    ahead = escalation.list_steps_ahead(referral)
    assert ahead[-1].words == "This referral expires, and you choose another service."
    while referral.tell_at and referral.tell_at < ahead[-1].at:
        escalation.chase(referral.tell_at)
        referral.refresh_from_db()
    assert referral.status == ReferralStatus.SENT
    assert escalation.list_steps_ahead(referral) == ahead[-1:]
    escalation.chase(ahead[-1].at)
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.EXPIRED


def test_what_should_have_happened_before_now_is_not_announced(
    referral: Referral,
) -> None:
    ahead = escalation.list_steps_ahead(referral)
    with time_machine.travel(ahead[0].at + timedelta(minutes=1)):
        assert escalation.list_steps_ahead(referral) == ahead[1:]
    with time_machine.travel(ahead[-1].at + timedelta(minutes=1)):
        assert escalation.list_steps_ahead(referral) == []


def test_a_supervisor_of_the_recipient_is_named_where_there_is_one(
    referral: Referral, house: Service
) -> None:
    told = [step.words for step in escalation.list_steps_ahead(referral)]
    assert "The supervisor of Harbour House is notified." not in told
    given.make_worker(of=house.team, role=Role.SUPERVISOR)
    told = [step.words for step in escalation.list_steps_ahead(referral)]
    assert told[0] == "The supervisor of Harbour House is notified."


def test_the_slip_tells_whoever_finds_it_nothing(
    referral: Referral, officer: User
) -> None:
    page = page_of(officer, "person_slip", referral.case_id)
    start = page.index('<article class="slip"')
    slip = page[start : page.index("</article>", start)]
    assert referral.case.reference in slip
    assert "First contact desk" in slip
    assert PHONE in slip
    assert 'lang="ar"' in slip
    assert "<title>Information" in page
    for secret in (
        *("Hope", WORDS, "safe house", "Harbour", "Dar Amal", "Border", "Emergency"),
        str(officer.name),
    ):
        assert escape(secret) not in slip


def test_the_slip_is_in_the_chosen_language_and_without_the_team_if_need_be(
    referral: Referral, officer: User
) -> None:
    browser, url = (
        given.sign_in(officer),
        reverse("referrals:person_slip", args=[referral.case_id]),
    )
    page = browser.post(url, {"language": "fr"}).content.decode()
    start = page.index('<article class="slip"')
    slip = page[start : page.index("</article>", start)]
    assert 'lang="fr"' in slip
    assert "Votre numéro" in slip
    assert "First contact desk" not in slip
    assert browser.post(url, {"language": "xx"}).status_code == 422


@pytest.mark.parametrize("name", ["sent_to", "person_slip"])
def test_strangers_and_the_recipient_find_no_page_of_the_sender(
    name: str, referral: Referral, shelter: User
) -> None:
    of = referral.case_id if name == "person_slip" else referral.pk
    url = reverse(f"referrals:{name}", args=[of])
    for other in (shelter, given.make_worker()):
        assert given.sign_in(other).get(url).status_code == 404


# --- lists


def test_lists_begin_with_urgency_need_and_deadline_and_end_with_the_reference(
    referral: Referral, officer: User, shelter: User
) -> None:
    Referral.objects.update(due_at=timezone.now() - timedelta(hours=2, minutes=1))
    for user, name in ((shelter, "inbox"), (officer, "sent")):
        page = page_of(user, name)
        row = page[page.index("<tbody") :]
        places = [row.index(words) for words in ("Emergency", "Shelter and housing")]
        places.append(
            row.rindex(referral.case.reference)
        )  # also what one ticks says it
        assert places == sorted(places), name
    sent = page_of(officer, "sent")
    assert "Waiting for Harbour House to acknowledge, 2 h late" in sent
    assert "Hope" in sent


def test_the_inbox_names_nobody(referral: Referral, shelter: User) -> None:
    assert str(SAID["identity_name"]) not in page_of(shelter, "inbox")


def test_an_officer_finds_what_they_sent_from_every_page(
    referral: Referral, officer: User
) -> None:
    page = page_of(officer, "sent_to", referral.pk)
    assert f'href="{reverse("referrals:sent")}"' in page


# --- an appointment that is still to come


def test_coming_before_the_appointment_has_to_be_confirmed(
    referral: Referral, shelter: User
) -> None:
    actions.accept(referral, by=shelter)
    tomorrow = timezone.now() + timedelta(days=1)
    actions.make_appointment(referral, at=tomorrow, by=shelter)
    browser = given.sign_in(shelter)
    url = reverse("referrals:step", args=[referral.pk, "attended"])
    assert "The appointment is tomorrow" in browser.get(url).content.decode()
    answer = browser.post(url, {"seen": referral.version} | make_form_key())
    assert answer.status_code == 422
    assert "Confirm that the person came earlier" in answer.content.decode()
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.APPOINTMENT
    browser.post(url, {"seen": referral.version, "early": "on"} | make_form_key())
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.ATTENDED


def test_who_comes_without_an_appointment_needs_no_confirmation(
    referral: Referral, shelter: User
) -> None:
    actions.accept(referral, by=shelter)
    form = BY_CODE["attended"].form(referral, by=shelter)
    assert "early" not in form.fields
