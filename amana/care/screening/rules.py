"""Rules: who may screen, see what was answered, and continue with it."""

from django.db.models import Q

from amana.care.cases.models import Case
from amana.care.cases.rules import TAKERS, filter_by_seen_case, work_on_case
from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import define_rule, find_team_ids

BEFORE_A_CASE = Q(case=None)


@define_rule
def conduct_screening(user: User) -> Q:
    """Match the teams whose key the person holds, so that they can read it again."""
    return Q(pk__in=find_team_ids(user, *KEYHOLDERS))


screen_in_case = work_on_case


@define_rule
def keep_screening(user: User) -> Q:
    """Match what the person screened and has not handed over, still with their team."""
    mine = Q(
        screened_by=user, handed_at=None, team__in=find_team_ids(user, *KEYHOLDERS)
    )
    return BEFORE_A_CASE & mine


@define_rule
def continue_left_screening(user: User) -> Q:
    """Match what colleagues left: a supervisor of the team may continue it."""
    # Without this, a screening would wait until it is destroyed when the colleague who
    # made it is ill or has left.
    led = Q(handed_at=None, team__in=find_team_ids(user, Role.SUPERVISOR))
    return BEFORE_A_CASE & led


@define_rule
def receive_screening(user: User) -> Q:
    """Match what was handed to a team for which the person answers."""
    handed = Q(handed_at__isnull=False, team__in=find_team_ids(user, *TAKERS))
    return BEFORE_A_CASE & handed


hold_screening = keep_screening | continue_left_screening | receive_screening
"""For screenings before there is a case."""


@define_rule
def see_screening_of_case(user: User) -> Q:
    return filter_by_seen_case(user)


@define_rule
def continue_case_screening(user: User) -> Q:
    return Q(case__in=work_on_case.among(Case.objects.all(), user))


@define_rule
def follow_screening(user: User) -> Q:
    """Match what the person screened and handed over: they see what became of it, and
    no word of it any more."""
    return Q(screened_by=user, handed_at__isnull=False)


read_screening = hold_screening | see_screening_of_case
judge_screening = hold_screening | continue_case_screening
see_screening = read_screening | follow_screening
