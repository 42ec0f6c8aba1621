"""Lists of referrals: what reached us, what we sent, what is late."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from amana.care.referrals import calendars, listed, rota
from amana.care.referrals.models import (
    Cover,
    Happening,
    Referral,
    ReferralQuerySet,
)
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
from amana.ui.paging import page

INBOX, SENT = "referrals/inbox.html", "referrals/sent.html"
LATE = "referrals/late.html"
BY_CLOCK = ("due_at", "pk")
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

    def of(user: User, team: Team) -> QuerySet[Referral]:
        return answer_referral.among(stage.for_list().filter(recipient=team), user)

    return Kept(of, User, Team)


def followed(stage: ReferralQuerySet) -> Kept[Referral]:
    return Kept(lambda user: follow_referral.among(stage.for_list(), user), User)


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
    """What reached a team of ours; what is late first.

    One team at a time, so that the database walks its index and sorts nothing."""
    teams = ANSWERING_TEAMS.of(request.user).first(50, "name", "pk")
    chosen = chosen_of(teams, request.GET.get("team", ""))
    found = received(request, kind, chosen)
    context = {
        "referrals": page(found, request, key=BY_END if kind == "ended" else BY_CLOCK),
        "kind": kind,
        "kinds": RECEIVED,
        "teams": teams,
        "chosen": chosen,
        "tail": f"?team={chosen.pk}" if chosen and len(teams) > 1 else "",
        "on_duty": rota.who_answers(chosen, calendars.today()) if chosen else [],
        "above": listed.load_parts(listed.INBOX, request.user)
        if kind == "answer"
        else [],
    }
    return show(request, INBOX, context, part="list")


def chosen_of(teams: list[Team], wanted: str) -> Team | None:
    """The team that is asked for, else the first of them."""
    return next((t for t in teams if str(t.pk) == wanted), teams[0] if teams else None)


def received(
    request: Request, kind: str, team: Team | None
) -> QuerySet[Referral] | Asked[Referral]:
    if kind == "mine":
        in_hand = Referral.objects.in_hand(with_covered(request)).for_list()
        return answer_referral.among(in_hand, request.user)
    if team is None:
        return Referral.objects.none()
    return OF_TEAM[kind].of(request.user, team)


def with_covered(request: Request) -> list[int]:
    """Oneself, and those for whom one stands in today."""
    covered = Cover.objects.on(calendars.today()).filter(covered_by=request.user)
    return [request.user.pk, *covered.values_list("away", flat=True)]


@require_GET
def sent(request: Request, kind: str = "waiting") -> HttpResponse:
    """What we sent, with whom it waits on and since when it is late."""
    asked = OURS[kind].of(request.user)
    found = page(asked, request, key=BY_END if kind == "ended" else BY_CLOCK)
    again = to_choose_again(request) if kind == "mine" else []
    names = names_of([*found, *again], request.user)
    context = {
        "referrals": found,
        "rows": [
            (referral, names.get(referral.case_id, ""), waiting_on(referral))
            for referral in found
        ],
        "again": [(referral, names.get(referral.case_id, "")) for referral in again],
        "kind": kind,
        "kinds": FOLLOWED,
        "above": listed.load_parts(listed.SENT, request.user)
        if kind == "waiting"
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
    told = Prefetch("happenings", Happening.objects.order_by("pk"))
    overdue = Referral.objects.overdue().for_list().prefetch_related(told)
    found = watch_referral.among(overdue, request.user)
    shown = page(found, request, key=BY_CLOCK)
    rows = [(referral, waiting_on(referral)) for referral in shown]
    context = {"referrals": shown, "rows": rows}
    return show(request, LATE, context, part="list")
