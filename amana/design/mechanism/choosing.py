"""Which of the mechanisms in force a case follows (ADR 81).

A case follows one mechanism: what its team takes part in, and what is for people like
this one, decides at the door. Where several fit, the most particular one has it; a
colleague can change it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from amana.design.mechanism.models import (
    Mechanism,
    RoleHolder,
    RolePlayer,
    Version,
)
from amana.trust.access.models import Team


@dataclass(frozen=True)
class Arrival:
    """What is known of a person at the door."""

    team: Team
    age_group: str = "unsure"
    asks_for: Collection[str] = ()
    """Groups of help."""


def list_versions_in_force() -> list[Version]:
    """List what is in force, in the order in which the mechanisms were created."""
    return list(Version.objects.in_force_first())


def find_first_version() -> Version | None:
    """Find what is in force of the mechanism that was created first, for what is shown
    or counted of one alone. What concerns a case asks for the case's own."""
    return Version.objects.in_force_first().first()


def find_version_of(mechanism: int | None) -> Version | None:
    """Find the version in force of a mechanism, or of the only one for a case that
    was opened before any. None: there is none."""
    if mechanism is None:
        alone = list_versions_in_force()
        return alone[0] if len(alone) == 1 else None
    return Version.objects.in_force_first().filter(mechanism=mechanism).first()


def find_successor(mechanism: Mechanism) -> Version | None:
    """Find what is in force of the mechanism in which the cases of a retired one
    continue; of its own successor, where that has ended too."""
    passed: set[int] = set()
    after = mechanism.successor
    while after is not None and after.pk not in passed:
        if version := find_version_of(after.pk):
            return version
        passed.add(after.pk)
        after = after.successor
    return None


def list_versions_for_team(team: Team, *, retired: bool = False) -> list[Version]:
    """List what is in force and what the team takes part in: its organisation signs, or
    the team plays a role. One mechanism alone is everyone's. With those that have
    `retired`: cases may still follow them."""
    found = list(Version.objects.open_first())
    if len(found) > 1:
        found = [version for version in found if is_participant(version, team)]
    if retired:
        known = {version.pk for version in found}
        found += [
            version
            for version in list_versions_in_force()
            if version.mechanism.is_retired
            and version.pk not in known
            and is_participant(version, team)
        ]
    return found


def is_participant(version: Version, team: Team) -> bool:
    mechanism = version.mechanism_id
    return (
        RolePlayer.objects.filter(mechanism=mechanism, team=team).exists()
        or RoleHolder.objects.filter(
            mechanism=mechanism,
            organisation=team.organisation_id,
            code__in=version.pack.organisations,
        ).exists()
    )


def list_versions_for_case(arrival: Arrival) -> list[Version]:
    """List what such a case can follow, the most particular first."""
    fitting = [
        version
        for version in list_versions_for_team(arrival.team)
        if version.pack.cases.admit(
            age_group=arrival.age_group, asks_for=arrival.asks_for
        )
    ]
    # The sort is stable: of equally particular ones, the first that was created.
    return sorted(fitting, key=lambda version: -version.pack.cases.number)


def choose_version(arrival: Arrival) -> Version | None:
    """Choose what such a case follows. None: nothing in force is for it."""
    return next(iter(list_versions_for_case(arrival)), None)
