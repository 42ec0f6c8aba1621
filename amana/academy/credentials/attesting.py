"""Certify by exception what no course has assessed: one colleague proposes it with a
reason, a second one signs, and the certificate says “attested”."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.credentials.actions import (
    issue,
    lock_learner,
    require_levels,
    require_not_held,
)
from amana.academy.credentials.models import (
    Achievement,
    Attestation,
    AttestationStatus,
    Certificate,
)
from amana.academy.credentials.rules import (
    coordinate_certificates,
    sign_attestation,
    withdraw_attestation,
)
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.trust.access.rules import has_role
from amana.trust.audit import log
from amana.ui.harmless import remove_tricks


@transaction.atomic
def propose_attestation(
    achievement: Achievement,
    learner: User,
    *,
    reason: str,
    levels: Mapping[str, str],
    named: bool,
    by: User,
) -> Attestation:
    """Propose to certify a person; nothing is certified yet. Raises `Refused` for
    oneself, without a reason, for a level too low, and where one is held or waits."""
    coordinate_certificates.require(by, achievement)
    if learner == by:
        raise Refused(_("You can’t issue a certificate to yourself."))
    # Verifiers order some control characters in different ways, and a reversed reason
    # would read differently to the one who signs.
    reason = remove_tricks(reason).strip()
    if not reason:
        raise Refused(_("Describe where you have seen the work."))
    require_levels(achievement, levels)
    lock_learner(learner)
    require_not_held(achievement, learner)
    waiting = Attestation.objects.filter(achievement=achievement, learner=learner)
    if waiting.filter(status=AttestationStatus.WAITING).exists():
        raise Refused(_("This is already waiting for a second signature."))
    attestation = Attestation.objects.create(
        achievement=achievement,
        learner=learner,
        reason=reason,
        levels=dict(levels),
        is_named=named,
        proposed_by=by,
    )
    log.record("proposed attestation", attestation, by=by, **get_about(attestation))
    return attestation


@transaction.atomic
def sign(attestation: Attestation, *, by: User) -> Certificate:
    """Sign it as the second person: this issues the certificate."""
    sign_attestation.require(by, attestation)
    require_standing(attestation)
    decide(attestation, AttestationStatus.SIGNED, by=by)
    return issue(
        attestation.achievement,
        attestation.learner,
        named=attestation.is_named,
        levels=attestation.levels,
        attestation=attestation,
    )


@transaction.atomic
def decline(attestation: Attestation, *, by: User) -> None:
    sign_attestation.require(by, attestation)
    decide(attestation, AttestationStatus.DECLINED, by=by)
    log.record("declined attestation", attestation, by=by, **get_about(attestation))


@transaction.atomic
def withdraw(attestation: Attestation, *, by: User) -> None:
    withdraw_attestation.require(by, attestation)
    decide(attestation, AttestationStatus.WITHDRAWN, by=by)
    log.record("withdrew attestation", attestation, by=by, **get_about(attestation))


def require_standing(attestation: Attestation) -> None:
    """Require that the one who proposed it may still do so, and the learner is here."""
    proposer, learner = attestation.proposed_by, attestation.learner
    if not (proposer.is_active and has_role(proposer, [Role.COORDINATOR])):
        raise Refused(
            _("The person who proposed this no longer coordinates. Decline it.")
        )
    if not learner.is_active:
        raise Refused(_("This person’s account is closed. Decline it."))


def decide(attestation: Attestation, status: AttestationStatus, *, by: User) -> None:
    """Decide on it, unless a colleague has just done so."""
    waiting = Attestation.objects.filter(
        pk=attestation.pk, status=AttestationStatus.WAITING
    )
    now = timezone.now()
    # The update decides between two who sign, decline or withdraw at once.
    if not waiting.update(status=status, decided_by=by, decided_at=now):
        raise Refused(_("A colleague has just decided on this."))
    attestation.refresh_from_db()


def get_about(attestation: Attestation) -> dict[str, Any]:
    return {
        "learner": attestation.learner_id,
        "achievement": attestation.achievement_id,
    }
