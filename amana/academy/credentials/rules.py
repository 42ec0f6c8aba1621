"""Who attests, who signs an attestation as the second person, who sees a certificate,
who takes it back.

No one certifies themselves, and no one attests alone: constraints of the database and
these rules see to it."""

from django.db.models import Exists, Q
from django.http import HttpRequest

from amana.academy.credentials.models import AttestationStatus, EndorsementStatus
from amana.trust.access.models import ADMINISTRATORS, Role, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_memberships,
    has_role,
)

ATTESTERS = frozenset({Role.COORDINATOR, Role.TRAINER})
"""Of the two who sign, the first is a coordinator."""


def certifies(request: HttpRequest) -> bool:
    """Ask whether the menu offers what others hold; for what is shown, never for a
    rule."""
    user = request.user
    return isinstance(user, User) and bool(ATTESTERS & user.roles)


@define_rule
def coordinate_certificates(user: User) -> Q:
    """Allow to define what is certified, and to propose attestations of it."""
    return EVERYTHING if has_role(user, [Role.COORDINATOR]) else NOTHING


@define_rule
def hold_certificate(user: User) -> Q:
    return Q(learner=user)


@define_rule
def oversee_certificate(user: User) -> Q:
    """Allow coordinators the certificates of others."""
    return coordinate_certificates.where(user) & ~Q(learner=user)


see_certificate = hold_certificate | oversee_certificate


@define_rule
def sign_attestation(user: User) -> Q:
    """Allow the second person, who also may decline: neither the one who proposed it
    nor the one whom it certifies."""
    attests = Q(Exists(find_memberships(user, *sorted(ATTESTERS))))
    others = ~Q(proposed_by=user) & ~Q(learner=user)
    return Q(status=AttestationStatus.WAITING) & attests & others


@define_rule
def withdraw_attestation(user: User) -> Q:
    return Q(status=AttestationStatus.WAITING, proposed_by=user)


@define_rule
def have_part_in_attestation(user: User) -> Q:
    """Allow those who proposed or decided on it, and the one whom it certifies."""
    return Q(proposed_by=user) | Q(decided_by=user) | Q(learner=user)


@define_rule
def oversee_attestation(user: User) -> Q:
    return coordinate_certificates.where(user)


see_attestation = have_part_in_attestation | sign_attestation | oversee_attestation


@define_rule
def see_endorsement(user: User) -> Q:
    """Allow those who attest all that other bodies signed, and what waits."""
    return EVERYTHING if has_role(user, sorted(ATTESTERS)) else NOTHING


@define_rule
def sign_endorsement(user: User) -> Q:
    """Allow the second person, who also may decline: not the one who proposed it."""
    attests = Q(Exists(find_memberships(user, *sorted(ATTESTERS))))
    return Q(status=EndorsementStatus.WAITING) & attests & ~Q(proposed_by=user)


@define_rule
def withdraw_endorsement(user: User) -> Q:
    return Q(status=EndorsementStatus.WAITING, proposed_by=user)


@define_rule
def end_endorsement(user: User) -> Q:
    """Allow any one coordinator: less is said afterwards, and nothing more."""
    recorded = Q(status=EndorsementStatus.RECORDED, ended_at=None)
    return coordinate_certificates.where(user) & recorded


@define_rule
def read_public(user: User) -> Q:
    """Allow all to read what can be certified, and which places in the list are
    revoked."""
    return EVERYTHING


@define_rule
def keep_key(user: User) -> Q:
    return EVERYTHING if has_role(user, ADMINISTRATORS) else NOTHING
