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
    build_since_filter,
    find_teams_with_cases,
)
from amana.care.lists.ordering import BAND, RANKED, build_band_order
from amana.care.referrals.models import Referral, ReferralEvent, ReferralStatus
from amana.care.referrals.rules import answer_referral, watch_team
from amana.care.referrals.states import ReferralStage
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceGroup
from amana.trust.access.models import ANSWERING, Membership, Team, User
from amana.trust.access.prepared import PreparedQuery
from amana.trust.access.rules import find_members_answering, find_team_ids
from amana.ui.lists import (
    ListColumn,
    ListDefinition,
    ListFilter,
    ListSort,
    Options,
    offer_codes,
)

NOT_TAKEN = "none"
"""Instead of a colleague's id: a referral that none has taken on."""


@dataclass(frozen=True)
class ReferralFilterScope:
    """What the filters of a list of referrals offer to its reader."""

    colleagues: Sequence[Membership] = ()
    """Places of those who answer in the team; none: it isn't the list of a team."""
    senders: Sequence[Team] = ()
    recipients: Sequence[Team] = ()


def annotate_rank_band(
    referrals: QuerySet[Referral], now: datetime
) -> QuerySet[Referral]:
    """Annotate referrals with the band of each, by which they can be sorted."""
    return referrals.annotate(**{BAND: build_band_order(now)})


def find_list_rows(now: datetime) -> QuerySet[Referral]:
    """Return what a list shows of a referral."""
    return annotate_rank_band(Referral.objects.for_list(), now)


def find_rows_with_notices(now: datetime) -> QuerySet[Referral]:
    """Return what a list shows of a referral, with who was notified that it is late."""
    told = Prefetch("happenings", ReferralEvent.objects.order_by("pk"))
    return find_list_rows(now).prefetch_related(told)


# --- filters


def filter_by_need_group(codes: list[str], _now: datetime) -> Q:
    return Q(need__group=ServiceGroup(codes[0]).value)


def find_colleague_memberships(user: User) -> QuerySet[Membership]:
    """Find the memberships of those who answer in the teams in which a user answers."""
    places = find_members_answering().filter(team__in=find_team_ids(user, *ANSWERING))
    return places.select_related("user").only("team", "user__name")


def find_senders_to_user(user: User) -> QuerySet[Team]:
    """Find the teams that have sent a referral to a team in which a user answers."""
    sent = answer_referral.among(Referral.objects.filter(sender=OuterRef("pk")), user)
    return Team.objects.filter(Exists(sent))


# Prepared once (ADR 22): every page of an inbox asks for both.
COLLEAGUES = PreparedQuery(find_colleague_memberships, User)
SENDERS = PreparedQuery(find_senders_to_user, User)


def list_colleague_options(
    scope: ReferralFilterScope,
) -> Iterator[tuple[str, str | Promise]]:
    names = {place.user_id: place.user.name for place in scope.colleagues}
    if names:
        yield NOT_TAKEN, gettext_lazy("Not taken on yet")
    for pk, name in sorted(names.items(), key=lambda row: (row[1], row[0])):
        yield str(pk), name


def filter_by_handler(codes: list[str], _now: datetime) -> Q:
    if codes[0] == NOT_TAKEN:
        return Q(handler=None)
    return Q(handler=int(codes[0]))


def list_team_options(teams: Sequence[Team]) -> Options:
    return [(str(t.pk), t.name) for t in sorted(teams, key=lambda t: (t.name, t.pk))]


def list_status_options(
    of: Sequence[ReferralStatus],
) -> list[tuple[str, str | Promise]]:
    return [(status.value, status.label) for status in of]


def filter_by_status(codes: list[str], _now: datetime) -> Q:
    return Q(status__in=codes)


def list_statuses_in_stages(*stages: ReferralStage) -> list[ReferralStatus]:
    return [status for status in ReferralStatus if status.stage in stages]


NEED: ListFilter[ReferralFilterScope] = ListFilter(
    "need",
    gettext_lazy("Need"),
    offer_codes(ServiceGroup.choices),
    filter_by_need_group,
)
HANDLER: ListFilter[ReferralFilterScope] = ListFilter(
    "handler", gettext_lazy("Colleague"), list_colleague_options, filter_by_handler
)
SENDER: ListFilter[ReferralFilterScope] = ListFilter(
    "sender",
    gettext_lazy("Sent by"),
    lambda scope: list_team_options(scope.senders),
    lambda codes, _now: Q(sender=int(codes[0])),
)
RECIPIENT: ListFilter[ReferralFilterScope] = ListFilter(
    "recipient",
    gettext_lazy("Sent to"),
    lambda scope: list_team_options(scope.recipients),
    lambda codes, _now: Q(recipient=int(codes[0])),
)
SENT: ListFilter[ReferralFilterScope] = ListFilter(
    "sent", gettext_lazy("Sent"), offer_codes(SINCE), build_since_filter("sent_at")
)
ENDED: ListFilter[ReferralFilterScope] = ListFilter(
    "ended", gettext_lazy("Ended"), offer_codes(SINCE), build_since_filter("ended_at")
)


def build_status_filter(*stages: ReferralStage) -> ListFilter[ReferralFilterScope]:
    return ListFilter(
        "status",
        gettext_lazy("Status"),
        offer_codes(list_status_options(list_statuses_in_stages(*stages))),
        filter_by_status,
    )


# --- the lists

BY_RANK = ListSort(
    "rank",
    gettext_lazy("Urgency and lateness"),
    RANKED,
    gettext_lazy("Most urgent and overdue first."),
)
BY_DEADLINE = ListSort("deadline", gettext_lazy("Deadline"), ("due_at", "pk"))
BY_SENDING = ListSort("sent", gettext_lazy("Newest first"), ("-sent_at", "-pk"))
BY_END = ListSort(
    "ended", gettext_lazy("Most recently ended first"), ("-ended_at", "-pk")
)


def build_columns(
    other: str | Promise, *, ended: bool = False
) -> tuple[ListColumn, ...]:
    return (
        ListColumn(gettext_lazy("Urgency"), None if ended else BY_RANK),
        ListColumn(gettext_lazy("Ended"), BY_END)
        if ended
        else ListColumn(gettext_lazy("Deadline"), BY_DEADLINE),
        ListColumn(gettext_lazy("Need")),
        ListColumn(other),
        ListColumn(gettext_lazy("Status")),
        ListColumn(gettext_lazy("Reference")),
    )


SENT_BY, SENT_TO = gettext_lazy("Sent by"), gettext_lazy("Sent to")
RECEIVED = {
    kind: ListDefinition(
        (URGENCY, DEADLINE, NEED, build_status_filter(*stages), HANDLER, SENDER, SENT),
        build_columns(SENT_BY),
        (BY_SENDING,),
    )
    for kind, stages in {
        "answer": (ReferralStage.ANSWER,),
        "mine": (ReferralStage.ANSWER, ReferralStage.SERVICE),
        "progress": (ReferralStage.SERVICE,),
        "reported": (ReferralStage.WORD,),
    }.items()
} | {
    "ended": ListDefinition(
        (
            URGENCY,
            NEED,
            build_status_filter(ReferralStage.ENDED),
            HANDLER,
            SENDER,
            ENDED,
        ),
        build_columns(SENT_BY, ended=True),
    )
}
FOLLOWED = {
    kind: ListDefinition(
        (URGENCY, DEADLINE, NEED, build_status_filter(*stages), RECIPIENT, SENT),
        build_columns(SENT_TO),
        (BY_SENDING,),
    )
    for kind, stages in {
        "waiting": (ReferralStage.ANSWER, ReferralStage.SERVICE),
        "mine": (ReferralStage.WORD,),
    }.items()
} | {
    "ended": ListDefinition(
        (URGENCY, NEED, build_status_filter(ReferralStage.ENDED), RECIPIENT, ENDED),
        build_columns(SENT_TO, ended=True),
    )
}
STAGES = (
    (ReferralStage.ANSWER.value, gettext_lazy("To answer")),
    (ReferralStage.SERVICE.value, gettext_lazy("In progress")),
    (ReferralStage.WORD.value, gettext_lazy("To confirm")),
)
STAGE: ListFilter[ReferralFilterScope] = ListFilter(
    "stage",
    gettext_lazy("Status"),
    offer_codes(STAGES),
    lambda codes, _now: Q(stage__in=codes),
    several=True,
)
"""Of open referrals, for a coordinator: whose turn it is."""


def find_teams_able_to_send(user: User) -> QuerySet[Team]:
    """Find teams with a colleague who can send: the same who can open a case."""
    return watch_team.among(find_teams_with_cases(), user)


def find_teams_able_to_receive(user: User) -> QuerySet[Team]:
    """Find teams with a colleague who can answer, and those that offer a service
    without having one."""
    places = Membership.objects.filter(team=OuterRef("pk"), role__in=ANSWERING)
    services = Service.objects.filter(team=OuterRef("pk"))
    teams = Team.objects.filter(Exists(places) | Exists(services))
    return watch_team.among(teams, user)


WATCHED_SENDERS = PreparedQuery(find_teams_able_to_send, User)
WATCHED_RECIPIENTS = PreparedQuery(find_teams_able_to_receive, User)
WATCHED_COLUMNS = (
    ListColumn(gettext_lazy("Urgency"), BY_RANK),
    ListColumn(gettext_lazy("Deadline"), BY_DEADLINE),
    ListColumn(gettext_lazy("Need")),
    ListColumn(gettext_lazy("Waiting on")),
    ListColumn(gettext_lazy("Service")),
    ListColumn(gettext_lazy("Notified so far")),
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
