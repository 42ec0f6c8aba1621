"""What stands against undoing an import as a whole, and the sentence that says so."""

from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import gettext as _

from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.exchange.imports.actions.new_organisations import find_organisations_in_use
from amana.exchange.imports.models import Import, ImportRowQuerySet
from amana.ui.labels import format_list

NAMED = 5
"""Services that a sentence names."""


@dataclass
class UndoObstacles:
    """What stands against undoing an import as a whole."""

    changed: set[int] = field(default_factory=set)
    """Services that a person, or a later import, has changed since."""
    used: set[int] = field(default_factory=set)
    """New services to which something else belongs by now."""
    organisations: list[str] = field(default_factory=list)

    @property
    def services(self) -> set[int]:
        return self.changed | self.used

    def __bool__(self) -> bool:
        return bool(self.services or self.organisations)


def find_obstacles(brought: Import) -> UndoObstacles:
    rows = find_written_rows(brought)
    since = brought.taken_in_at
    is_new = Q(before__isnull=True)
    by_hand = Q(service__verified_at__gt=since) | Q(service__places_said_at__gt=since)
    changed = rows.filter(~Q(service__version=F("version")) | (is_new & by_hand))
    new = Service.objects.filter(pk__in=rows.filter(is_new).values("service"))
    return UndoObstacles(
        set(changed.order_by().values_list("service", flat=True)),
        directory.find_used(new),
        find_organisations_in_use(brought, but=set(new.values_list("pk", flat=True))),
    )


def find_written_rows(brought: Import) -> ImportRowQuerySet:
    """Find the rows that have changed a service which is still there."""
    return brought.rows.effective().exclude(service=None)


def format_obstacles(found: UndoObstacles) -> str:
    """Format why an import can't be undone, with what stands against it."""
    sentences = [_("This import can’t be undone as a whole. Nothing was changed.")]
    if found.services:
        some = Service.objects.filter(pk__in=list(found.services)[:NAMED])
        names = [service.called for service in some.order_by("pk")]
        what = _("Changed or used since: %(names)s.")
        sentences.append(what % {"names": format_some(names, len(found.services))})
    if found.organisations:
        what = _("Organisations to which more belongs by now: %(names)s.")
        names = found.organisations
        sentences.append(what % {"names": format_some(names[:NAMED], len(names))})
    return " ".join(sentences)


def format_some(names: list[str], number: int) -> str:
    listed = format_list([f"“{name}”" for name in names])
    more = number - len(names)
    if not more:
        return listed
    return _("%(names)s and %(more)s more") % {"names": listed, "more": more}
