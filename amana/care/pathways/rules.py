"""Who sees where a case stands, who does a step, who may leave the way agreed.

A step is for a team that plays its role. In the case's own team need-to-know is an
assignment, as ever; another team sees the step, its clock and a reference, and no
sealed word."""

from django.db.models import Exists, OuterRef, Q

from amana.care.cases.models import Case
from amana.care.cases.rules import (
    manage_case,
    see_case,
    supervise_case,
    watch_case,
    work_on_case,
)
from amana.care.pathways.models import OpenTask
from amana.design.pathway.run_events import EventKind
from amana.trust.access.everyones import RowwiseExists
from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import define_rule, find_team_ids, has_role

OFFICES = (Role.COORDINATOR, Role.AUTHORITY)
"""What a step may need that no keyholder is by being one."""

DOERS = frozenset({*KEYHOLDERS, *OFFICES})
"""Those for whom any step can be."""

READERS = (Role.COORDINATOR, Role.ANALYST)
"""Those who see all cases as counts and codes, and none by name."""

EVERYTHING, NOTHING = Q(pk__isnull=False), Q(pk__in=[])


def match_played(user: User) -> Q:
    """Match what has `team` and `needs`: in that team, and what the step needs."""
    works = ~Q(needs__in=OFFICES) & Q(team__in=find_team_ids(user, *KEYHOLDERS))
    for office in OFFICES:
        works |= Q(needs=office, team__in=find_team_ids(user, office))
    return works


def match_seen(user: User) -> Q:
    return Q(case__in=see_case.among(Case.objects.all(), user))


@define_rule
def do_own_step(user: User) -> Q:
    """Allow steps due on one's own case, or one of the team that one supervises."""
    return Q(own=True) & ~Q(needs__in=OFFICES) & match_seen(user)


@define_rule
def do_assigned_step(user: User) -> Q:
    """Allow, of these, the steps due on the cases to which one is assigned."""
    mine = work_on_case.among(Case.objects.all(), user)
    return Q(own=True) & ~Q(needs__in=OFFICES) & Q(case__in=mine)


@define_rule
def do_step_asked(user: User) -> Q:
    """Allow steps due that are asked of a team in which one plays the role. Of a case
    kept to named people (ADR 11): of oneself, by name, as long as one plays it."""
    # A restricted case needs the name: else each colleague of the office would learn by
    # its steps that there is such a case (ADR 11).
    shared = Case.objects.filter(pk=OuterRef("case"), restricted=False)
    return (
        Q(own=False) & match_played(user) & (Q(named=user) | Q(RowwiseExists(shared)))
    )


@define_rule
def do_office_step(user: User) -> Q:
    """Allow an authority's or a coordinator's steps due, where their team's the
    case."""
    return Q(own=True, needs__in=OFFICES) & match_played(user) & match_seen(user)


do_step = do_own_step | do_step_asked | do_office_step


@define_rule
def follow_course(user: User) -> Q:
    """Allow the courses of the cases that one sees."""
    return match_seen(user)


@define_rule
def take_part(user: User) -> Q:
    """Allow courses in which a step is asked of one's team now; once it is done, no
    longer."""
    asked = do_step_asked.among(OpenTask.objects.filter(course=OuterRef("pk")), user)
    return Q(Exists(asked))


@define_rule
def did_step(user: User) -> Q:
    """Allow facts done by one's team for a case of another; a colleague who comes
    second is told so, and sees no more of the case than that."""
    ours = Q(
        team__in=find_team_ids(user, *DOERS),
        kind__in=[EventKind.DONE, EventKind.SKIPPED],
    )
    return ours & Q(course__case__restricted=False)


@define_rule
def watch_course(user: User) -> Q:
    """Allow a coordinator the clocks and statuses of courses, and no sealed word."""
    # From the course to its case: a coordinator watches all of the country.
    case = Case.objects.filter(pk=OuterRef("case"))
    return Q(RowwiseExists(watch_case.among(case, user)))


see_course = follow_course | take_part | watch_course


@define_rule
def run_course(user: User) -> Q:
    return Q(case__in=work_on_case.among(Case.objects.all(), user))


@define_rule
def manage_course(user: User) -> Q:
    """Allow to do a step again, give it to another role or team, name who does an
    office's step of a case kept to named people: who leads or supervises."""
    return Q(case__in=manage_case.among(Case.objects.all(), user))


@define_rule
def override_course(user: User) -> Q:
    """Allow to leave the way that was agreed: who supervises, with a reason."""
    return Q(case__in=supervise_case.among(Case.objects.all(), user))


place_course = override_course | watch_course
"""Say where a case goes on in a new version, or to which role a step goes."""

choose_team = run_course | place_course
"""Say which of several teams does a step."""


@define_rule
def read_all_courses(user: User) -> Q:
    """Allow the counts, steps and clocks of all courses, for who coordinates or
    analyses."""
    kept = Q(case__restricted=False)
    return kept & EVERYTHING if has_role(user, READERS) else NOTHING


bring_case = work_on_case | supervise_case
"""Of cases: bring the way that a case has come before."""
