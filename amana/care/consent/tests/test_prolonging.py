"""The person is asked again before a consent ends."""

from typing import Any

import pytest
from django.utils import timezone

from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.models import LONGEST, Consent
from amana.care.consent.payload import CONDITIONS
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures

from .conftest import again, agrees, in_days

By = Consent.GivenBy


def test_what_was_shared_stays_when_the_person_agrees_again(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)
    disclosures.write_letter(disclosure, "note", {"words": "Come"}, by=shelter_worker)
    until = in_days(180)

    again(consent, worker, expires_at=until)

    disclosure.refresh_from_db()
    assert disclosure.expires_at == until
    for reader in (worker, shelter_worker):
        read = disclosures.open_disclosure(disclosure, by=reader, purpose="test")
        assert read["needs.words"] == "A bed for tonight"
        letters = disclosures.open_letters(disclosure, by=reader, purpose="test")
        assert [words for _letter, words in letters] == [{"words": "Come"}]
    consent.refresh_from_db()
    assert (consent.expires_at, consent.language) == (until, "fr")
    assert consent.text_version.startswith("fr-")
    assert AuditEvent.objects.filter(did="prolonged consent").exists()


def test_the_text_of_the_last_asking_is_kept(consent: Consent, worker: User) -> None:
    again(consent, worker, conditions="Only by day")

    said = actions.open_answer(consent, by=worker, purpose="test")
    assert said["conditions"] == "Only by day"
    assert ConsentText.again(said["text"]).language == "fr"


def test_new_conditions_reach_the_recipient(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)

    again(consent, worker, conditions="Only by day")

    disclosure.refresh_from_db()
    ((letter, words),) = disclosures.open_letters(
        disclosure, by=shelter_worker, purpose="test"
    )
    assert (letter.name, words) == (CONDITIONS, {"words": "Only by day"})


@pytest.mark.parametrize(
    ("now", "told"), [("Only my brother", ["Only my brother"]), ("", [])]
)
def test_a_condition_she_has_taken_back_reaches_nobody(
    case: Case,
    shelter: Team,
    worker: User,
    shelter_worker: User,
    now: str,
    told: list[str],
) -> None:
    consent = agrees(case, to=shelter, by=worker, conditions="Never my brother")
    disclosure = actions.disclose(consent, by=worker)
    disclosures.write_letter(disclosure, "note", {"words": "Come"}, by=shelter_worker)

    again(consent, worker, conditions=now)

    disclosure.refresh_from_db()
    letters = disclosures.open_letters(disclosure, by=shelter_worker, purpose="test")
    asked = [w["words"] for letter, w in letters if letter.name == CONDITIONS]
    assert asked == told
    assert len(letters) == len(told) + 1  # what the shelter wrote stays


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"understood": False}, "own words"),
        ({"given_by": By.GUARDIAN}, "Adults decide for themselves"),
        ({"expires_at": timezone.now() + 2 * LONGEST}, "one year at most"),
        ({"expires_at": timezone.now() - LONGEST}, "in the future"),
    ],
)
def test_asking_again_is_asking(
    consent: Consent, worker: User, changes: dict[str, Any], why: str
) -> None:
    before = consent.expires_at

    with pytest.raises(Refused, match=why):
        again(consent, worker, **changes)

    assert Consent.objects.get().expires_at == before


def test_what_has_ended_is_not_prolonged(consent: Consent, worker: User) -> None:
    held = Consent.objects.get()
    actions.withdraw(consent, by=worker)

    with pytest.raises(Refused, match="already ended"):
        again(held, worker)


def test_a_stranger_prolongs_nothing(consent: Consent, stranger: User) -> None:
    with pytest.raises(Denied):
        again(consent, stranger)
