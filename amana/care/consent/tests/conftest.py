"""The usual cast: a case and its worker, a shelter, a stranger."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.models import Consent
from amana.trust.access.models import Sphere, Team, User
from amana.trust.vault.compartments import Compartment as C
from tests.worlds import kept

HER: dict[C, dict[str, Any]] = {
    C.IDENTITY: {"name": "Zubaida Canary", "age": 31, "sex": "female", "child": "no"},
    C.CONTACT: {
        "channel": "call",
        "number": "+000 555 0101",
        "never": "Never call at night",
    },
    C.NEEDS: {"words": "A bed for tonight", "disability": ""},
    C.NARRATIVE: {"account": "They kept my passport"},
    C.HEALTH: {"summary": "Asthma"},
    C.LEGAL: {"situation": "No papers"},
    C.MIGRATION: {"status": "Undocumented"},
    C.EVIDENCE: {"items": "A contract"},
}


def a_case(worker: User, **identity: object) -> Case:
    """Her case, with something written in every compartment."""
    said = {f"{c}_{name}": v for c, record in HER.items() for name, v in record.items()}
    more = {f"identity_{name}": value for name, value in identity.items()}
    return given.make_case(worked_on_by=worker, **said | more)


@kept
def worker(db: None) -> User:
    return given.make_worker()


@kept
def case(worker: User) -> Case:
    return a_case(worker)


@kept
def shelter_worker(db: None) -> User:
    return given.make_worker(of=given.make_team(email="shelter@example.org"))


@kept
def shelter(shelter_worker: User) -> Team:
    return shelter_worker.memberships.get().team


@kept
def stranger(db: None) -> User:
    return given.make_worker()


def a_team_of(sphere: Sphere) -> Team:
    """An admitted team of a sphere, with a member who holds its key."""
    team = given.make_team(of=given.make_organisation(sphere=sphere))
    given.make_worker(of=team)
    return team


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def agrees(case: Case, *, to: Team, by: User, **changes: Any) -> Consent:
    """She agrees to share her name and what she needs with a team."""
    said: dict[str, Any] = {
        "fields": ["identity.name", "needs.words"],
        "purpose": Consent.Purpose.REFERRAL,
        "need": case.needs.first(),
        "expires_at": in_days(90),
        "language": "ar",
        "mode": Consent.Mode.SPOKEN,
        "given_by": Consent.GivenBy.PERSON,
        "interpreter": False,
        "understood": True,
        "conditions": "",
    }
    if changes.get("purpose", "referral") != "referral":
        del said["need"]
    return actions.give(case, recipient=to, by=by, **said | changes)


@kept
def consent(case: Case, shelter: Team, worker: User) -> Consent:
    return agrees(case, to=shelter, by=worker)


By = Consent.GivenBy


def again(consent: Consent, by: User, **changes: Any) -> Consent:
    """The person is asked again, and agrees to half a year."""
    said: dict[str, Any] = {
        "expires_at": in_days(180),
        "language": "fr",
        "mode": Consent.Mode.WRITTEN,
        "given_by": By.PERSON,
        "interpreter": True,
        "understood": True,
    }
    return actions.prolong(consent, by=by, **said | changes)


@kept
def browser(worker: User) -> Client:
    return given.sign_in(worker)
