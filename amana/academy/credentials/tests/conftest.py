"""The cast: who certifies, who learns, and somebody who has nothing to do with it."""

from typing import Any

from amana import given
from amana.academy.credentials import actions, attesting
from amana.academy.credentials.models import Achievement, Attestation, Certificate
from amana.trust.access.models import Role, User
from tests.worlds import kept

RUBRIC = [
    {
        "code": "consent",
        "name": "Consent before sharing",
        "levels": [
            {"code": "absent", "name": "Absent", "description": "Shared without."},
            {"code": "met", "name": "Met", "description": "Asked and recorded."},
        ],
        "required": "met",
    }
]
MET = {"consent": "met"}


def defined(by: User, code: str = "practitioner", **said: Any) -> Achievement:
    whole: dict[str, Any] = {
        "version": 1,
        "name": "Certified Referral Mechanism Practitioner",
        "description": "Runs a referral mechanism.",
        "criteria": "Six modules, and three cases scored on what was done.",
        "months": 36,
        "rubric": RUBRIC,
        "by": by,
    }
    return actions.define(code, **whole | said)


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Nadia Coordinator")


@kept
def trainer(db: None) -> User:
    return given.make_worker(role=Role.TRAINER, name="Tariq Trainer")


@kept
def learner(db: None) -> User:
    return given.make_worker(name="Amina Learner")


@kept
def stranger(db: None) -> User:
    return given.make_worker(name="Sami Stranger")


@kept
def achievement(coordinator: User) -> Achievement:
    return defined(coordinator)


def proposed(achievement: Achievement, learner: User, by: User) -> Attestation:
    return attesting.propose_attestation(
        achievement, learner, reason="A workshop.", levels=MET, named=True, by=by
    )


@kept
def certificate(achievement: Achievement, learner: User) -> Certificate:
    return actions.issue(achievement, learner, levels=MET)
