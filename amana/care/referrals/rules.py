"""Who may answer, follow and watch a referral.

A list asks one of these, never an `|` of them; for a single referral they may be
joined (see `see_referral`)."""

from datetime import date

from django.db.models import Exists, Q

from amana.care.cases.models import Assignment, Case
from amana.care.cases.rules import (
    find_cases_worked_on,
    supervise_case,
    work_on_case,
)
from amana.care.referrals import calendars
from amana.care.referrals.models import Cover
from amana.trust.access.models import ANSWERING, KEYHOLDERS, Role, User
from amana.trust.access.rules import (
    define_rule,
    find_members_answering,
    find_memberships,
    find_team_ids,
)


@define_rule
def answer_referral(user: User) -> Q:
    """Permit members of the team that was asked: a team answers, not one person."""
    return Q(recipient__in=find_team_ids(user, *ANSWERING))


@define_rule
def follow_referral(user: User) -> Q:
    """Permit everyone who works on the case, whatever the recipient does."""
    return Q(case__in=find_cases_worked_on(user))


@define_rule
def refer_need(user: User) -> Q:
    """Permit, for needs, those who work on the case."""
    return Q(case__in=work_on_case.among(Case.objects.open(), user))


@define_rule
def cover_for_sender(user: User) -> Q:
    """Permit the cover of a colleague who is away."""
    return filter_covered_referrals(user, calendars.get_today())


def filter_covered_referrals(user: User, day: date) -> Q:
    away = Cover.objects.on(day).filter(covered_by=user)
    theirs = Assignment.objects.lasting().filter(worker__in=away.values("away"))
    return Q(
        sender__in=find_team_ids(user, *KEYHOLDERS),
        # A cover would otherwise be a way into a restricted case for people whom no one
        # named (ADR 11).
        case__in=theirs.filter(case__restricted=False).values("case"),
    )


@define_rule
def supervise_referral(user: User) -> Q:
    """Permit the supervisor of the team that sent it."""
    return Q(case__in=supervise_case.among(Case.objects.all(), user))


@define_rule
def watch_referral(user: User) -> Q:
    """Permit coordinators: they see clocks and statuses, nothing of any person, and of
    a restricted case not even these (as `cases.rules.watch_case`)."""
    return Q(Exists(find_memberships(user, Role.COORDINATOR)), case__restricted=False)


@define_rule
def watch_team(user: User) -> Q:
    """Permit, for teams, coordinators to choose between their referrals."""
    return Q(Exists(find_memberships(user, Role.COORDINATOR)))


@define_rule
def answer_for_outsider(user: User) -> Q:
    """Permit the sender to note what a team without the system answers by telephone."""
    inside = find_members_answering().values("team")
    return ~Q(recipient__in=inside) & follow_referral.where(user)


may_answer = answer_referral | answer_for_outsider
carry_referral = follow_referral | supervise_referral
"""Who takes it to a recipient without the system: it shows what was shared, which a
colleague who covers for a day has no need to know."""
speak_for_sender = follow_referral | cover_for_sender | supervise_referral
see_referral = answer_referral | speak_for_sender

SPEAKS = {"recipient": may_answer, "sender": speak_for_sender}
"""Who may take a step, by its side."""


@define_rule
def answer_in_team(user: User) -> Q:
    """Permit, for teams, those who may open their inbox."""
    return Q(pk__in=find_team_ids(user, *ANSWERING))


@define_rule
def arrange_team(user: User) -> Q:
    """Permit, for teams, supervisors and focal points to set who answers."""
    return Q(pk__in=find_team_ids(user, Role.SUPERVISOR, Role.FOCAL_POINT))


@define_rule
def cover_others(user: User) -> Q:
    """Permit, for teams, a supervisor to name the cover of a colleague."""
    # A cover sees what the colleague sent. A focal point could otherwise name
    # themselves and read it.
    return Q(pk__in=find_team_ids(user, Role.SUPERVISOR))


@define_rule
def see_cover(user: User) -> Q:
    """Permit, for covers, colleagues to know who is away."""
    return Q(team__in=find_team_ids(user, *ANSWERING))
