"""A recipient reads what to destroy, and confirms it."""

from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.models import Consent, Destruction
from amana.trust.access.models import Team, User
from amana.ui.once import make_form_key

from .browsers import filled, question
from .conftest import agrees


def test_a_recipient_sees_what_to_destroy_and_confirms(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    destruction = Destruction.objects.get()
    theirs = given.sign_in(shelter_worker)
    url = reverse("consent:destroy", args=[destruction.pk])

    listed = theirs.get(reverse("consent:destructions")).content.decode()
    shown = theirs.get(url).content.decode()
    theirs.post(url, {"answer": "kept"} | make_form_key())

    assert consent.case.reference in listed
    assert "What is needed" in shown
    assert "Zubaida" not in shown
    destruction.refresh_from_db()
    assert destruction.answer == Destruction.Answer.KEPT
    assert theirs.get(url).status_code == 200


def test_an_outsiders_answer_is_written_down_by_the_sender(
    browser: Client, case: Case, worker: User
) -> None:
    consent = agrees(case, to=given.make_team(name="Village clinic"), by=worker)
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    url = reverse("consent:destroy", args=[Destruction.objects.get().pk])

    listed = browser.get(reverse("consent:destructions")).content.decode()
    shown = browser.get(url).content.decode()
    browser.post(url, {"answer": "destroyed"} | make_form_key())

    assert "Village clinic" in listed
    assert "by telephone or letter" in shown
    assert not Destruction.objects.waiting().exists()


def test_the_words_for_a_team_without_amana_can_be_read_too(
    browser: Client, case: Case, shelter: Team
) -> None:
    """It is asked about in a referral, which can go on paper."""
    outside = given.make_team()
    sent = filled(browser.get(question(case, shelter)))
    url = reverse("consent:text", args=[case.pk, outside.pk, "coordination"])

    assert browser.post(url, sent).status_code == 200
    assert browser.get(question(case, outside)).status_code == 404


def test_an_unknown_answer_confirms_nothing(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    url = reverse("consent:destroy", args=[Destruction.objects.get().pk])

    given.sign_in(shelter_worker).post(url, {"answer": "maybe"} | make_form_key())

    assert Destruction.objects.waiting().exists()
