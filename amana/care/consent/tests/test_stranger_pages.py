"""What a stranger, and a colleague without the key, find."""

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.models import Consent, Destruction
from amana.trust.access.models import ANSWERING, Role, Team, User
from amana.ui.once import make_form_key

from .browsers import question
from .conftest import agrees


def test_strangers_find_nothing(
    case: Case, shelter: Team, worker: User, stranger: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, purpose="coordination")
    gone = agrees(case, to=shelter, by=worker)
    actions.disclose(gone, by=worker)
    actions.withdraw(gone, by=worker)
    disclosure = actions.disclose(consent, by=worker)
    destruction = Destruction.objects.get()
    gets = [
        reverse("consent:ask", args=[case.pk]),
        question(case, shelter),
        reverse("consent:ledger", args=[case.pk]),
        reverse("consent:consent", args=[consent.pk]),
        reverse("consent:again", args=[consent.pk]),
        reverse("consent:disclosure", args=[disclosure.pk]),
        reverse("consent:destroy", args=[destruction.pk]),
    ]
    posts = [
        question(case, shelter),
        reverse("consent:text", args=[case.pk, shelter.pk, "referral"]),
        reverse("consent:again", args=[consent.pk]),
        reverse("consent:share", args=[consent.pk]),
        reverse("consent:destroy", args=[destruction.pk]),
    ]
    colleague = given.make_worker(of=case.team)
    administrator = given.make_worker(of=case.team, role=Role.ADMINISTRATOR)

    for other in (stranger, colleague, administrator):
        browser = given.sign_in(other)
        assert [browser.get(url).status_code for url in gets] == [404] * len(gets)
        answers = [
            browser.post(url, {"answer": "refused"} | make_form_key()) for url in posts
        ]
        assert [a.status_code for a in answers] == [404] * len(posts)
    end = reverse("consent:withdraw", args=[consent.pk])
    for other in (stranger, administrator):
        assert given.sign_in(other).get(end).status_code == 404
        assert given.sign_in(other).post(end, make_form_key()).status_code == 404
    assert Consent.objects.live().get() == consent


@pytest.mark.parametrize("role", Role)
def test_what_was_shared_opens_to_those_who_answer_for_the_team_and_no_colleague(
    case: Case, shelter: Team, worker: User, role: Role
) -> None:
    shared = agrees(case, to=shelter, by=worker, purpose="coordination")
    found = actions.disclose(shared, by=worker)
    browser = given.sign_in(given.make_worker(of=shelter, role=role))
    read = 200 if role in ANSWERING else 404

    page = browser.get(reverse("consent:disclosure", args=[found.pk]))
    record = browser.get(reverse("htcds:record", args=[found.pk]))
    listed = browser.get(reverse("consent:shared"))

    assert (page.status_code, record.status_code) == (read, read)
    assert (str(found.pk) in listed.content.decode()) == (role in ANSWERING)
    assert b"Canary" not in page.content or role in ANSWERING


def test_nobody_unknown_gets_further_than_the_sign_in(
    client: Client, case: Case
) -> None:
    answer = client.get(reverse("consent:ledger", args=[case.pk]))

    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]
