"""The usual cast: a worker with a case, a shelter that is asked, a stranger."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.referrals import actions
from amana.care.referrals.models import (
    Referral,
    ReferralOutcome,
    ReferralStatus,
    StopReason,
)
from amana.care.referrals.states import DeclineReason, UnaskedReason
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept

S = ReferralStatus


@pytest.fixture(autouse=True)
def _nobody_founded_before() -> None:
    given.people._founders.clear()


@kept
def worker(db: None) -> User:
    return given.make_worker(name="Mariam Toure")


@kept
def team(worker: User) -> Team:
    return worker.memberships.get().team


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")


@kept
def need(case: Case) -> Need:
    return case.needs.get()


@kept
def shelter_team(db: None) -> Team:
    return given.make_team(name="Lake House", email="lake@example.org")


@kept
def shelter_worker(shelter_team: Team) -> User:
    return given.make_worker(
        of=shelter_team, role=Role.FOCAL_POINT, name="Samira Haddad"
    )


@kept
def shelter(shelter_team: Team, shelter_worker: User) -> Service:
    return given.make_service(
        of=shelter_team, by=shelter_worker, name="Lake House beds"
    )


@kept
def other_shelter(db: None) -> Service:
    return given.make_service(name="Hill House beds")


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR)


@kept
def supervisor(team: Team, worker: User) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@kept
def referral(need: Need, shelter: Service, worker: User) -> Referral:
    return given.make_referral(need=need, to=shelter, by=worker)


Does = Callable[[Referral, User, User], Any]
IN_A_DAY = timedelta(days=1)

BY_RECIPIENT: dict[str, Does] = {
    "receive": lambda r, ours, theirs: actions.acknowledge(r, by=theirs),
    "accept": lambda r, ours, theirs: actions.accept(r, by=theirs),
    "waitlist": lambda r, ours, theirs: actions.add_to_waiting_list(r, by=theirs),
    "decline": lambda r, ours, theirs: actions.decline(
        r, reason=DeclineReason.NO_CAPACITY, by=theirs
    ),
    "redirect": lambda r, ours, theirs: actions.redirect(
        r, to=Service.objects.exclude(pk=r.service_id).earliest("pk"), by=theirs
    ),
    "make_appointment": lambda r, ours, theirs: actions.make_appointment(
        r, at=timezone.now() + IN_A_DAY, where="The blue door", by=theirs
    ),
    "attended": lambda r, ours, theirs: actions.record_attendance(r, by=theirs),
    "no_show": lambda r, ours, theirs: actions.record_no_show(r, by=theirs),
    "unreachable": lambda r, ours, theirs: actions.record_failed_attempt(r, by=theirs),
    "start": lambda r, ours, theirs: actions.start_service(r, by=theirs),
    "report": lambda r, ours, theirs: actions.report_progress(r, by=theirs),
    "complete": lambda r, ours, theirs: actions.complete_service(r, by=theirs),
    "partly": lambda r, ours, theirs: actions.record_partly_met(r, by=theirs),
    "discontinue": lambda r, ours, theirs: actions.discontinue_service(
        r, reason=StopReason.WISHED, by=theirs
    ),
}
BY_SENDER: dict[str, Does] = {
    "recall": lambda r, ours, theirs: actions.recall(r, by=ours),
    "confirm": lambda r, ours, theirs: actions.confirm(
        r, outcome=ReferralOutcome.MET, words="It was warm", by=ours
    ),
    "close_unasked": lambda r, ours, theirs: actions.close_unasked(
        r, reason=UnaskedReason.UNSAFE, by=ours
    ),
    "expire": lambda r, ours, theirs: actions.expire(r),
}
VERBS = BY_RECIPIENT | BY_SENDER
LEADS_TO: dict[str, ReferralStatus] = {
    "receive": S.RECEIVED,
    "accept": S.ACCEPTED,
    "waitlist": S.WAITLISTED,
    "decline": S.DECLINED,
    "redirect": S.REDIRECTED,
    "make_appointment": S.APPOINTMENT,
    "attended": S.ATTENDED,
    "no_show": S.NO_SHOW,
    "unreachable": S.UNREACHABLE,
    "start": S.STARTED,
    "report": S.STARTED,
    "complete": S.COMPLETED,
    "partly": S.PARTLY,
    "discontinue": S.DISCONTINUED,
    "recall": S.RECALLED,
    "confirm": S.CONFIRMED,
    "close_unasked": S.UNCONFIRMED,
    "expire": S.EXPIRED,
}
WAY_TO: dict[ReferralStatus, tuple[str, ...]] = {
    S.SENT: (),
    S.RECEIVED: ("receive",),
    S.ACCEPTED: ("accept",),
    S.WAITLISTED: ("waitlist",),
    S.DECLINED: ("decline",),
    S.REDIRECTED: ("redirect",),
    S.APPOINTMENT: ("accept", "make_appointment"),
    S.ATTENDED: ("accept", "attended"),
    S.NO_SHOW: ("accept", "make_appointment", "no_show"),
    S.UNREACHABLE: ("accept", "unreachable"),
    S.STARTED: ("accept", "start"),
    S.COMPLETED: ("accept", "start", "complete"),
    S.PARTLY: ("accept", "attended", "partly"),
    S.DISCONTINUED: ("accept", "make_appointment", "discontinue"),
    S.CONFIRMED: ("accept", "start", "complete", "confirm"),
    S.UNCONFIRMED: ("accept", "start", "partly", "close_unasked"),
    S.EXPIRED: ("expire",),
    S.RECALLED: ("recall",),
    S.WITHDRAWN: ("withdraw",),
}
"""By which verbs each state is reached: only real ones."""


@kept
def ours(worker: User) -> Client:
    return given.sign_in(worker)


@kept
def theirs(shelter_worker: User) -> Client:
    return given.sign_in(shelter_worker)


@kept
def strange(stranger: User) -> Client:
    return given.sign_in(stranger)


@kept
def far_service(db: None) -> Service:
    """Of a team in which nobody has an account."""
    team = given.make_team(name="Village clinic")
    keeper = given.make_worker(role=Role.COORDINATOR)
    return given.make_service(of=team, by=keeper, name="Village clinic beds")


@kept
def outside(need: Need, far_service: Service, worker: User) -> Referral:
    return given.make_referral(
        need=need, to=far_service, by=worker, note="Call at noon"
    )


@pytest.fixture
def now() -> Any:
    """A moment that stays, until a test goes on."""
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as at:
        yield at


@kept
def lead(shelter_team: Team, shelter_worker: User) -> User:
    """The recipient's supervisor."""
    return given.make_worker(of=shelter_team, role=Role.SUPERVISOR)
