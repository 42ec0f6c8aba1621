"""Two keyholders of each team and of each case: never fewer unless two people approve.

Checked when keys have been taken away, in the transaction that takes them: of two
removals at once, the second finds that it would go below the floor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import ADMINISTRATORS, KEYHOLDERS, Membership, Team, User
from amana.trust.vault.models import CompartmentKey, CompartmentWrap, TeamKey, TeamWrap

FEWEST_KEYHOLDERS = 2


class BelowFloor(Refused):
    """Fewer than two would be left who hold a key."""


@dataclass(frozen=True)
class Shortfall:
    """Where fewer than two keyholders are left, or would be."""

    teams: tuple[Team, ...] = ()
    cases: int = 0
    lost: int = 0
    """Of these teams and cases, how many no one at all could open any more."""
    administering: bool = False
    """Whether fewer than two people stay who administer."""

    def __bool__(self) -> bool:
        return bool(self.teams or self.cases or self.administering)

    @property
    def sentences(self) -> list[str]:
        said = [
            _("Only one colleague, or none, will hold the key of %(team)s.")
            % {"team": team.name}
            for team in self.teams
        ]
        if self.cases:
            said.append(
                ngettext(
                    "%(count)d case will be open to fewer than two people.",
                    "%(count)d cases will be open to fewer than two people.",
                    self.cases,
                )
                % {"count": self.cases}
            )
        if self.administering:
            said.append(
                _(
                    "Fewer than two administrators or coordinators who can give "
                    "others access will remain."
                )
            )
        if self.lost:
            said.append(
                _(
                    "Once this is final, what no other colleague can open can never "
                    "be read again. Give a colleague access first."
                )
            )
        return said


def foresee(user: User, places: Iterable[Membership], *, everything: bool) -> Shortfall:
    """Foresee what would be short without these places of the person; `everything`: and
    without what they hold in person.
    """
    roles = {(place.team_id, place.role) for place in places}
    held = TeamKey.objects.filter(
        team__in={team for team, role in roles if role in KEYHOLDERS}, retired_at=None
    ).filter(wraps__person_key__user=user)
    mine = CompartmentWrap.objects.filter(person_key__user=user)
    keys = mine.values_list("key", flat=True) if everything else []
    return _short(
        held.values_list("pk", flat=True),
        keys,
        {role for _team, role in roles},
        without=user,
    )


def find_shortfall(
    places: Iterable[Membership],
    team_wraps: Iterable[TeamWrap],
    wraps: Iterable[CompartmentWrap],
    *,
    without: User,
) -> Shortfall:
    """Find what is short now that these are gone."""
    current = TeamKey.objects.filter(
        pk__in=[wrap.team_key_id for wrap in team_wraps], retired_at=None
    )
    return _short(
        current.values_list("pk", flat=True),
        [wrap.key_id for wrap in wraps],
        {place.role for place in places if place.confirmed_at},
        without=without,
    )


def _short(
    team_keys: Iterable[int],
    keys: Iterable[UUID],
    roles: Iterable[str],
    *,
    without: User,
) -> Shortfall:
    few, lost = [], 0
    # Counted after the rows are deleted, under the team's locks: of two removals at
    # once only one can pass (ADR 53).
    for key in TeamKey.objects.filter(pk__in=list(team_keys)).select_related("team"):
        others = count_keyholders(key, without=without)
        if others < FEWEST_KEYHOLDERS:
            few.append(key.team)
            lost += others == 0
    cases: dict[UUID, int] = {}
    for case, teams, people in _holders_of(list(keys), without):
        # A key that a team holds is as safe as the team, which was counted before.
        if not teams and people < FEWEST_KEYHOLDERS:
            cases[case] = min(people, cases.get(case, people))
    lost += sum(people == 0 for people in cases.values())
    administered = not ADMINISTRATORS.isdisjoint(roles)
    return Shortfall(
        tuple(few),
        len(cases),
        lost,
        administered and access.count_lifting(without=[without]) < access.FEWEST,
    )


def count_keyholders(key: TeamKey, *, without: User) -> int:
    """Count how many other people can open a team's key today."""
    members = Membership.objects.holding(KEYHOLDERS).filter(team=key.team_id)
    wraps = key.wraps.filter(
        person_key__user__in=members.values("user"), person_key__user__is_active=True
    )
    return wraps.exclude(person_key__user=without).count()


def _holders_of(keys: list[UUID], without: User) -> Iterable[tuple[UUID, int, int]]:
    """Find, for each compartment key, its case, and how many teams and others hold
    it.
    """
    others = Q(wraps__person_key__user__is_active=True)
    others &= ~Q(wraps__person_key__user=without)
    return (
        CompartmentKey.objects.filter(pk__in=keys)
        .annotate(
            teams=Count("wraps__team_key", distinct=True),
            people=Count("wraps__person_key", filter=others, distinct=True),
        )
        .values_list("case", "teams", "people")
    )
