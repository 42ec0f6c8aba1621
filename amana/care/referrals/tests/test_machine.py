"""Random lives of referrals and consents, compared with a table written down here.

Each sequence does some eight things that people or the clock may do, in any order,
right or wrong, sometimes twice, sometimes on an old page. After each of them:

- no referral stands anywhere, or has moved anywhere, that the table does not allow;
- nothing is disclosed without a consent that lives, and whoever declined reads nothing;
- what was refused has changed nothing; what came twice has one effect;
- no place, need or happening is lost or counted twice;
- what can be undone has changed nothing before its ten minutes are over, and after
  them takes effect once.

`HYPOTHESIS_PROFILE=thorough` runs 10,000 sequences, else sixty.

Planted faults that this finds (change the line, run this file):
- `consents.end_consent` without `disclosures.destroy`: a disclosure outlives it;
- `send` without catching the unique constraint, or the constraint left out: sent twice;
- `Referral.move` without `to not in self.state.next`: a move outside the table;
- `_move` without `_give_back`: beds get lost;
- `_settle` that ignores `others`: a need is open while a service is still asked;
- `_may_answer` that asks `see_referral`: the sender answers for the recipient.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent import actions as consents
from amana.care.consent import payload
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
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

from .conftest import BY_RECIPIENT, BY_SENDER

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SEQUENCES = 10_000 if THOROUGH else 60
BLOCKS = 20 if THOROUGH else 2
STEPS = 8

# Written by hand from the reference, not taken from the code.
TABLE = {
    "sent": "received accepted waitlisted declined redirected recalled withdrawn "
    "expired",
    "received": "accepted waitlisted declined redirected recalled withdrawn expired",
    "waitlisted": "accepted waitlisted declined redirected recalled withdrawn expired",
    "accepted": "appointment attended started no_show unreachable declined recalled "
    "withdrawn expired",
    "appointment": "appointment attended no_show unreachable discontinued recalled "
    "withdrawn expired",
    "no_show": "appointment attended unreachable discontinued recalled withdrawn "
    "expired",
    "unreachable": "appointment attended unreachable discontinued recalled withdrawn "
    "expired",
    "attended": "started completed partly discontinued appointment withdrawn expired",
    "started": "started completed partly discontinued withdrawn expired",
    "completed": "confirmed unconfirmed",
    "partly": "confirmed unconfirmed",
    "discontinued": "confirmed unconfirmed",
}
ENDED = [
    "declined",
    "redirected",
    "confirmed",
    "unconfirmed",
    "expired",
    "recalled",
    "withdrawn",
]
HOLDING = ["accepted", "appointment", "no_show", "unreachable", "attended", "started"]
TAKEN_BACK = ["declined", "redirected", "recalled", "expired"]
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


# --- what may be done


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


# --- what must hold


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


def moves_are_in_the_table(before: dict[Any, str], after: list[Referral]) -> None:
    for referral in after:
        was = before.get(referral.pk, "")
        if not was:
            assert referral.status in ("sent", *TABLE["sent"].split())
        elif was != referral.status:
            assert reachable(was, referral.status), (was, referral.status)


def reachable(was: str, now: str) -> bool:
    """In one move; or by the clock's `chase`, which may tell and then expire."""
    return now in TABLE.get(was, "").split()


def nothing_is_shared_without_consent(world: World, referrals: list[Referral]) -> None:
    given_now = set(Consent.objects.live().values_list("pk", flat=True))
    kept = {d.pk: d for d in Disclosure.objects.all()}
    for disclosure in kept.values():
        assert disclosure.consent in given_now
    for referral in referrals:
        live = referral.consent_id in given_now
        assert (referral.disclosure in kept) == live
        if referral.status in TABLE and referral.stage in ("answer", "service"):
            assert live, "an open referral has lost its consent"


def the_recipient_reads(world: World, referral: Referral) -> bool:
    disclosure = Disclosure.objects.filter(pk=referral.disclosure).first()
    if disclosure is None:
        return False
    reader = world.workers[referral.recipient_id]
    try:
        content = disclosures.open_disclosure(disclosure, by=reader, purpose="test")
    except Refused:
        return False
    assert set(content) <= {payload.NEED, *referral.agreed.fields}
    return True


def everything_adds_up(world: World, referrals: list[Referral]) -> None:
    moved = ReferralEvent.objects.filter(what="moved")
    happened = Counter(moved.values_list("referral", flat=True))
    for referral in referrals:
        # One happening for each change of version, and one for the sending.
        assert happened[referral.pk] == referral.version
        assert (referral.status in ENDED) == (referral.ended_at is not None)
    for service in Service.objects.filter(pk__in=[s.pk for s in world.services]):
        held = sum(r.places for r in referrals if r.service_id == service.pk)
        assert service.places_free == BEDS - held
    for referral in referrals:
        if referral.places:
            stays = referral.status in ("withdrawn", "expired")
            assert referral.status in HOLDING or stays
    open_pairs = Counter(
        (r.need_id, r.service_id) for r in referrals if r.stage in ("answer", "service")
    )
    assert all(count == 1 for count in open_pairs.values())
    for need in Need.objects.filter(pk__in=[n.pk for n in world.needs]):
        asked = [r for r in referrals if r.need_id == need.pk and r.ended_at is None]
        assert (need.status == "referred") == bool(asked)


def check(world: World, before: dict[Any, str]) -> dict[Any, str]:
    now = list(Referral.objects.select_related("consent").order_by("pk"))
    assert len(now) == len(world.referrals)
    moves_are_in_the_table(before, now)
    nothing_is_shared_without_consent(world, now)
    everything_adds_up(world, now)
    return {referral.pk: referral.status for referral in now}


def live_once(world: World, chance: random.Random) -> Counter[str]:
    done: Counter[str] = Counter()
    if chance.random() < 0.8:  # most lives begin with somebody who is sent on
        agree(world, chance)
        consent = world.consents[0]
        (need,) = [n for n in world.needs if n.pk == consent.need_id]
        (service,) = [s for s in world.services if s.team_id == consent.recipient_id]
        sent = actions.send(need, to=service, consent=consent, by=world.worker)
        world.referrals.append(sent)
    stands, there = check(world, {}), counted()
    verbs, weights = zip(*DOES, strict=True)
    for _step in range(STEPS):
        (verb,) = chance.choices(verbs, weights)
        try:
            with transaction.atomic():
                verb(world, chance)
        except (Refused, PermissionDenied) as error:
            done[type(error).__name__] += 1
            assert counted() == there
        else:
            done[verb.__name__] += 1
            stands, there = check(world, stands), counted()
    for referral in Referral.objects.select_related("consent"):
        if referral.status in TAKEN_BACK or referral.status == "withdrawn":
            assert not the_recipient_reads(world, referral)
        else:
            assert the_recipient_reads(world, referral) == referral.agreed.is_live
    done.update(f"ends {status}" for status in stands.values())
    return done


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_life_of_a_referral_leaves_the_table_or_shares_without_consent(
    block: int, db: None
) -> None:
    world = a_world()
    seen: Counter[str] = Counter()
    for number in range(block, SEQUENCES, BLOCKS):
        chance = random.Random(number)  # a failure names its sequence
        once = World(
            world.case,
            world.needs,
            world.services,
            world.worker,
            world.workers,
            world.stranger,
        )
        with transaction.atomic():
            try:
                seen += live_once(once, chance)
            except AssertionError as error:
                raise AssertionError(f"sequence {number}: {error}") from error
            transaction.set_rollback(True)
        for need in world.needs:
            need.refresh_from_db(fields=["status"])
    # It went somewhere: sent, moved, refused, ended.
    decided = ("decide", "undo", "ten_minutes_pass")
    ends = ("Changed", "Denied", "ends withdrawn")
    for what in ("send", "act", "withdraw", *decided, *ends):
        assert seen[what], f"{what} never happened"
