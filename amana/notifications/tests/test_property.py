"""Random days of a random cast: nobody is shown a notification of what they can't see,
whatever happened since it was written, and every number beside the navigation is the
number of what its list would show."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as example_of
from hypothesis import strategies as st

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Assignment, Case, Closure, Transfer
from amana.care.cases.rules import (
    answer_transfer,
    see_case,
    supervise_case,
    work_on_case,
)
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent, Destruction
from amana.care.consent.rules import destroy_copies
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import (
    answer_referral,
    see_referral,
    speak_for_sender,
    watch_referral,
)
from amana.care.referrals.states import DeclineReason
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.notifications import actions, unread
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Membership, Role, Team, User
from amana.ui import badges
from tests.profiles import each_time
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@dataclass
class Cast:
    """Two teams with cases, two houses with beds, and those beside them."""

    teams: list[Team]
    people: list[User]
    beds: list[Service]
    cases: list[Case]
    referrals: list[Referral] = field(default_factory=list)


@kept
def cast(db: None) -> Cast:
    first = given.make_team()
    second = given.make_team(of=first.organisation)
    houses = [given.make_team(), given.make_team()]
    care = (Role.CASE_WORKER, Role.CASE_WORKER, Role.SUPERVISOR)
    places = [(team, role) for team in (first, second) for role in care]
    workers = [given.make_worker(of=team, role=role) for team, role in places]
    hosts = [given.make_worker(of=house, role=Role.FOCAL_POINT) for house in houses]
    others = [
        given.make_worker(of=houses[0]),
        given.make_worker(role=Role.COORDINATOR),
        given.make_worker(role=Role.SUPERVISOR),
    ]
    beds = [
        given.make_service(of=house, by=host)
        for house, host in zip(houses, hosts, strict=True)
    ]
    mine = [given.make_case(worked_on_by=worker) for worker in (workers[0], workers[3])]
    return Cast([first, second, *houses], [*workers, *hosts, *others], beds, mine)


type Step = Callable[[Cast, User, int], object]


def send(cast: Cast, user: User, n: int) -> None:
    case, beds = cast.cases[n % 2], cast.beds[n // 2 % 2]
    cast.referrals.append(given.make_referral(need=case.needs.get(), to=beds, by=user))


def one_of(cast: Cast, n: int) -> Referral:
    if not cast.referrals:
        raise Refused("none yet")
    return Referral.objects.get(pk=cast.referrals[n % len(cast.referrals)].pk)


def case_of(cast: Cast, n: int) -> Case:
    return Case.objects.get(pk=cast.cases[n % 2].pk)


def assign(cast: Cast, user: User, n: int) -> None:
    part = Assignment.Part.LEAD if n % 3 else Assignment.Part.SUPPORT
    worker = cast.people[n % len(cast.people)]
    cases.assign(case_of(cast, n), worker, part=part, by=user)


def unassign(cast: Cast, user: User, n: int) -> None:
    current = list(case_of(cast, n).assignments.current().order_by("pk"))
    cases.end_assignment(current[n % len(current)], by=user)


def restrict(cast: Cast, user: User, n: int) -> None:
    case = case_of(cast, n)
    leading = case.assignments.current().filter(part=Assignment.Part.LEAD)
    people = [assignment.worker for assignment in leading]
    cases.restrict(case, people=people, by=user)


def propose(cast: Cast, user: User, n: int) -> None:
    case = case_of(cast, n)
    cases.propose_closure(
        case, reason="lost_contact", checklist=[], left_open="x", by=user
    )


def send_back(cast: Cast, user: User, n: int) -> None:
    closure = case_of(cast, n).closures.waiting().first()
    if closure:
        cases.decline_closure(closure, words="more to do", by=user)


def offer(cast: Cast, user: User, n: int) -> None:
    cases.offer_transfer(case_of(cast, n), to=cast.teams[n // 2 % 2], by=user)


def answer_offer(cast: Cast, user: User, n: int) -> None:
    transfer = Transfer.objects.waiting().order_by("pk").first()
    if transfer:
        accept = bool(n % 2)
        reason = "" if accept else "no_capacity"
        cases.answer_transfer(transfer, accept=accept, reason=reason, by=user)


def leave(cast: Cast, user: User, n: int) -> None:
    """A place ends, as the database has it."""
    user.memberships.filter(ended_at=None).update(ended_at=timezone.now())


def read(cast: Cast, user: User, n: int) -> None:
    shown = [entry.notification for entry in unread.list_entries(user)]
    actions.mark_read(shown[n % 3 :], by=user)


STEPS: dict[str, Step] = {
    "send": send,
    "accept": lambda cast, user, n: referrals.accept(one_of(cast, n), by=user),
    "decline": lambda cast, user, n: referrals.decline(
        one_of(cast, n), reason=DeclineReason.NO_CAPACITY, by=user
    ),
    "recall": lambda cast, user, n: referrals.recall(one_of(cast, n), by=user),
    "withdraw": lambda cast, user, n: consents.withdraw(
        one_of(cast, n).agreed, by=user
    ),
    "assign": assign,
    "unassign": unassign,
    "restrict": restrict,
    "lift": lambda cast, user, n: cases.lift_restriction(case_of(cast, n), by=user),
    "propose": propose,
    "send back": send_back,
    "offer": offer,
    "answer offer": answer_offer,
    "leave": leave,
    "read": read,
}


def may_see(notification: Notification, user: User) -> bool:
    """By the rules of the thing itself, asked for the one thing."""
    id = notification.object
    match NotificationTopic(notification.what):
        case NotificationTopic.REFERRAL_RECEIVED | NotificationTopic.REFERRAL_ENDED:
            return answer_referral.permits(user, Referral.objects.get(pk=id))
        case NotificationTopic.REFERRAL_CHANGED:
            return speak_for_sender.permits(user, Referral.objects.get(pk=id))
        case NotificationTopic.REFERRAL_LATE:
            referral = Referral.objects.get(pk=id)
            seen = see_referral.permits(user, referral)
            return seen or watch_referral.permits(user, referral)
        case NotificationTopic.CONSENT_ENDED:
            return work_on_case.permits(user, Consent.objects.get(pk=id).case)
        case NotificationTopic.DESTROY:
            asked = Destruction.objects.get(pk=notification.number)
            return destroy_copies.permits(user, asked)
        case NotificationTopic.ASSIGNED | NotificationTopic.CLOSURE_DECLINED:
            return work_on_case.permits(user, Case.objects.get(pk=id))
        case NotificationTopic.CLOSURE_PROPOSED:
            waits = Closure.objects.waiting().filter(case=id).exists()
            return waits and supervise_case.permits(user, Case.objects.get(pk=id))
        case NotificationTopic.TRANSFER_OFFERED:
            return answer_transfer.permits(user, Transfer.objects.get(pk=id))
        case NotificationTopic.TRANSFER_DECLINED:
            return see_case.permits(user, Transfer.objects.get(pk=id).case)
        case what:
            raise AssertionError(f"{what} has no place in this story")


def is_for(notification: Notification, user: User) -> bool:
    places = Membership.objects.active().filter(user=user)
    if notification.user_id:
        return notification.user_id == user.pk
    return places.filter(team=notification.team_id).exists()


def look_at(user: User) -> None:
    """What stands before this person now, against the rules."""
    entries = unread.list_entries(user)
    for entry in entries:
        assert is_for(entry.notification, user), entry
        assert may_see(entry.notification, user), entry
        assert entry.notification.by_id != user.pk
    counts = badges.count_badges(user)
    new = [entry for entry in entries if not entry.is_read]
    assert counts["notifications"] == len(new)
    mine = answer_referral.among(Referral.objects.to_answer(), user)
    assert counts["inbox"] == mine.count()


type Moment = tuple[str, int, int]
"""What happens, who does it, and to which thing."""

days = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 10), st.integers(0, 11)),
    min_size=4,
    max_size=12,
)


@settings(
    max_examples=each_time(8),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example_of(day=days)
def test_nobody_is_told_of_what_they_cannot_see(cast: Cast, day: list[Moment]) -> None:
    with transaction.atomic():
        cast.referrals.clear()
        send(cast, cast.people[0], 0)
        send(cast, cast.people[3], 3)
        for name, who, n in day:
            with suppress(Refused, PermissionDenied), transaction.atomic():
                STEPS[name](cast, fresh(cast.people[who]), n)
        for person in cast.people:
            look_at(fresh(person))
        transaction.set_rollback(True)


def fresh(user: User) -> User:
    """The same person, whose places are read again; with their keys."""
    found = User.objects.get(pk=user.pk)
    found.keyring = user.keyring
    return found


def test_the_story_has_every_kind_that_it_can_have(cast: Cast) -> None:
    """Else the property would hold for want of anything to see."""
    worker, supervisor = cast.people[0], cast.people[5]
    host = cast.people[6]
    send(cast, worker, 0)
    referrals.accept(one_of(cast, 0), by=host)
    cases.assign(case_of(cast, 0), cast.people[1], by=worker)
    propose(cast, cast.people[3], 1)
    told = {
        entry.notification.what
        for person in (worker, supervisor, host, cast.people[1])
        for entry in unread.list_entries(fresh(person))
    }
    assert told == {
        NotificationTopic.REFERRAL_CHANGED,
        NotificationTopic.CLOSURE_PROPOSED,
        NotificationTopic.REFERRAL_RECEIVED,
        NotificationTopic.ASSIGNED,
    }
