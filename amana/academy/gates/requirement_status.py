"""Who has the certificate that their role asks for, and who acts without; not stored.

Without a certificate in force a person can't be given the role. A person who already
has the role keeps acting in it for a while (`GRACE`), in which a coordinator decides.
After that a colleague who has the certificate acts instead; where there is none, the
person keeps acting, so that no case stops, and the coordinator sees it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from amana.academy.credentials.models import Achievement, Certificate
from amana.academy.gates.models import GRACE, Requirement, RequirementException
from amana.design.mechanism.models import RolePlayer
from amana.trust.access.gates import RoleCandidate
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User


class RequirementState(StrEnum):
    HELD = "held"
    ENDING = "ending"
    ALLOWED = "allowed"
    GRACE = "grace"
    LACKS = "lacks"
    STOPPED = "stopped"


OPEN = frozenset(
    {
        RequirementState.HELD,
        RequirementState.ENDING,
        RequirementState.ALLOWED,
        RequirementState.GRACE,
    }
)
TO_GIVE = frozenset(
    {RequirementState.HELD, RequirementState.ENDING, RequirementState.ALLOWED}
)
"""In one of these states a person can be given the role."""


@dataclass(frozen=True)
class RequirementStatus:
    """One person, one place, one certificate that it asks for."""

    membership: Membership
    requirement: Requirement
    kind: RequirementState
    until: datetime | None = None

    @property
    def in_role(self) -> bool:
        """By the mechanism's file; others in the team may act instead."""
        return self.membership.role == self.requirement.role

    @property
    def holds(self) -> bool:
        return self.kind in (RequirementState.HELD, RequirementState.ENDING)

    @property
    def to_decide(self) -> bool:
        """Who coordinates has to decide."""
        return self.in_role and self.kind in (
            RequirementState.GRACE,
            RequirementState.LACKS,
        )


def find_requirements(team: Team, **which: object) -> QuerySet[Requirement]:
    """Find what the roles that a team plays ask for."""
    plays = RolePlayer.objects.filter(
        team=team, mechanism=OuterRef("mechanism"), role=OuterRef("part")
    )
    return Requirement.objects.filter(Exists(plays), **which).order_by("pk")


def iterate_standings(
    memberships: Collection[Membership], requirements: Collection[Requirement]
) -> Iterator[RequirementStatus]:
    """Yield the standing of each of these places with each of these requirements, at
    once."""
    if not memberships or not requirements:
        return
    people = {membership.user_id for membership in memberships}
    codes = {requirement.certificate for requirement in requirements}
    held = map_certificates(people, codes)
    decided = map_decisions(people, codes)
    now = timezone.now()
    for membership in memberships:
        for requirement in requirements:
            key = (membership.user_id, requirement.certificate)
            yield compute_standing(
                membership,
                requirement,
                held.get(key),
                decided.get((*key, membership.team_id)),
                now,
            )


def compute_standing(
    membership: Membership,
    requirement: Requirement,
    certificate: Certificate | None,
    decision: RequirementException | None,
    now: datetime,
) -> RequirementStatus:
    def stands(
        kind: RequirementState, until: datetime | None = None
    ) -> RequirementStatus:
        return RequirementStatus(membership, requirement, kind, until)

    if certificate and certificate.is_in_force(now):
        ending = certificate.is_ending_soon()
        return stands(
            RequirementState.ENDING if ending else RequirementState.HELD,
            certificate.valid_until,
        )
    if decision and decision.until and decision.until > now:
        return stands(RequirementState.ALLOWED, decision.until)
    if decision and decision.until is None:
        return stands(RequirementState.STOPPED)
    grace = compute_grace(membership, requirement, certificate)
    if grace and grace > now and decision is None:
        return stands(RequirementState.GRACE, grace)
    return stands(RequirementState.LACKS)


def compute_grace(
    membership: Membership, requirement: Requirement, certificate: Certificate | None
) -> datetime | None:
    """Compute until when a person continues without a decision. None when the
    certificate was revoked, or when they came when it was asked for already."""
    if certificate and certificate.revoked_at:
        return None
    ended = certificate.valid_until if certificate else None
    began = membership.confirmed_at
    before = requirement.since if began and began <= requirement.since else None
    found = [at + GRACE for at in (ended, before) if at]
    return max(found, default=None)


def map_certificates(
    people: Collection[int], codes: Collection[str]
) -> dict[tuple[int, str], Certificate]:
    found = Certificate.objects.for_list().filter(
        # What a distrusted key has signed may be forged, so it opens no gate.
        learner__in=people,
        achievement__code__in=codes,
        key__distrusted_at=None,
    )
    return {
        (certificate.learner_id, certificate.achievement.code): certificate
        # The last one wins in the dict: a revoked certificate that was issued later
        # counts.
        for certificate in found.order_by("issued_at", "pk")
    }


def map_decisions(
    people: Collection[int], codes: Collection[str]
) -> dict[tuple[int, str, int], RequirementException]:
    found = RequirementException.objects.filter(user__in=people, certificate__in=codes)
    return {
        (decision.user_id, decision.certificate, decision.team_id): decision
        for decision in found.order_by("at", "pk")
    }


# --- the gates


def find_missing_to_hold(user: User, team: Team, role: Role) -> str:
    """Find the code of the first certificate without which they can't be given the
    role."""
    asked = list(find_requirements(team, role=role))
    place = Membership(user=user, team=team, role=role)
    return next(
        (
            standing.requirement.certificate
            for standing in iterate_standings([place], asked)
            if standing.kind not in TO_GIVE
        ),
        "",
    )


def find_missing_to_act(user: User, team: Team, part: str) -> str:
    """Find the same for a step; nothing where no one else in the team could do it."""
    asked = list(find_requirements(team, part=part))
    if not asked:
        return ""
    places = list_players(team, asked[0].role)
    mine = [place for place in places if place.user_id == user.pk]
    own = mine or [Membership(user=user, team=team)]
    shut = [
        standing
        for standing in iterate_standings(own, asked)
        if standing.kind not in OPEN
    ]
    # Where no colleague could act instead, they still may: a gate strands no case
    # (ADR 17).
    if not shut or are_all_shut(places, asked, but=user):
        return ""
    return shut[0].requirement.certificate


def list_playing_roles(role: str) -> frozenset[str]:
    """List as what a person in the team can do what the part does: all who hold the
    team's key, as in `pathways.rules.match_played`; an office's only who holds it."""
    return frozenset(KEYHOLDERS) if role in KEYHOLDERS else frozenset({role})


def list_players(team: Team, role: str) -> list[Membership]:
    active = Membership.objects.active().filter(
        team=team, role__in=list_playing_roles(role)
    )
    return list(active.filter(user__is_active=True).order_by("pk"))


def are_all_shut(
    places: Collection[Membership], asked: Collection[Requirement], *, but: User
) -> bool:
    others = [place for place in places if place.user_id != but.pk]
    shut = {
        standing.membership.user_id
        for standing in iterate_standings(others, asked)
        if standing.kind not in OPEN
    }
    return all(other.user_id in shut for other in others)


# --- all who act where a certificate is asked for


def list_standings() -> list[RequirementStatus]:
    """List each place in which a person acts where a certificate is asked for; also of
    those who wait to be admitted."""
    asks = group_requirements()
    places = (
        Membership.objects.filter(ended_at=None, team__in=asks)
        .filter(Q(confirmed_at=None) | Q(user__is_active=True))
        .select_related("user", "team__organisation")
        .order_by("team", "pk")
    )
    every = {
        requirement.pk: requirement for asked in asks.values() for requirement in asked
    }
    found: dict[tuple[int, str], RequirementStatus] = {}
    for standing in iterate_standings(list(places), list(every.values())):
        membership, asked = standing.membership, standing.requirement
        plays = membership.role in list_playing_roles(asked.role)
        if plays and asked in asks[membership.team_id]:
            found.setdefault((membership.pk, asked.certificate), standing)
    return list(found.values())


def group_requirements() -> dict[int, list[Requirement]]:
    """Group what its roles ask for, by team."""
    asked: dict[tuple[int, str], list[Requirement]] = {}
    for requirement in Requirement.objects.order_by("pk"):
        asked.setdefault((requirement.mechanism_id, requirement.part), []).append(
            requirement
        )
    found: dict[int, list[Requirement]] = {}
    parts = RolePlayer.objects.order_by("pk").values_list("mechanism", "role", "team")
    for mechanism, role, team in parts if asked else ():
        if wanted := asked.get((mechanism, role)):
            found.setdefault(team, []).extend(wanted)
    return found


def list_staff() -> list[RoleCandidate]:
    """List each of whom something is asked, once and without a name, in the sphere of
    the first team that asks; and whether they hold all of it."""
    people: dict[int, RoleCandidate] = {}
    for standing in list_standings():
        if standing.membership.confirmed_at and standing.in_role:
            person = standing.membership.user_id
            sphere = standing.membership.team.organisation.sphere
            known = people.get(person, RoleCandidate(sphere, True))
            people[person] = RoleCandidate(
                known.sphere, known.has_all and standing.holds
            )
    return list(people.values())


def count_certified() -> tuple[int, int]:
    """Count staff whose every role has what it asks for, of all of whom something is
    asked: indicator I51."""
    asked = list_staff()
    return sum(person.has_all for person in asked), len(asked)


def find_title(code: str) -> str:
    """Find the title of a certificate; nothing, while no course has said what it is."""
    known = Achievement.objects.filter(code=code).order_by("-version").first()
    return known.name if known else ""
