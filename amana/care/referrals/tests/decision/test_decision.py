"""What a shelter decides on: everything it asks first, in order, and nothing lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as over
from hypothesis import strategies as st

from amana import given
from amana.care.cases.fields import FIELDS
from amana.care.referrals import actions, decision
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.steps import BY_CODE
from amana.care.referrals.tests.short import WORDS, a_short_referral
from amana.design.directory.models import Service
from amana.trust.access.models import User
from amana.ui.once import make_form_key
from tests.pages import LIGHT, doubled_ids, weight_sent

from .pages import page_of

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
