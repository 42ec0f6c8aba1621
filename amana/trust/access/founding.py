"""The first organisation and its two administrators, where there is no one yet."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import actions
from amana.trust.access.models import (
    Invitation,
    Membership,
    Organisation,
    Role,
    Team,
    User,
)
from amana.trust.audit import log


@transaction.atomic
def create_first_organisation(
    *, organisation: str, sphere: str, administrators: list[tuple[str, str]]
) -> dict[str, str]:
    """Enter the first organisation and its administrators; return their codes.

    Only where there is no one yet, and two: they sign for each other. From then on it
    takes two of them for anything. The same once more, while neither has joined, makes
    new codes: the first may never have reached a screen, or have expired."""
    if len({email.lower() for email, _name in administrators}) != 2:
        raise Refused(_("You need two different people to start."))
    if waiting := _waiting_first(organisation, administrators):
        return {user.email: actions.invite(user, by=None) for user in waiting}
    if User.objects.exists() or Organisation.objects.exists():
        raise Refused(
            _(
                "There are already people or organisations here, so you "
                "can’t set up the first ones."
            )
        )
    now = timezone.now()
    first = Organisation.objects.create(
        name=organisation, sphere=sphere, admitted_at=now
    )
    team = Team.objects.create(organisation=first, name=_("Administration"))
    log.record("founded", first, by=None)
    return {email: _first(team, email, name, now) for email, name in administrators}


def _waiting_first(
    organisation: str, administrators: list[tuple[str, str]]
) -> list[User]:
    """Find these two, if this organisation was founded by them and no one has joined
    yet."""
    everyone = list(User.objects.order_by("pk"))
    emails = {email.lower() for email, _name in administrators}
    if {user.email for user in everyone} != emails:
        return []
    untouched = Invitation.objects.filter(made_by=None, user__is_active=False)
    names = set(Organisation.objects.values_list("name", flat=True))
    waits = untouched.count() == len(everyone) and names == {organisation}
    return everyone if waits else []


def _first(team: Team, email: str, name: str, now: datetime) -> str:
    user = User.objects.create_user(email, name=name, is_active=False)
    Membership.objects.create(
        user=user, team=team, role=Role.ADMINISTRATOR, confirmed_at=now
    )
    return actions.invite(user, by=None)
