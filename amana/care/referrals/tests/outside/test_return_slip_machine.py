"""Random sequences of answers by return slip."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import given as of_all
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amana import given
from amana.care.consent import actions as consents
from amana.care.referrals import actions
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.bearers import Outsider
from amana.care.referrals.models import OutsideChannel, Referral, StopReason
from amana.care.referrals.states import NEXT, DeclineReason
from amana.care.referrals.steps import STEPS
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.trust.vault import slips
from amana.trust.vault.models import ReturnSlip

ACTS = [
    *(s.code for s in STEPS if s.side == "recipient" and s.code != "redirect"),
    "withdraw",
    "recall",
    "revoke",
]


class Sequences(TestCase):
    """Whatever is tried by slip, in whatever order, only what NEXT allows is done; and
    nothing after the slip was revoked, or the consent withdrawn."""

    @settings(max_examples=25, deadline=None)
    @of_all(st.lists(st.sampled_from(ACTS), max_size=8))
    def test_only_what_may_follow_follows(self, acts: list[str]) -> None:
        given.people._founders.clear()
        worker = given.make_worker()
        case = given.make_case(worked_on_by=worker)
        keeper = given.make_worker(role=Role.COORDINATOR)
        service = given.make_service(of=given.make_team(), by=keeper)
        referral = given.make_referral(need=case.needs.get(), to=service, by=worker)
        made = actions.offer_slip(referral, way=ReturnSlip.Way.TOLD, by=worker)
        shown = slips.find_open_slip(ways.show_slip(made.code))
        assert shown is not None
        by, good = ways.build_slip_outsider(shown), True
        for act in acts:
            referral.refresh_from_db()
            before, ended = referral.state, not referral.is_open
            if act in ("withdraw", "recall", "revoke"):
                good = sender_does(act, referral, worker) and good
                continue
            done = tries(act, referral, by)
            referral.refresh_from_db()
            if done:
                assert good
                assert not ended
                assert referral.state in NEXT[before]
                assert referral.happenings.latest("pk").way == OutsideChannel.SLIP
            else:
                assert referral.state is before


def sender_does(act: str, referral: Referral, worker: User) -> bool:
    """Whether the slip may still answer afterwards."""
    try:
        if act == "withdraw":
            consents.withdraw(referral.agreed, by=worker)
        elif act == "recall":
            actions.recall(referral, by=worker)
        else:
            actions.revoke_slips(referral, by=worker)
    except Refused:
        return True
    return False


def tries(act: str, referral: Referral, by: Outsider) -> bool:
    said: dict[str, Any] = {}
    if act == "decline":
        said["reason"] = DeclineReason.LANGUAGE
    if act == "discontinue":
        said["reason"] = StopReason.WISHED
    if act == "appointment":
        said["at"] = timezone.now() + timedelta(days=1)
    step = next(s for s in STEPS if s.code == act)
    try:
        step.act(referral, by=by, **said)
    except Refused:
        return False
    return True
