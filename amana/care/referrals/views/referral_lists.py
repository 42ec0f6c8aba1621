"""Lists of referrals: what reached us, what we sent, what is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from amana.care.lists import saved
from amana.care.lists.models import SavedView
from amana.care.pending import decision_rows
from amana.care.pending.models import PendingDecision
from amana.care.referrals import calendars, filters, list_sections, rota
from amana.care.referrals.models import Cover, Referral, ReferralQuerySet
from amana.care.referrals.rules import (
    answer_in_team,
    answer_referral,
    follow_referral,
    watch_referral,
)
from amana.care.referrals.sections import format_waiting_on
from amana.trust.access.http import Request
from amana.trust.access.models import Membership, Team, User
from amana.trust.access.prepared import PreparedQuery, ask_together
from amana.trust.vault import cards
from amana.ui import paging
from amana.ui.http import show
from amana.ui.lists import ListRequest, asks_for_some
from amana.ui.paging import PreparedRows

INBOX, SENT = "referrals/inbox.html", "referrals/sent.html"
LATE = "referrals/late.html"
BY_END = ("-ended_at", "-pk")
TO_ASSIGN = ("answer", "mine", "progress")
"""In which parts of an inbox a team still has to do something."""

ASSIGNING = [("assign", gettext_lazy("Assign"))]
PRINTING = ("print", gettext_lazy("Print sheets"))
"""What can be done with several referrals at once."""

MOST_TEAMS, MOST_COLLEAGUES, MOST_OFFERED = 50, 500, 500

RECEIVED = {
    "answer": gettext_lazy("To answer"),
    "mine": gettext_lazy("Mine"),
    "progress": gettext_lazy("In progress"),
    "reported": gettext_lazy("Reported"),
    "ended": gettext_lazy("Ended"),
}
FOLLOWED = {
    "waiting": gettext_lazy("Waiting on others"),
    "mine": gettext_lazy("Your tasks"),
    "ended": gettext_lazy("Ended"),
}


def build_received_query(stage: ReferralQuerySet) -> PreparedQuery[Referral]:
    """Build the query for what reached one team, for those who answer there."""

    def of(user: User, team: Team, now: datetime) -> QuerySet[Referral]:
        received = filters.annotate_rank_band(stage.filter(recipient=team), now)
        return answer_referral.among(received, user)

    return PreparedQuery(
        of,
        User,
        Team,
        datetime,
        rows=lambda _user, _team, now: filters.find_list_rows(now),
    )


def build_followed_query(stage: ReferralQuerySet) -> PreparedQuery[Referral]:
    def of(user: User, now: datetime) -> QuerySet[Referral]:
        return follow_referral.among(filters.annotate_rank_band(stage, now), user)

    return PreparedQuery(
        of, User, datetime, rows=lambda _user, now: filters.find_list_rows(now)
    )


def build_recipients_query(stage: ReferralQuerySet) -> PreparedQuery[Team]:
    """Build the query for the teams to which the referrals went that a user follows."""

    def of(user: User) -> QuerySet[Team]:
        followed_ones = follow_referral.among(stage, user).values("recipient")
        return Team.objects.filter(pk__in=followed_ones)

    return PreparedQuery(of, User)


ANSWERING_TEAMS = PreparedQuery(
    lambda user: answer_in_team.among(Team.objects.all(), user), User
)
OF_TEAM = {
    "answer": build_received_query(Referral.objects.to_answer()),
    "progress": build_received_query(Referral.objects.in_progress()),
    "reported": build_received_query(Referral.objects.to_confirm()),
    "ended": build_received_query(Referral.objects.ended()),
}
SENT_STAGES = {
    "waiting": Referral.objects.waiting(),
    "mine": Referral.objects.to_confirm(),
    "ended": Referral.objects.ended(),
}
OURS = {kind: build_followed_query(stage) for kind, stage in SENT_STAGES.items()}
RECIPIENTS = {
    kind: build_recipients_query(stage) for kind, stage in SENT_STAGES.items()
}


@dataclass(frozen=True)
class InboxPage:
    """What the inbox of a user is made of, besides its referrals."""

    teams: list[Team]
    views: list[SavedView]
    places: list[Membership]
    """Of those who answer in these teams."""
    senders: list[Team]
    decisions: list[PendingDecision]
    """Their own, which wait."""


def load_desk(user: User) -> InboxPage:
    """Load it in one query."""
    teams, views, places, senders, decisions = ask_together(
        [
            (ANSWERING_TEAMS.of(user), MOST_TEAMS),
            (saved.VIEWS.of(user, "inbox"), saved.SHOWN),
            (filters.COLLEAGUES.of(user), MOST_COLLEAGUES),
            (filters.SENDERS.of(user), MOST_OFFERED),
            (decision_rows.find_waiting.of(user), decision_rows.MOST_WAITING),
        ]
    )
    in_order = sorted(teams, key=lambda team: (team.name, team.pk))
    return InboxPage(in_order, views, places, senders, decisions)


def read_inbox(user: User, kind: str, asked: QueryDict) -> ListRequest | None:
    desk = load_desk(user)
    return (
        read_inbox_filters(desk, kind, asked)
        if kind in RECEIVED and desk.teams
        else None
    )


def read_inbox_filters(desk: InboxPage, kind: str, asked: QueryDict) -> ListRequest:
    """Read what of the inbox, of which of these teams, is asked for."""
    chosen = choose_team(desk.teams, asked.get("team", ""))
    ours = {chosen.pk} if chosen and kind != "mine" else set()
    places = [place for place in desk.places if place.team_id in ours]
    return filters.RECEIVED[kind].read(
        asked,
        filters.ReferralFilterScope(colleagues=places, senders=desk.senders),
        here=reverse("referrals:inbox", args=[kind]),
        keep={"team": str(chosen.pk)} if chosen and len(desk.teams) > 1 else {},
    )


@require_GET
def inbox(request: Request, kind: str = "") -> HttpResponse:
    """Show what reached one of the user's teams, the most urgent and the latest
    first."""
    desk = load_desk(request.user)
    views = saved.open_views(desk.views, request.user)
    if not kind and (begin := saved.get_default_address(request, views)):
        return redirect(begin)
    now, kind, teams = timezone.now(), kind or "answer", desk.teams
    # One team at a time, so that the database walks its index and sorts nothing else.
    chosen = choose_team(teams, request.GET.get("team", ""))
    wanted = read_inbox_filters(desk, kind, request.GET)
    found = wanted.page(
        received(request, kind, chosen, now),
        request,
        rows=lambda: filters.find_list_rows(now),
        now=now,
    )
    # Rows of other rooms have no place in filters or later pages of referrals.
    is_first = kind == "answer" and wanted.is_usual and not found.previous
    others = list_sections.load_received(request.user) if is_first else []
    context = {
        "referrals": found,
        "rows": list_sections.sort_received_rows(found, others, now)
        if others
        else found.items,
        "wanted": wanted,
        "waits": decision_rows.map_things(desk.decisions),
        "views": saved.build_views(request.user, views, "inbox", kind, wanted),
        "doing": [*(ASSIGNING if kind in TO_ASSIGN else []), PRINTING],
        "kind": kind,
        "kinds": RECEIVED,
        "teams": teams,
        "chosen": chosen,
        "tail": f"?team={chosen.pk}" if chosen and len(teams) > 1 else "",
        "on_duty": rota.list_people_answering(chosen, calendars.get_today())
        if chosen
        else [],
    }
    return show(request, INBOX, context, part="list")


def choose_team(teams: list[Team], wanted: str) -> Team | None:
    """Choose the team that is asked for, else the first of them."""
    return next((t for t in teams if str(t.pk) == wanted), teams[0] if teams else None)


def received(
    request: Request, kind: str, team: Team | None, now: datetime
) -> QuerySet[Referral] | PreparedRows[Referral]:
    if kind == "mine":
        in_hand = Referral.objects.in_hand(with_covered(request))
        return answer_referral.among(
            filters.annotate_rank_band(in_hand, now), request.user
        )
    if team is None:
        return filters.annotate_rank_band(Referral.objects.none(), now)
    return OF_TEAM[kind].of(request.user, team, now)


def with_covered(request: Request) -> list[int]:
    """List the user, and those whom the user covers today."""
    covered = Cover.objects.on(calendars.get_today()).filter(covered_by=request.user)
    return [request.user.pk, *covered.values_list("away", flat=True)]


def read_sent(user: User, kind: str, asked: QueryDict) -> ListRequest | None:
    if kind not in FOLLOWED:
        return None
    return read_followed(kind, RECIPIENTS[kind].of(user).all(), asked)


def read_followed(kind: str, recipients: list[Team], asked: QueryDict) -> ListRequest:
    return filters.FOLLOWED[kind].read(
        asked,
        filters.ReferralFilterScope(recipients=recipients),
        here=reverse("referrals:sent", args=[kind]),
    )


@require_GET
def sent(request: Request, kind: str = "") -> HttpResponse:
    """Show what the user's teams sent, with whom it waits on and since when it is
    late."""
    now, part = timezone.now(), kind or "waiting"
    usual = filters.FOLLOWED[part].sorts[0].key
    asked: PreparedRows[Referral] = OURS[part].of(request.user, now)
    beside = OURS[part].of(request.user, now).ordered(*usual)
    saved_views, recipients, decisions, *first = ask_together(
        [
            (saved.VIEWS.of(request.user, "sent"), saved.SHOWN),
            (RECIPIENTS[part].of(request.user), MOST_OFFERED),
            (decision_rows.find_waiting.of(request.user), decision_rows.MOST_WAITING),
            # An address without filters is the usual one: its first page comes with the
            # same query (ADR 47).
            *([] if asks_for_some(request) else [(beside, paging.SIZE + 1)]),
        ]
    )
    views = saved.open_views(saved_views, request.user)
    if not kind and (begin := saved.get_default_address(request, views)):
        return redirect(begin)
    kind, wanted = part, read_followed(part, recipients, request.GET)
    if first and wanted.is_usual:
        asked = paging.KnownRows(first[0], asked)
    found = wanted.page(
        asked, request, rows=lambda: filters.find_list_rows(now), now=now
    )
    again = to_choose_again(request) if kind == "mine" and wanted.is_usual else []
    names = map_case_names([*found, *again], request.user)
    context = {
        "referrals": found,
        "rows": [
            (referral, names.get(referral.case_id, ""), format_waiting_on(referral))
            for referral in found
        ],
        "again": [(referral, names.get(referral.case_id, "")) for referral in again],
        "wanted": wanted,
        "waits": decision_rows.map_things(decisions),
        "doing": [PRINTING],
        "views": saved.build_views(request.user, views, "sent", kind, wanted),
        "kind": kind,
        "kinds": FOLLOWED,
        "above": list_sections.load_parts(list_sections.SENT, request.user)
        if kind == "waiting" and wanted.is_usual
        else [],
    }
    return show(request, SENT, context, part="list")


def map_case_names(referrals: Iterable[Referral], user: User) -> dict[UUID, str]:
    """Map cases to the names on their cards, opened with one event, as in the list of
    cases. Only the sender reads these lists."""
    cases = {referral.case_id for referral in referrals}
    if not cases:
        return {}
    opened = cards.open_cards(
        by=user, cases=Q(case__in=cases), purpose="sent referrals"
    )
    return {case: str(card.get("name") or "") for case, card in opened}


def to_choose_again(request: Request) -> list[Referral]:
    """Find the referrals that failed and were not replaced, the latest first."""
    nothing = Referral.objects.to_replace().for_list()
    ours = follow_referral.among(nothing, request.user)
    return list(ours.order_by(*BY_END)[:25])


@require_GET
def late(request: Request) -> HttpResponse:
    """Show a coordinator every overdue referral, and nothing of any person."""
    return show_watched(request, overdue=True)


@require_GET
def watch(request: Request) -> HttpResponse:
    """Show a coordinator every open referral, and nothing of any person."""
    return show_watched(request, overdue=False)


def show_watched(request: Request, *, overdue: bool) -> HttpResponse:
    now = timezone.now()
    referrals = Referral.objects.overdue(now) if overdue else Referral.objects.open()
    definition = filters.OVERDUE if overdue else filters.WATCHED
    here = reverse("referrals:late" if overdue else "referrals:watch")
    senders, recipients = ask_together(
        [
            (filters.WATCHED_SENDERS.of(request.user), MOST_OFFERED),
            (filters.WATCHED_RECIPIENTS.of(request.user), MOST_OFFERED),
        ]
    )
    scope = filters.ReferralFilterScope(senders=senders, recipients=recipients)
    wanted = definition.read(request.GET, scope, here=here)
    watched = watch_referral.among(
        filters.annotate_rank_band(referrals, now), request.user
    )
    found = wanted.page(
        watched, request, rows=lambda: filters.find_rows_with_notices(now), now=now
    )
    context = {
        "referrals": found,
        "rows": [(referral, format_waiting_on(referral)) for referral in found],
        "wanted": wanted,
        "overdue": overdue,
    }
    return show(request, LATE, context, part="list")


saved.LISTS["inbox"] = saved.SavableList(
    gettext_lazy("Inbox"),
    lambda kind: reverse("referrals:inbox", args=[kind]),
    read_inbox,
)
saved.LISTS["sent"] = saved.SavableList(
    gettext_lazy("Sent referrals"),
    lambda kind: reverse("referrals:sent", args=[kind]),
    read_sent,
)
