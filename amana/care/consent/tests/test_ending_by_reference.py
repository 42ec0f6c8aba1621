"""Anyone in the team ends a consent by its reference."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.cases.references import generate_reference
from amana.care.consent import actions, vital_interests
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.rules import WITHDRAWERS
from amana.trust.access.models import Role, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure
from amana.ui.once import make_form_key


@pytest.mark.parametrize("role", WITHDRAWERS)
@pytest.mark.parametrize("restricted", [False, True])
def test_anyone_in_the_team_ends_a_consent_by_the_reference_in_two_taps(
    case: Case, consent: Consent, worker: User, role: Role, restricted: bool
) -> None:
    """Also of a case that is kept to others; nothing of it is to be seen."""
    if restricted:
        cases.restrict(case, people=[worker], by=worker)
    colleague = given.make_worker(of=case.team, role=role)
    url = reverse("consent:withdraw_for")
    browser = given.sign_in(colleague)

    first = browser.post(url, {"reference": f" {case.reference.lower()} "})
    second = browser.post(
        reverse("consent:withdraw", args=[consent.pk]), make_form_key()
    )

    page = first.content.decode()
    assert consent.recipient.name in page
    assert "Nothing has been shared with them yet." in page
    for hidden in ("Zubaida", "555 0101", "A bed for tonight", "passport"):
        assert hidden not in page
    sees_it = role == Role.SUPERVISOR and not restricted
    assert (second["Location"] == url) != sees_it
    assert not Consent.objects.live().exists()
    assert AuditEvent.objects.filter(did="looked up consents").exists()


def test_the_page_names_exactly_the_roles_that_may(worker: User) -> None:
    page = given.sign_in(worker).get(reverse("consent:withdraw_for"))
    lead = (
        page.content.decode().split("one of these roles in the team: ")[1].split(".")[0]
    )
    named = set(re.findall("<bdi>(.+?)</bdi>", lead))
    assert named == {str(Role(role).label) for role in WITHDRAWERS}


def test_a_reference_of_another_team_finds_nothing(
    case: Case, consent: Consent, stranger: User
) -> None:
    url = reverse("consent:withdraw_for")

    found = given.sign_in(stranger).post(url, {"reference": case.reference})

    assert found.status_code == 422
    assert "No case of your team has this reference." in found.content.decode()
    assert consent.recipient.name not in found.content.decode()
    assert actions.find_by_reference(case.reference, by=stranger) is None


def test_a_miss_stands_in_the_log_and_reads_as_one_of_another_team(
    case: Case, consent: Consent, stranger: User
) -> None:
    url = reverse("consent:withdraw_for")
    browser = given.sign_in(stranger)

    theirs = browser.post(url, {"reference": case.reference}).content.decode()
    nobodys = browser.post(url, {"reference": generate_reference()}).content.decode()

    assert alike(theirs) == alike(nobodys)
    missed = AuditEvent.objects.filter(did="found no case by reference")
    said = [(event.actor, event.thing, event.case) for event in missed]
    assert said == [(stranger.actor_id, "", None)] * 2
    assert not AuditEvent.objects.filter(did="looked up consents").exists()


def alike(page: str) -> str:
    """A page without what is typed and what is new on each."""
    return re.sub(r'(value|nonce|content)="[^"]*"', "", page)


def test_references_are_not_tried_without_end(case: Case, worker: User) -> None:
    url = reverse("consent:withdraw_for")
    browser = given.sign_in(worker)
    for _try in range(10):
        assert browser.post(url, {"reference": generate_reference()}).status_code == 422

    eleventh = browser.post(url, {"reference": case.reference})

    assert eleventh.status_code == 409
    assert "Too many attempts" in eleventh.content.decode()


def test_what_was_told_without_her_is_taken_back_by_the_reference_too(
    case: Case, worker: User, shelter: Team, stranger: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(
        vital_interests, "find_provision", lambda case: SimpleNamespace(id="data_act")
    )
    need = case.needs.earliest("pk")
    interest, _copy = vital_interests.disclose(
        need,
        recipient=shelter,
        reason=VitalInterest.Reason.UNCONSCIOUS,
        words="canary: not breathing",
        by=worker,
    )
    colleague = given.make_worker(of=case.team, role=Role.SCREENER)
    cases.restrict(case, people=[worker], by=worker)
    browser = given.sign_in(colleague)
    url = reverse("consent:withdraw_for")
    object_to = reverse("consent:object_to_vital", args=[interest.pk])

    found = browser.post(url, {"reference": case.reference}).content.decode()
    assert shelter.name in found
    assert object_to in found
    assert "canary" not in found
    assert given.sign_in(stranger).post(object_to, make_form_key()).status_code == 404
    theirs = given.sign_in(given.make_worker(of=shelter))
    assert theirs.post(object_to, make_form_key()).status_code == 404
    assert browser.post(object_to, make_form_key()).headers["Location"] == url

    interest.refresh_from_db()
    assert interest.end == VitalInterest.End.OBJECTED
    assert not Disclosure.objects.exists()
    again = browser.post(url, {"reference": case.reference}).content.decode()
    assert "nothing is being shared without consent" in again
