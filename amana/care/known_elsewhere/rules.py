"""Who may ask whether a person is known elsewhere, follow it, end it, and answer."""

from django.db.models import Q

from amana.care.cases.models import Case
from amana.care.cases.rules import see_case, work_on_case
from amana.care.consent.rules import WITHDRAWERS
from amana.trust.access.models import ANSWERING, Sphere, Team, User
from amana.trust.access.rules import define_rule, find_members_answering, find_team_ids

APART = (Sphere.LAW_ENFORCEMENT, Sphere.BORDER)
"""They never ask and are never asked: whom they look for is no one's to confirm."""


@define_rule
def ask_elsewhere(user: User) -> Q:
    """Allow it for open cases on which one works and answers for the team, and which
    are not kept to named people.
    """
    mine = Case.objects.open().filter(
        team__in=find_team_ids(user, *ANSWERING), restricted=False
    )
    allowed = mine.exclude(team__organisation__sphere__in=APART)
    return Q(pk__in=work_on_case.among(allowed, user).values("pk"))


@define_rule
def be_asked(user: User) -> Q:
    """Allow it for teams: admitted, of a sphere that is not apart, where someone can
    answer, and of another organisation than one's own.
    """
    own = find_team_ids(user)
    admitted = Q(organisation__admitted_at__isnull=False)
    apart = Q(organisation__sphere__in=APART)
    ours = Q(organisation__in=Team.objects.filter(pk__in=own).values("organisation"))
    return Q(pk__in=find_members_answering().values("team")) & admitted & ~apart & ~ours


@define_rule
def follow_question(user: User) -> Q:
    """Allow it to those who see the case for which it was asked."""
    return Q(case__in=see_case.among(Case.objects.all(), user))


@define_rule
def withdraw_question(user: User) -> Q:
    """Allow it, as for a consent, to anyone in the case's team who helps people."""
    return Q(case__team__in=find_team_ids(user, *WITHDRAWERS))


@define_rule
def hear_question(user: User) -> Q:
    """Allow it to those who answer for the team that was asked. What a comparison found
    is shown to those who see the case that was found, and to no one else.
    """
    return Q(asked__in=find_team_ids(user, *ANSWERING))
