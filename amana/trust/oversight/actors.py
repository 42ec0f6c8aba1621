"""Who acted, for people who read the log: the log itself holds only ids."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amana.trust.access.models import Membership, Role, User
from amana.trust.audit.log import SYSTEM
from amana.trust.audit.models import AuditEvent
from amana.ui.sentences import listed
from amana.ui.typed import small_int


@dataclass(frozen=True)
class Who:
    """An actor by name, by organisation, and by the roles held at the time."""

    name: str
    organisation: str
    roles: str

    @property
    def names(self) -> list[str]:
        return [name for name in (self.name, self.organisation) if name]


def named(events: Iterable[AuditEvent]) -> dict[int, Who]:
    """Map each of these events, by its number, to who did it. Two queries."""
    found = list(events)
    ids = {pk for event in found if (pk := user_id(event.actor)) is not None}
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
) -> Who:
    user = user_id(event.actor)
    if event.actor == SYSTEM:
        return Who(_("Amana (automatic)"), "", "")
    if event.actor.startswith("page:"):
        return Who(_("The person with the code"), "", "")
    if user is None or user not in names:
        return Who(_("A former user"), "", roles(event))
    return Who(names[user], organisations.get(user, ""), roles(event))


def name_of_actor(actor: str) -> str:
    """Find the name of one who acted; empty where no user did."""
    user = User.objects.filter(pk=user_id(actor) or 0)
    return user.values_list("name", flat=True).first() or ""


def user_id(actor: str) -> int | None:
    kind, _colon, number = actor.partition(":")
    return small_int(number) if kind == "user" else None


def roles(event: AuditEvent) -> str:
    """Format the roles held at the time."""
    return listed(Role(word) for word in event.role.split() if word in Role.values)
