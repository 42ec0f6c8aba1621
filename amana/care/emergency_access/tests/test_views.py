"""The pages of an emergency access, from opening to review."""

import pytest
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.emergency_access.models import EmergencyAccess
from amana.trust.access.models import User
from amana.ui import once

pytestmark = pytest.mark.django_db


OPEN = "emergency_access:open"


def test_pages_from_opening_to_review(case: Case, colleague: User, lead: User) -> None:
    browser = given.sign_in(colleague)
    assert browser.get(reverse(OPEN)).status_code == 200
    said = {"why": "here", "words": "She stands at the door."}
    answer = browser.post(
        reverse(OPEN),
        once.make_form_key() | said | {"reference": case.reference.lower()},
    )
    assert answer.headers["Location"] == reverse("cases:case", args=[case.pk])
    access = EmergencyAccess.objects.get()
    own = browser.get(reverse("emergency_access:access", args=[access.pk]))
    assert "She stands at the door." in own.content.decode()
    reviewer = given.sign_in(lead)
    listed = reviewer.get(reverse("emergency_access:list")).content.decode()
    assert "To review" in listed
    review = reverse("emergency_access:review", args=[access.pk])
    answer = reviewer.post(
        review, once.make_form_key() | {"verdict": "right", "said": "She was there."}
    )
    assert answer.status_code == 302
    shown = reviewer.get(reverse("emergency_access:access", args=[access.pk]))
    assert "She was there." in shown.content.decode()
    assert browser.get(review).status_code == 404


def test_a_wrong_reference_says_what_it_can_be(case: Case, colleague: User) -> None:
    browser = given.sign_in(colleague)
    said = {"why": "here", "words": "Now.", "reference": "0000-00000"}
    page = browser.post(reverse(OPEN), once.make_form_key() | said)
    assert page.status_code == 422
    assert "restricted case opens only for the people named" in page.content.decode()
    assert "Now." in page.content.decode()


def test_references_are_not_tried_out(colleague: User) -> None:
    browser = given.sign_in(colleague)
    said = {"why": "here", "words": "Now.", "reference": "0000-00000"}
    codes = [
        browser.post(reverse(OPEN), once.make_form_key() | said).status_code
        for _try in range(12)
    ]
    assert codes[:10] == [422] * 10
    assert 422 not in codes[10:]


def test_who_holds_no_keys_finds_no_such_page(officer: User) -> None:
    assert given.sign_in(officer).get(reverse(OPEN)).status_code == 404


def test_a_search_that_finds_nothing_leads_there(colleague: User) -> None:
    page = given.sign_in(colleague).post(reverse("cases:search"), {"q": "Nobody"})
    assert reverse(OPEN) in page.content.decode()
