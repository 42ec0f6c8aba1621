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
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from amana.care.cases.models import Need
from amana.care.consent import payload
from amana.care.consent.models import Consent
from amana.care.referrals import actions
from amana.care.referrals.models import Referral, ReferralEvent
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

from .lives import BEDS, DOES, World, a_world, agree, counted

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
