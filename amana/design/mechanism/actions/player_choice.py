"""Who is meant by the names in a mechanism."""

from django.db import transaction

from amana.design.directory.models import Area
from amana.design.mechanism.models.agreement import RoleHolder, RolePlayer
from amana.design.mechanism.models.versions import Mechanism
from amana.design.mechanism.rules import keep_mechanism
from amana.trust.access.models.organisations import Organisation, Team, User
from amana.trust.audit import log


@transaction.atomic
def bind_organisation(
    mechanism: Mechanism, code: str, organisation: Organisation | None, *, by: User
) -> None:
    """Bind an organisation of the pack to an agency here; None ends the binding."""
    keep_mechanism.require(by, mechanism)
    if organisation is None:
        mechanism.seats.filter(code=code).delete()
    else:
        RoleHolder.objects.update_or_create(
            mechanism=mechanism, code=code, defaults={"organisation": organisation}
        )
    log.record(
        "seated organisation",
        mechanism,
        by=by,
        code=code,
        organisation=organisation.pk if organisation else None,
    )


@transaction.atomic
def give_part(
    mechanism: Mechanism, role: str, team: Team, *, by: User, area: Area | None = None
) -> RolePlayer:
    """Assign a role to a team, everywhere or in an area."""
    keep_mechanism.require(by, mechanism)
    part, new = RolePlayer.objects.get_or_create(
        mechanism=mechanism, role=role, team=team, area=area
    )
    if new:
        log.record("gave part", part, by=by, role=role, team=team.pk)
    return part


@transaction.atomic
def end_part(part: RolePlayer, *, by: User) -> None:
    keep_mechanism.require(by, part.mechanism)
    log.record("ended part", part, by=by, role=part.role, team=part.team_id)
    part.delete()
