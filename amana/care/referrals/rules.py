"""Who may answer, follow and watch a referral.

A list asks one of these, never an `|` of them; for a single referral they may be
joined (see `see_referral`)."""

from datetime import date

from django.db.models import Exists, Q

from amana.care.cases.models import Assignment, Case
from amana.care.cases.rules import (
    cases_worked_on,
    supervise_case,
    work_on_case,
)
from amana.care.referrals import calendars
from amana.care.referrals.models import Cover
from amana.trust.access.models import ANSWERING, KEYHOLDERS, Role, User
from amana.trust.access.rules import held_by, members_answering, rule, teams_of


@rule
def answer_referral(user: User) -> Q:
    """Members of the team that was asked: a team answers, not one person."""
    return Q(recipient__in=teams_of(user, *ANSWERING))


@rule
def follow_referral(user: User) -> Q:
    """Whoever works on the case sees how it stands, whatever the recipient does."""
    return Q(case__in=cases_worked_on(user))


@rule
def refer_need(user: User) -> Q:
    """For needs: of a case on which one works."""
    return Q(case__in=work_on_case.among(Case.objects.open(), user))


@rule
def stand_in_for_sender(user: User) -> Q:
    """While a colleague is away, whoever covers for them."""
    return standing_in(user, calendars.today())


def standing_in(user: User, day: date) -> Q:
    away = Cover.objects.on(day).filter(covered_by=user)
    theirs = Assignment.objects.lasting().filter(worker__in=away.values("away"))
    return Q(
        sender__in=teams_of(user, *KEYHOLDERS),
        case__in=theirs.filter(case__restricted=False).values("case"),
    )


@rule
def supervise_referral(user: User) -> Q:
    """The supervisor of the team that sent it."""
    return Q(case__in=supervise_case.among(Case.objects.all(), user))


@rule
def watch_referral(user: User) -> Q:
    """A coordinator sees clocks and statuses, nothing of any person, and of a
    restricted case not even these (as `cases.rules.watch_case`)."""
    return Q(Exists(held_by(user, Role.COORDINATOR)), case__restricted=False)


@rule
def watch_team(user: User) -> Q:
    """For teams: between whose referrals a coordinator chooses."""
    return Q(Exists(held_by(user, Role.COORDINATOR)))


@rule
def answer_for_outsider(user: User) -> Q:
    """A team without the system answers by telephone: the sender writes it down."""
    inside = members_answering().values("team")
    return ~Q(recipient__in=inside) & follow_referral.where(user)


may_answer = answer_referral | answer_for_outsider
carry_referral = follow_referral | supervise_referral
"""Who takes it to a recipient without the system: it shows what was shared, which
whoever stands in for a day has no need to know."""
speak_for_sender = follow_referral | stand_in_for_sender | supervise_referral
see_referral = answer_referral | speak_for_sender

SPEAKS = {"recipient": may_answer, "sender": speak_for_sender}
"""Who may take a step, by its side."""


@rule
def answer_in_team(user: User) -> Q:
    """For teams: those whose inbox one opens."""
    return Q(pk__in=teams_of(user, *ANSWERING))


@rule
def arrange_team(user: User) -> Q:
    """For teams: supervisors and focal points say who answers."""
    return Q(pk__in=teams_of(user, Role.SUPERVISOR, Role.FOCAL_POINT))


@rule
def cover_others(user: User) -> Q:
    """For teams: a supervisor says who stands in for a colleague. To stand in is to
    see what the colleague sent: nobody else gives that away, least of all to
    themselves."""
    return Q(pk__in=teams_of(user, Role.SUPERVISOR))


@rule
def see_cover(user: User) -> Q:
    """For covers: colleagues know who is away."""
    return Q(team__in=teams_of(user, *ANSWERING))
