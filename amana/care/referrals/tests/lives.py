"""One person, two shelters, and everything that people and the clock may do."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.care.referrals import actions, escalation, undoing
from amana.care.referrals.models import (
    Referral,
    ReferralEvent,
    ReferralOutcome,
    StopReason,
)
from amana.care.referrals.states import DeclineReason, UnaskedReason
from amana.care.referrals.steps import BY_CODE
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.trust.vault.models import Disclosure

from .conftest import BY_RECIPIENT, BY_SENDER

BEDS = 3


@dataclass
class World:
    """One person with two needs, two shelters, and everybody who may meddle."""

    case: Case
    needs: list[Need]
    services: list[Service]
    worker: User
    workers: dict[int, User]
    """By team: who answers there."""
    stranger: User
    consents: list[Consent] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    stale: list[Referral] = field(default_factory=list)
    """Old copies, as they stand on pages that somebody still has open."""


def a_world() -> World:
    worker = given.make_worker()
    case = given.make_case(
        worked_on_by=worker,
        needs=[
            StatedNeed(ServiceType.SH2, Urgency.U1, "A bed"),
            StatedNeed(ServiceType.SH2, Urgency.U3, "Papers"),
        ],
    )
    workers, services = {}, []
    for _one in range(2):
        team = given.make_team()
        focal = given.make_worker(of=team, role=Role.FOCAL_POINT)
        workers[team.pk] = focal
        services.append(
            given.make_service(of=team, by=focal, places_total=BEDS, places_free=BEDS)
        )
    needs = list(Need.objects.select_related("case__team").filter(case=case))
    return World(case, needs, services, worker, workers, given.make_worker())


def agree(world: World, chance: random.Random) -> None:
    service = chance.choice(world.services)
    need = chance.choice(world.needs)
    agreed = given.make_consent(world.case, to=service.team, need=need, by=world.worker)
    world.consents.append(agreed)


def refuse(world: World, chance: random.Random) -> None:
    service = chance.choice(world.services)
    consents.refuse(
        world.case,
        recipient=service.team,
        purpose=Consent.Purpose.REFERRAL,
        language="ar",
        by=world.worker,
    )


def withdraw(world: World, chance: random.Random) -> None:
    if world.consents:
        consent = Consent.objects.get(pk=chance.choice(world.consents).pk)
        consents.withdraw(consent, by=world.worker)


def lapse(world: World, chance: random.Random) -> None:
    """Time passes, and the clock that ends consents strikes."""
    if world.consents:
        past = timezone.now() - timedelta(seconds=1)
        lapsing = Consent.objects.filter(pk=chance.choice(world.consents).pk)
        lapsing.update(expires_at=past)
        consents.expire_lapsed()


def send(world: World, chance: random.Random) -> None:
    """With any consent at hand, fitting or not; twice, as after a lost answer."""
    if not world.consents:
        return
    consent = chance.choice(world.consents)
    fitting = [s for s in world.services if s.team_id == consent.recipient_id]
    service = chance.choice(fitting if chance.random() < 0.8 else world.services)
    before_it = world.referrals if chance.random() < 0.2 else []
    follows = chance.choice(before_it) if before_it else None
    by = world.worker if chance.random() < 0.9 else world.stranger
    meant = [n for n in world.needs if n.pk == consent.need_id]
    need = chance.choice(meant if chance.random() < 0.8 else world.needs)
    sent = actions.send(need, to=service, consent=consent, follows=follows, by=by)
    world.referrals.append(sent)
    if chance.random() < 0.3:
        before = counted()
        with pytest.raises(Refused), transaction.atomic():
            actions.send(need, to=service, consent=consent, by=by)
        assert counted() == before


def act(world: World, chance: random.Random) -> None:
    """Any verb on any referral, by whoever may or somebody else, now or too late."""
    if not world.referrals:
        return
    verb, does = chance.choice(list((BY_RECIPIENT | BY_SENDER).items()))
    if world.stale and chance.random() < 0.15:
        referral = chance.choice(world.stale)
    else:
        pk = chance.choice(world.referrals).pk
        referral = Referral.objects.select_related("service").get(pk=pk)
    if chance.random() < 0.2:
        world.stale.append(Referral.objects.get(pk=referral.pk))
    ours, theirs = world.worker, world.workers[referral.recipient_id]
    meddles = chance.random()
    if meddles < 0.08 and verb != "expire":
        ours = theirs = world.stranger
    elif meddles < 0.16 and verb != "expire":
        ours, theirs = theirs, ours
    again = Referral.objects.get(pk=referral.pk)
    does(referral, ours, theirs)
    if chance.random() < 0.2:  # the same request once more: it saw the old page
        before = counted()
        with pytest.raises(Refused), transaction.atomic():
            does(again, ours, theirs)
        assert counted() == before


def decide(world: World, chance: random.Random) -> None:
    """Take a step that can be undone: until then it has changed nothing."""
    if not world.referrals:
        return
    step = BY_CODE[chance.choice(list(undoing.DECIDED))]
    referral = Referral.objects.for_page().get(pk=chance.choice(world.referrals).pk)
    by = {"recipient": world.workers[referral.recipient_id], "sender": world.worker}
    choices: dict[str, dict[str, Any]] = {
        "decline": {"reason": DeclineReason.NO_CAPACITY},
        "discontinue": {"reason": StopReason.WISHED},
        "confirm": {"outcome": ReferralOutcome.MET},
        "unasked": {"reason": UnaskedReason.UNSAFE},
    }
    said = choices.get(step.code, {})
    who = world.stranger if chance.random() < 0.1 else by[step.side]
    before, due_at = counted(), timezone.now() + TO_UNDO
    undoing.decide(referral, step, due_at=due_at, by=who, **said)
    assert counted() == before


def undo(world: World, chance: random.Random) -> None:
    """By who decided, or by somebody else; with or without an act in between."""
    decisions = PendingDecision.objects.order_by("pk").select_related("by")
    decision = decisions.first() if chance.random() < 0.5 else decisions.last()
    if decision is None:
        return
    before = counted()
    pending.undo_decision(decision, by=decision.by)
    assert counted() == before


def ten_minutes_pass(world: World, chance: random.Random) -> None:
    """What nobody undid takes effect once, or not at all; who may is asked again."""
    given.pass_ten_minutes()
    assert not PendingDecision.objects.waiting().exists()
    before = counted()
    given.pass_ten_minutes()
    assert counted() == before


def chase(world: World, chance: random.Random) -> None:
    """Much later nobody has answered; the clock strikes twice."""
    later = timezone.now() + timedelta(days=chance.choice([1, 5, 40]))
    escalation.chase(later)
    before = counted()
    escalation.chase(later)
    assert counted() == before


DOES: list[tuple[Callable[[World, random.Random], None], int]] = [
    (agree, 3),
    (refuse, 1),
    (withdraw, 2),
    (lapse, 1),
    (send, 5),
    (act, 14),
    (decide, 5),
    (undo, 2),
    (ten_minutes_pass, 3),
    (chase, 1),
]


def counted() -> tuple[Any, ...]:
    """All that could change, in few queries."""
    return (
        tuple(
            Referral.objects.order_by("pk").values_list(
                "pk", "status", "version", "places", "told", "decline_reason"
            )
        ),
        ReferralEvent.objects.count(),
        tuple(Consent.objects.order_by("pk").values_list("pk", "status")),
        Disclosure.objects.count(),
        tuple(Need.objects.order_by("pk").values_list("pk", "status")),
        tuple(Service.objects.order_by("pk").values_list("pk", "places_free")),
    )
