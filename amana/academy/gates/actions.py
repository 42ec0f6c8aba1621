"""What is decided for people who lack what their role asks for."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.gates import requirement_status
from amana.academy.gates.models import LONGEST, Requirement, RequirementException
from amana.academy.gates.rules import decide_for
from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.audit import log


@transaction.atomic
def allow_role(
    user: User,
    team: Team,
    certificate: str,
    *,
    until: datetime,
    reason: RequirementException.Reason,
    by: User,
) -> RequirementException:
    """Allow a person to continue, or begin, without a certificate until a day. Raises
    Refused beyond a year."""
    decide_for.require(by, user)
    _require_asked(team, certificate)
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise Refused(_("Choose a date within the next year."))
    return _decide(user, team, certificate, until, reason, by=by)


@transaction.atomic
def end_role(
    user: User,
    team: Team,
    certificate: str,
    *,
    reason: RequirementException.Reason,
    by: User,
) -> RequirementException:
    """End a person's role: from now on colleagues who hold the certificate act in their
    place."""
    decide_for.require(by, user)
    _require_asked(team, certificate)
    return _decide(user, team, certificate, None, reason, by=by)


def _require_asked(team: Team, certificate: str) -> None:
    if not requirement_status.find_requirements(team, certificate=certificate).exists():
        raise Refused(_("No role of this team requires this certificate."))


def _decide(
    user: User,
    team: Team,
    certificate: str,
    until: datetime | None,
    reason: RequirementException.Reason,
    *,
    by: User,
) -> RequirementException:
    made = RequirementException.objects.create(
        user=user,
        team=team,
        certificate=certificate,
        until=until,
        reason=reason,
        by=by,
    )
    about: dict[str, Any] = {"user": user.pk, "team": team.pk, "reason": reason}
    did = "allowed role without certificate" if until else "ended role for certificate"
    log.record(did, made, by=by, **about)
    return made


@transaction.atomic
def update_requirements(version: Version, *, by: User | None) -> None:
    """Update the requirements to what the version in force asks for; what it asked for
    before keeps its day."""
    wanted = {
        (role.id, code): role.access_role
        for role in version.pack.roles.values()
        for code in role.certificates
    }
    there = {
        (requirement.part, requirement.certificate): requirement
        for requirement in Requirement.objects.filter(mechanism=version.mechanism)
    }
    gone = [requirement.pk for key, requirement in there.items() if key not in wanted]
    # Not all deleted and made again: the day since which a certificate is asked for
    # decides who has time left.
    Requirement.objects.filter(pk__in=gone).delete()
    for (part, code), role in wanted.items():
        Requirement.objects.update_or_create(
            mechanism=version.mechanism,
            part=part,
            certificate=code,
            defaults={"role": role},
        )
    if wanted or gone:
        log.record("asked for certificates", version, by=by, asked=len(wanted))
