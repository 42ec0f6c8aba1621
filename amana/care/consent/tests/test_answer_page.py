"""The form in which a person's answer is written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.actions import SAY_IT
from amana.care.consent.models import Consent, Destruction
from amana.trust.access.models import Sphere, Team, User
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

from .browsers import filled, question
from .conftest import a_case, a_team_of

# --- answering


def test_a_yes_is_written_down_in_one_form(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter))

    answer = browser.post(question(case, shelter), filled(page, answer="given"))

    consent = Consent.objects.live().get()
    assert answer["Location"] == reverse("consent:consent", args=[consent.pk])
    assert consent.fields == sorted(page.context["consent_form"].shared())


def test_a_no_is_one_button_and_needs_nothing_else(
    browser: Client, case: Case, shelter: Team
) -> None:
    answer = browser.post(
        question(case, shelter),
        {"answer": "refused", "language": "fr"} | make_form_key(),
    )

    assert answer.status_code == 302
    assert Consent.objects.get().status == Consent.Status.REFUSED


def test_what_was_changed_after_reading_has_to_be_read_again(
    browser: Client, case: Case, shelter: Team
) -> None:
    page = browser.get(question(case, shelter))
    sent = filled(page, share=["identity.name", "narrative.account"])

    answer = browser.post(question(case, shelter), sent | {"answer": "given"})

    assert answer.status_code == 422
    assert "aloud again" in answer.content.decode()
    assert not Consent.objects.exists()
    again = browser.post(question(case, shelter), filled(answer) | {"answer": "given"})
    assert again.status_code == 302
    assert "narrative.account" in Consent.objects.get().fields


def test_a_missing_tick_is_an_error_at_the_tick_and_nothing_is_lost(
    browser: Client, case: Case, shelter: Team
) -> None:
    said = {"answer": "given", "conditions": "Only by day", "share": ["identity.name"]}
    sent = filled(browser.get(question(case, shelter)), **said)
    del sent["understood"]

    answer = browser.post(question(case, shelter), sent)

    form = answer.context["consent_form"]
    assert answer.status_code == 422
    assert form.errors["understood"] == [SAY_IT]
    assert 'id="consent_understood_error"' in answer.content.decode()
    assert form["conditions"].value() == "Only by day"
    assert form.shared() == ["identity.name"]


def test_with_nothing_ticked_the_error_stands_at_the_boxes(
    browser: Client, case: Case, shelter: Team
) -> None:
    sent = filled(browser.get(question(case, shelter)), answer="given")
    del sent["share"]

    answer = browser.post(question(case, shelter), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    at_the_boxes = page.index('id="consent_share_error"')
    assert "at least one thing" in page[at_the_boxes : at_the_boxes + 200]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("until", "2020-01-01"),
        ("until", "2090-01-01"),
        ("until", "soon"),
        ("share", ["health.summary"]),
        ("share", []),
        ("mode", "telepathy"),
        ("given_by", "guardian"),
        ("language", "xx-nowhere"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    browser: Client, case: Case, shelter: Team, field: str, value: Any
) -> None:
    page = browser.get(question(case, shelter))
    sent = filled(page, answer="given", conditions="Never my brother", **{field: value})

    answer = browser.post(question(case, shelter), sent)

    assert answer.status_code == 422
    assert field in answer.context["consent_form"].errors
    assert "Never my brother" in answer.content.decode()
    assert not Consent.objects.exists()


def test_the_same_answer_sent_twice_is_written_once(
    browser: Client, case: Case, shelter: Team
) -> None:
    sent = filled(browser.get(question(case, shelter)), answer="given")

    for _ in range(2):
        assert browser.post(question(case, shelter), sent).status_code == 302

    assert Consent.objects.count() == 1


def test_a_child_is_answered_for_by_a_guardian(worker: User, shelter: Team) -> None:
    case = a_case(worker, child="yes", guardian="Her aunt", age=15)
    browser = given.sign_in(worker)
    page = browser.get(question(case, shelter))
    assert "If you are under 18" in page.content.decode()

    answer = browser.post(
        question(case, shelter), filled(page, answer="given"), follow=True
    )

    assert str(Consent.GivenBy.GUARDIAN.label) in answer.content.decode()


# --- asking again


def test_before_it_ends_the_person_is_asked_about_the_same_again(
    browser: Client, consent: Consent, worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)
    url = reverse("consent:again", args=[consent.pk])
    page = browser.get(url)
    until = timezone.localdate() + timedelta(days=200)

    words = filled(page, until=until.isoformat())
    wrong = browser.post(url, words | {"answer": "given"})
    answer = browser.post(url, filled(wrong) | {"answer": "given"})

    assert wrong.status_code == 422
    assert answer["Location"] == reverse("consent:consent", args=[consent.pk])
    consent.refresh_from_db()
    disclosure.refresh_from_db()
    assert timezone.localdate(consent.expires_at) == until
    assert disclosure.expires_at == consent.expires_at
    assert Consent.objects.count() == 1


def test_asking_again_adds_nothing(browser: Client, consent: Consent) -> None:
    url = reverse("consent:again", args=[consent.pk])
    sent = filled(browser.get(url), share=["identity.name", "narrative.account"])

    answer = browser.post(url, sent | {"answer": "given"})

    assert "share" in answer.context["consent_form"].errors


def test_what_has_ended_is_asked_anew(
    browser: Client, consent: Consent, worker: User
) -> None:
    actions.withdraw(consent, by=worker)

    answer = browser.get(reverse("consent:again", args=[consent.pk]))

    assert answer["Location"] == question(consent.case, consent.recipient)


# --- what is turned away is written down


def test_asking_about_a_team_to_which_nothing_may_be_sent_is_written_down(
    browser: Client, case: Case, worker: User
) -> None:
    border = a_team_of(Sphere.BORDER)

    assert browser.get(question(case, border)).status_code == 404

    said = AuditEvent.objects.get(did="was turned away", actor=worker.actor_id)
    assert said.auditdetail.details["rule"] == "ask_about_team"


def test_an_answer_that_there_is_not_is_not_taken(
    case: Case, consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    told = Destruction.objects.get(consent=consent)
    path = reverse("consent:destroy", args=[told.pk])

    answer = given.sign_in(shelter_worker).post(
        path, make_form_key() | {"answer": "eaten"}
    )

    assert answer.status_code == 400
    assert Destruction.objects.waiting().count() == 1


# --- a form that comes back with what is wrong


def opened_of(case: Case) -> int:
    return AuditEvent.objects.about_case(case.pk).filter(did="opened").count()


def test_what_was_opened_to_ask_again_is_written_down(
    browser: Client, case: Case, shelter: Team, consent: Consent
) -> None:
    for path in (
        question(case, shelter),
        reverse("consent:again", args=[consent.pk]),
    ):
        before = opened_of(case)
        answer = browser.post(path, make_form_key() | {"until": "never"})
        assert answer.status_code == 422
        assert opened_of(case) == before + 1
