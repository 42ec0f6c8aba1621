"""Rules: who may screen, see what was answered, and continue with it."""

from django.db.models import Q

from amana.care.cases.models import Case
from amana.care.cases.rules import TAKERS, cases_seen, work_on_case
from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import rule, teams_of

BEFORE_A_CASE = Q(case=None)


@rule
def screen_in_team(user: User) -> Q:
    """Match the teams whose key the person holds, so that they can read it again."""
    return Q(pk__in=teams_of(user, *KEYHOLDERS))


screen_in_case = work_on_case


@rule
def keep_screening(user: User) -> Q:
    """Match what the person screened and has not handed over, still with their team."""
    mine = Q(screened_by=user, handed_at=None, team__in=teams_of(user, *KEYHOLDERS))
    return BEFORE_A_CASE & mine


@rule
def stand_in_for_screener(user: User) -> Q:
    """Match what colleagues left: a supervisor of the team may continue it."""
    # Without this, a screening would wait until it is destroyed when the colleague who
    # made it is ill or has left.
    led = Q(handed_at=None, team__in=teams_of(user, Role.SUPERVISOR))
    return BEFORE_A_CASE & led


@rule
def receive_screening(user: User) -> Q:
    """Match what was handed to a team for which the person answers."""
    handed = Q(handed_at__isnull=False, team__in=teams_of(user, *TAKERS))
    return BEFORE_A_CASE & handed


hold_screening = keep_screening | stand_in_for_screener | receive_screening
"""For screenings before there is a case."""


@rule
def see_screening_of_case(user: User) -> Q:
    return cases_seen(user)


@rule
def work_on_screening_of_case(user: User) -> Q:
    return Q(case__in=work_on_case.among(Case.objects.all(), user))


@rule
def follow_screening(user: User) -> Q:
    """Match what the person screened and handed over: they see what became of it, and
    no word of it any more."""
    return Q(screened_by=user, handed_at__isnull=False)


read_screening = hold_screening | see_screening_of_case
judge_screening = hold_screening | work_on_screening_of_case
see_screening = read_screening | follow_screening
