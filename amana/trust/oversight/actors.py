"""Who acted, for people who read the log: the log itself holds only ids."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amana.trust.access.models import Membership, Role, User
from amana.trust.audit.log import SYSTEM
from amana.trust.audit.models import AuditEvent
from amana.ui.labels import format_list
from amana.ui.typed import parse_small_int


@dataclass(frozen=True)
class ActorDescription:
    """An actor by name, by organisation, and by the roles held at the time."""

    name: str
    organisation: str
    roles: str

    @property
    def names(self) -> list[str]:
        return [name for name in (self.name, self.organisation) if name]


def map_actors(events: Iterable[AuditEvent]) -> dict[int, ActorDescription]:
    """Map each of these events, by its number, to who did it. Two queries."""
    found = list(events)
    ids = {pk for event in found if (pk := parse_user_id(event.actor)) is not None}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    # Places that have ended too: who acted may have left, and the log still has to say
    # for whom they worked.
    places = Membership.objects.filter(user__in=ids).order_by("ended_at", "pk")
    organisations: dict[int, str] = {}
    for user, name in places.values_list("user", "team__organisation__name"):
        organisations.setdefault(user, name)
    return {event.pk: _who(event, names, organisations) for event in found}


def _who(
    event: AuditEvent, names: dict[int, str], organisations: dict[int, str]
) -> ActorDescription:
    user = parse_user_id(event.actor)
    if event.actor == SYSTEM:
        return ActorDescription(_("Amana (automatic)"), "", "")
    if event.actor.startswith("page:"):
        return ActorDescription(_("The person with the code"), "", "")
    if user is None or user not in names:
        return ActorDescription(_("A former user"), "", format_roles(event))
    return ActorDescription(
        names[user], organisations.get(user, ""), format_roles(event)
    )


def find_actor_name(actor: str) -> str:
    """Find the name of one who acted; empty where no user did."""
    user = User.objects.filter(pk=parse_user_id(actor) or 0)
    return user.values_list("name", flat=True).first() or ""


def parse_user_id(actor: str) -> int | None:
    kind, _colon, number = actor.partition(":")
    return parse_small_int(number) if kind == "user" else None


def format_roles(event: AuditEvent) -> str:
    """Format the roles held at the time."""
    return format_list(Role(word) for word in event.role.split() if word in Role.values)
