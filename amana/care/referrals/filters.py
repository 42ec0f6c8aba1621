"""What lists of referrals can be filtered and sorted by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from amana.care.cases.filters import (
    DEADLINE,
    SINCE,
    URGENCY,
    since,
    teams_with_cases,
)
from amana.care.lists.ordering import BAND, RANKED, in_bands
from amana.care.referrals.models import Happening, Referral, Status
from amana.care.referrals.rules import answer_referral, watch_team
from amana.care.referrals.states import Stage
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceGroup
from amana.trust.access.kept import Kept
from amana.trust.access.models import ANSWERING, Membership, Team, User
from amana.trust.access.rules import members_answering, teams_of
from amana.ui.lists import Column, Filter, ListDefinition, Options, Sort, codes_of

NOT_TAKEN = "none"
"""Instead of a colleague's id: a referral that none has taken on."""


@dataclass(frozen=True)
class Scope:
    """What the filters of a list of referrals offer to its reader."""

    colleagues: Sequence[Membership] = ()
    """Places of those who answer in the team; none: it isn't the list of a team."""
    senders: Sequence[Team] = ()
    recipients: Sequence[Team] = ()


def in_order(referrals: QuerySet[Referral], now: datetime) -> QuerySet[Referral]:
    """Annotate referrals with the band of each, by which they can be sorted."""
    return referrals.annotate(**{BAND: in_bands(now)})


def rows(now: datetime) -> QuerySet[Referral]:
    """Return what a list shows of a referral."""
    return in_order(Referral.objects.for_list(), now)


def rows_with_told(now: datetime) -> QuerySet[Referral]:
    """Return what a list shows of a referral, with who was notified that it is late."""
    told = Prefetch("happenings", Happening.objects.order_by("pk"))
    return rows(now).prefetch_related(told)


# --- filters


def of_group(codes: list[str], _now: datetime) -> Q:
    return Q(need__group=ServiceGroup(codes[0]).value)


def places_of_colleagues(user: User) -> QuerySet[Membership]:
    """Find the memberships of those who answer in the teams in which a user answers."""
    places = members_answering().filter(team__in=teams_of(user, *ANSWERING))
    return places.select_related("user").only("team", "user__name")


def teams_that_sent(user: User) -> QuerySet[Team]:
    """Find the teams that have sent a referral to a team in which a user answers."""
    sent = answer_referral.among(Referral.objects.filter(sender=OuterRef("pk")), user)
    return Team.objects.filter(Exists(sent))


# Prepared once (ADR 22): every page of an inbox asks for both.
COLLEAGUES = Kept(places_of_colleagues, User)
SENDERS = Kept(teams_that_sent, User)


def colleagues(scope: Scope) -> Iterator[tuple[str, str | Promise]]:
    names = {place.user_id: place.user.name for place in scope.colleagues}
    if names:
        yield NOT_TAKEN, gettext_lazy("Not taken on yet")
    for pk, name in sorted(names.items(), key=lambda row: (row[1], row[0])):
        yield str(pk), name


def taken_by(codes: list[str], _now: datetime) -> Q:
    if codes[0] == NOT_TAKEN:
        return Q(handler=None)
    return Q(handler=int(codes[0]))


def named(teams: Sequence[Team]) -> Options:
    return [(str(t.pk), t.name) for t in sorted(teams, key=lambda t: (t.name, t.pk))]


def statuses(of: Sequence[Status]) -> list[tuple[str, str | Promise]]:
    return [(status.value, status.label) for status in of]


def has_status(codes: list[str], _now: datetime) -> Q:
    return Q(status__in=codes)


def in_stages(*stages: Stage) -> list[Status]:
    return [status for status in Status if status.stage in stages]


NEED: Filter[Scope] = Filter(
    "need", gettext_lazy("Need"), codes_of(ServiceGroup.choices), of_group
)
HANDLER: Filter[Scope] = Filter(
    "handler", gettext_lazy("Colleague"), colleagues, taken_by
)
SENDER: Filter[Scope] = Filter(
    "sender",
    gettext_lazy("Sent by"),
    lambda scope: named(scope.senders),
    lambda codes, _now: Q(sender=int(codes[0])),
)
RECIPIENT: Filter[Scope] = Filter(
    "recipient",
    gettext_lazy("Sent to"),
    lambda scope: named(scope.recipients),
    lambda codes, _now: Q(recipient=int(codes[0])),
)
SENT: Filter[Scope] = Filter(
    "sent", gettext_lazy("Sent"), codes_of(SINCE), since("sent_at")
)
ENDED: Filter[Scope] = Filter(
    "ended", gettext_lazy("Ended"), codes_of(SINCE), since("ended_at")
)


def status_of(*stages: Stage) -> Filter[Scope]:
    return Filter(
        "status",
        gettext_lazy("Status"),
        codes_of(statuses(in_stages(*stages))),
        has_status,
    )


# --- the lists

BY_RANK = Sort(
    "rank",
    gettext_lazy("Urgency and lateness"),
    RANKED,
    gettext_lazy("Most urgent and overdue first."),
)
BY_DEADLINE = Sort("deadline", gettext_lazy("Deadline"), ("due_at", "pk"))
BY_SENDING = Sort("sent", gettext_lazy("Newest first"), ("-sent_at", "-pk"))
BY_END = Sort("ended", gettext_lazy("Most recently ended first"), ("-ended_at", "-pk"))


def headings(other: str | Promise, *, ended: bool = False) -> tuple[Column, ...]:
    return (
        Column(gettext_lazy("Urgency"), None if ended else BY_RANK),
        Column(gettext_lazy("Ended"), BY_END)
        if ended
        else Column(gettext_lazy("Deadline"), BY_DEADLINE),
        Column(gettext_lazy("Need")),
        Column(other),
        Column(gettext_lazy("Status")),
        Column(gettext_lazy("Reference")),
    )


SENT_BY, SENT_TO = gettext_lazy("Sent by"), gettext_lazy("Sent to")
RECEIVED = {
    kind: ListDefinition(
        (URGENCY, DEADLINE, NEED, status_of(*stages), HANDLER, SENDER, SENT),
        headings(SENT_BY),
        (BY_SENDING,),
    )
    for kind, stages in {
        "answer": (Stage.ANSWER,),
        "mine": (Stage.ANSWER, Stage.SERVICE),
        "progress": (Stage.SERVICE,),
        "reported": (Stage.WORD,),
    }.items()
} | {
    "ended": ListDefinition(
        (URGENCY, NEED, status_of(Stage.ENDED), HANDLER, SENDER, ENDED),
        headings(SENT_BY, ended=True),
    )
}
FOLLOWED = {
    kind: ListDefinition(
        (URGENCY, DEADLINE, NEED, status_of(*stages), RECIPIENT, SENT),
        headings(SENT_TO),
        (BY_SENDING,),
    )
    for kind, stages in {
        "waiting": (Stage.ANSWER, Stage.SERVICE),
        "mine": (Stage.WORD,),
    }.items()
} | {
    "ended": ListDefinition(
        (URGENCY, NEED, status_of(Stage.ENDED), RECIPIENT, ENDED),
        headings(SENT_TO, ended=True),
    )
}
STAGES = (
    (Stage.ANSWER.value, gettext_lazy("To answer")),
    (Stage.SERVICE.value, gettext_lazy("In progress")),
    (Stage.WORD.value, gettext_lazy("To confirm")),
)
STAGE: Filter[Scope] = Filter(
    "stage",
    gettext_lazy("Status"),
    codes_of(STAGES),
    lambda codes, _now: Q(stage__in=codes),
    several=True,
)
"""Of open referrals, for a coordinator: whose turn it is."""


def teams_that_send(user: User) -> QuerySet[Team]:
    """Find teams with a colleague who can send: the same who can open a case."""
    return watch_team.among(teams_with_cases(), user)


def teams_that_receive(user: User) -> QuerySet[Team]:
    """Find teams with a colleague who can answer, and those that offer a service
    without having one."""
    places = Membership.objects.filter(team=OuterRef("pk"), role__in=ANSWERING)
    services = Service.objects.filter(team=OuterRef("pk"))
    teams = Team.objects.filter(Exists(places) | Exists(services))
    return watch_team.among(teams, user)


WATCHED_SENDERS = Kept(teams_that_send, User)
WATCHED_RECIPIENTS = Kept(teams_that_receive, User)
WATCHED_COLUMNS = (
    Column(gettext_lazy("Urgency"), BY_RANK),
    Column(gettext_lazy("Deadline"), BY_DEADLINE),
    Column(gettext_lazy("Need")),
    Column(gettext_lazy("Waiting on")),
    Column(gettext_lazy("Service")),
    Column(gettext_lazy("Notified so far")),
)
OVERDUE = ListDefinition(
    (URGENCY, NEED, STAGE, SENDER, RECIPIENT), WATCHED_COLUMNS, usual=BY_DEADLINE
)
"""A country's referrals stand in the index by their deadline, as `cases.WATCHED`."""
WATCHED = ListDefinition(
    (URGENCY, DEADLINE, NEED, STAGE, SENDER, RECIPIENT),
    WATCHED_COLUMNS,
    usual=BY_DEADLINE,
)
