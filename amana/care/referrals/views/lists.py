"""Lists of referrals: what reached us, what we sent, what is late."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from amana.care.referrals import calendars, filters, listed, rota
from amana.care.referrals.models import Cover, Referral, ReferralQuerySet
from amana.care.referrals.panels import waiting_on
from amana.care.referrals.rules import (
    answer_in_team,
    answer_referral,
    follow_referral,
    watch_referral,
)
from amana.trust.access.http import Request
from amana.trust.access.kept import Asked, Kept
from amana.trust.access.models import Team, User
from amana.trust.vault import cards
from amana.ui.http import show

INBOX, SENT = "referrals/inbox.html", "referrals/sent.html"
LATE = "referrals/late.html"
BY_END = ("-ended_at", "-pk")

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


def in_team(stage: ReferralQuerySet) -> Kept[Referral]:
    """What reached one team, for those who answer there."""

    def of(user: User, team: Team, now: datetime) -> QuerySet[Referral]:
        received = filters.in_order(stage.filter(recipient=team), now)
        return answer_referral.among(received, user)

    return Kept(
        of, User, Team, datetime, rows=lambda _user, _team, now: filters.rows(now)
    )


def followed(stage: ReferralQuerySet) -> Kept[Referral]:
    def of(user: User, now: datetime) -> QuerySet[Referral]:
        return follow_referral.among(filters.in_order(stage, now), user)

    return Kept(of, User, datetime, rows=lambda _user, now: filters.rows(now))


ANSWERING_TEAMS = Kept(
    lambda user: answer_in_team.among(Team.objects.all(), user), User
)
OF_TEAM = {
    "answer": in_team(Referral.objects.to_answer()),
    "progress": in_team(Referral.objects.in_progress()),
    "reported": in_team(Referral.objects.to_confirm()),
    "ended": in_team(Referral.objects.ended()),
}
OURS = {
    "waiting": followed(Referral.objects.waiting()),
    "mine": followed(Referral.objects.to_confirm()),
    "ended": followed(Referral.objects.ended()),
}


@require_GET
def inbox(request: Request, kind: str = "answer") -> HttpResponse:
    """What reached a team of ours; the most urgent and the latest first.

    One team at a time, so that the database walks its index and sorts nothing else."""
    now = timezone.now()
    teams = ANSWERING_TEAMS.of(request.user).first(50, "name", "pk")
    chosen = chosen_of(teams, request.GET.get("team", ""))
    choice = {"team": str(chosen.pk)} if chosen and len(teams) > 1 else {}
    wanted = filters.RECEIVED[kind].read(
        request,
        filters.Scope(request.user, team=None if kind == "mine" else chosen),
        here=reverse("referrals:inbox", args=[kind]),
        keep=choice,
    )
    found = wanted.page(
        received(request, kind, chosen, now), request, rows=filters.rows(now), now=now
    )
    is_first = kind == "answer" and wanted.is_usual and not found.previous
    others = listed.load_received(request.user) if is_first else []
    context = {
        "referrals": found,
        "rows": listed.in_one_order(found, others, now) if others else found.items,
        "wanted": wanted,
        "kind": kind,
        "kinds": RECEIVED,
        "teams": teams,
        "chosen": chosen,
        "tail": f"?team={chosen.pk}" if chosen and choice else "",
        "on_duty": rota.who_answers(chosen, calendars.today()) if chosen else [],
    }
    return show(request, INBOX, context, part="list")


def chosen_of(teams: list[Team], wanted: str) -> Team | None:
    """The team that is asked for, else the first of them."""
    return next((t for t in teams if str(t.pk) == wanted), teams[0] if teams else None)


def received(
    request: Request, kind: str, team: Team | None, now: datetime
) -> QuerySet[Referral] | Asked[Referral]:
    if kind == "mine":
        in_hand = Referral.objects.in_hand(with_covered(request))
        return answer_referral.among(filters.in_order(in_hand, now), request.user)
    if team is None:
        return Referral.objects.none()
    return OF_TEAM[kind].of(request.user, team, now)


def with_covered(request: Request) -> list[int]:
    """Oneself, and those for whom one stands in today."""
    covered = Cover.objects.on(calendars.today()).filter(covered_by=request.user)
    return [request.user.pk, *covered.values_list("away", flat=True)]


@require_GET
def sent(request: Request, kind: str = "waiting") -> HttpResponse:
    """What we sent, with whom it waits on and since when it is late."""
    now = timezone.now()
    asked = OURS[kind].of(request.user, now)
    wanted = filters.FOLLOWED[kind].read(
        request,
        filters.Scope(request.user, sent=asked.rows()),
        here=reverse("referrals:sent", args=[kind]),
    )
    found = wanted.page(asked, request, rows=filters.rows(now), now=now)
    again = to_choose_again(request) if kind == "mine" and wanted.is_usual else []
    names = names_of([*found, *again], request.user)
    context = {
        "referrals": found,
        "rows": [
            (referral, names.get(referral.case_id, ""), waiting_on(referral))
            for referral in found
        ],
        "again": [(referral, names.get(referral.case_id, "")) for referral in again],
        "wanted": wanted,
        "kind": kind,
        "kinds": FOLLOWED,
        "above": listed.load_parts(listed.SENT, request.user)
        if kind == "waiting" and wanted.is_usual
        else [],
    }
    return show(request, SENT, context, part="list")


def names_of(referrals: Iterable[Referral], user: User) -> dict[UUID, str]:
    """The names on the cards of their cases, opened with one event, as in the list of
    cases. Only the sender reads these lists."""
    cases = {referral.case_id for referral in referrals}
    if not cases:
        return {}
    opened = cards.opened(by=user, cases=Q(case__in=cases), purpose="sent referrals")
    return {case: str(card.get("name") or "") for case, card in opened}


def to_choose_again(request: Request) -> list[Referral]:
    """What came to nothing, latest first."""
    nothing = Referral.objects.to_replace().for_list()
    ours = follow_referral.among(nothing, request.user)
    return list(ours.order_by(*BY_END)[:25])


@require_GET
def late(request: Request) -> HttpResponse:
    """For a coordinator: every clock that ran out, and nothing of any person."""
    return show_watched(request, overdue=True)


@require_GET
def watch(request: Request) -> HttpResponse:
    """For a coordinator: every open referral, with its clock and nothing of a person."""
    return show_watched(request, overdue=False)


def show_watched(request: Request, *, overdue: bool) -> HttpResponse:
    now = timezone.now()
    referrals = Referral.objects.overdue(now) if overdue else Referral.objects.open()
    definition = filters.OVERDUE if overdue else filters.WATCHED
    here = reverse("referrals:late" if overdue else "referrals:watch")
    wanted = definition.read(request, filters.Scope(request.user), here=here)
    watched = watch_referral.among(filters.in_order(referrals, now), request.user)
    found = wanted.page(watched, request, rows=filters.rows_with_told(now), now=now)
    context = {
        "referrals": found,
        "rows": [(referral, waiting_on(referral)) for referral in found],
        "wanted": wanted,
        "overdue": overdue,
    }
    return show(request, LATE, context, part="list")
