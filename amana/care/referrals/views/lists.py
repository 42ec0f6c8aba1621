"""Lists of referrals: what reached us, what we sent, what is late."""

from collections.abc import Iterable
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
from amana.ui.lists import Wanted

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


def read_inbox(user: User, kind: str, asked: QueryDict) -> Wanted | None:
    teams = ANSWERING_TEAMS.of(user).first(50, "name", "pk")
    if kind not in RECEIVED or not teams:
        return None
    return read_of(teams, user, kind, asked)


def read_of(teams: list[Team], user: User, kind: str, asked: QueryDict) -> Wanted:
    """What of the inbox of which of these teams is asked for."""
    chosen = chosen_of(teams, asked.get("team", ""))
    return filters.RECEIVED[kind].read(
        asked,
        filters.Scope(user, team=None if kind == "mine" else chosen),
        here=reverse("referrals:inbox", args=[kind]),
        keep={"team": str(chosen.pk)} if chosen and len(teams) > 1 else {},
    )


@require_GET
def inbox(request: Request, kind: str = "") -> HttpResponse:
    """What reached a team of ours; the most urgent and the latest first.

    One team at a time, so that the database walks its index and sorts nothing else."""
    views = saved.views_of(request.user, "inbox")
    if not kind and (begin := saved.where_to_begin(request, views)):
        return redirect(begin)
    now, kind = timezone.now(), kind or "answer"
    teams = ANSWERING_TEAMS.of(request.user).first(50, "name", "pk")
    chosen = chosen_of(teams, request.GET.get("team", ""))
    wanted = read_of(teams, request.user, kind, request.GET)
    found = wanted.page(
        received(request, kind, chosen, now), request, rows=filters.rows(now), now=now
    )
    is_first = kind == "answer" and wanted.is_usual and not found.previous
    others = listed.load_received(request.user) if is_first else []
    context = {
        "referrals": found,
        "rows": listed.in_one_order(found, others, now) if others else found.items,
        "wanted": wanted,
        "views": saved.beside(request.user, views, "inbox", kind, wanted),
        "kind": kind,
        "kinds": RECEIVED,
        "teams": teams,
        "chosen": chosen,
        "tail": f"?team={chosen.pk}" if chosen and len(teams) > 1 else "",
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


def read_sent(user: User, kind: str, asked: QueryDict) -> Wanted | None:
    if kind not in FOLLOWED:
        return None
    ours = OURS[kind].of(user, timezone.now())
    return filters.FOLLOWED[kind].read(
        asked,
        filters.Scope(user, sent=ours.rows()),
        here=reverse("referrals:sent", args=[kind]),
    )


@require_GET
def sent(request: Request, kind: str = "") -> HttpResponse:
    """What we sent, with whom it waits on and since when it is late."""
    views = saved.views_of(request.user, "sent")
    if not kind and (begin := saved.where_to_begin(request, views)):
        return redirect(begin)
    now, kind = timezone.now(), kind or "waiting"
    asked = OURS[kind].of(request.user, now)
    wanted = read_sent(request.user, kind, request.GET)
    assert wanted is not None
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
        "views": saved.beside(request.user, views, "sent", kind, wanted),
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
    """For a coordinator: every open referral, and nothing of any person."""
    return show_watched(request, overdue=False)


def show_watched(request: Request, *, overdue: bool) -> HttpResponse:
    now = timezone.now()
    referrals = Referral.objects.overdue(now) if overdue else Referral.objects.open()
    definition = filters.OVERDUE if overdue else filters.WATCHED
    here = reverse("referrals:late" if overdue else "referrals:watch")
    wanted = definition.read(request.GET, filters.Scope(request.user), here=here)
    watched = watch_referral.among(filters.in_order(referrals, now), request.user)
    found = wanted.page(watched, request, rows=filters.rows_with_told(now), now=now)
    context = {
        "referrals": found,
        "rows": [(referral, waiting_on(referral)) for referral in found],
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
