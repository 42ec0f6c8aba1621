"""Who sees how the log is witnessed, who chooses witnesses, and who declares a
restoration: always two people, of different teams."""

from django.db.models import Exists, Q

from amana.trust.access.models import ADMINISTRATORS, Role, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_memberships,
    find_teammates,
    has_role,
)
from amana.trust.vault.rules import WATCHING
from amana.trust.witness.models import RestorationStatus

READERS = frozenset({*WATCHING, Role.AUDITOR})
"""Who is told, and sees the page."""


@define_rule
def see_witnesses(user: User) -> Q:
    return Q(Exists(find_memberships(user, *sorted(READERS))))


@define_rule
def propose_witness(user: User) -> Q:
    """Allow it to the first of two: who cosigns our log, and whose log we cosign."""
    return EVERYTHING if has_role(user, ADMINISTRATORS) else NOTHING


@define_rule
def confirm_witness(user: User) -> Q:
    """Allow it to the second, of no team in which the first one is or was."""
    waits = Q(confirmed_at=None, ended_at=None) & _by_another(user)
    return waits & propose_witness.where(user)


@define_rule
def end_witness(user: User) -> Q:
    return Q(ended_at=None) & propose_witness.where(user)


@define_rule
def declare_restoration(user: User) -> Q:
    """Allow it to the first of two."""
    return EVERYTHING if has_role(user, WATCHING) else NOTHING


@define_rule
def confirm_restoration(user: User) -> Q:
    """Allow it to the second, of no team in which the first one is or was."""
    waits = Q(status=RestorationStatus.PROPOSED) & _by_another(user)
    return waits & declare_restoration.where(user)


@define_rule
def withdraw_restoration(user: User) -> Q:
    waits = Q(status=RestorationStatus.PROPOSED)
    return waits & declare_restoration.where(user)


def _by_another(user: User) -> Q:
    # Also no former colleague: who leaves a team has not become independent of it.
    return ~Q(proposed_by=user) & ~Q(proposed_by__in=find_teammates(user))
