"""What happened on a case, in words: from the log, which knows who and when."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.cases import sections
from amana.care.cases.models import Case
from amana.care.cases.opened_records import map_names
from amana.care.cases.sections import TimelineEntry
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.ui.typed import parse_small_int

SAYS: dict[str, str | Promise] = {
    "opened case": _("The case was opened"),
    "raised need": _("A need was added"),
    "settled need": _("A need was updated"),
    "wrote record": _("Part of the case was changed"),
    "wrote note": _("A note was added"),
    "added file": _("A file was added"),
    "removed file": _("A file was deleted"),
    "planned follow-up": _("A follow-up was planned"),
    "finished follow-up": _("A follow-up was done"),
    "asked safety questions": _("Safety questions were asked"),
    "assessed safety": _("Safety was reviewed"),
    "said what came of it": _("Outcomes were recorded"),
    "set urgency": _("The urgency was changed"),
    "assigned": _("A colleague was assigned"),
    "ended assignment": _("A colleague no longer works on the case"),
    "restricted case": _("Access was restricted to named people"),
    "lifted restriction": _("The restriction was lifted"),
    "offered transfer": _("The case was offered to another team"),
    "took back offer": _("The offer to another team was withdrawn"),
    "answered transfer": _("The other team answered"),
    "proposed closure": _("Closure was proposed"),
    "declined closure": _("The supervisor sent the closure back"),
    "closed case": _("The case was closed"),
    "reopened case": _("The case was reopened"),
}
"""Acts on the case itself. Who looked is in the access list, not here."""


def find_events(case: Case) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.about_case(case.pk).filter(did__in=list(SAYS))


def list_entries(
    case: Case, events: Iterable[AuditEvent], user: User
) -> list[TimelineEntry]:
    """List what happened on the case, with the entries of upper rooms from the same
    time; latest first."""
    found = list(events)
    names = map_names(parse_actor(event) for event in found)
    ours = [
        TimelineEntry(event.at, SAYS[event.did], names.get(parse_actor(event), ""))
        for event in found
    ]
    theirs = [entry for tell in sections.ENTRIES for entry in tell(case, user)]
    if ours:
        # The page shows the latest events only. An older entry of another room would
        # follow a gap in ours that looks as if nothing had happened in between.
        oldest = min(entry.at for entry in ours)
        theirs = [entry for entry in theirs if entry.at >= oldest]
    return sorted([*ours, *theirs], key=lambda entry: entry.at, reverse=True)


def parse_actor(event: AuditEvent) -> int:
    kind, _colon, number = event.actor.partition(":")
    return (parse_small_int(number) or 0) if kind == "user" else 0
