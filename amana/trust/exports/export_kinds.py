"""What can be exported: each room that holds people's data names its own here.

An export has one way out. A room's page calls `views.show_reason_page`, the reason is
given, and
`views.take` calls the kind's `write`; nothing else hands out a file or a sheet with
what is known of a person (`tests/architecture/test_exports.py`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.functional import Promise

from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.exports.labels import LABELS
from amana.trust.exports.models import Export, ExportedItem


@dataclass(frozen=True)
class ExportKind:
    """One kind of export."""

    code: str
    label: str | Promise
    find: Callable[[User, Iterable[UUID]], Mapping[UUID, UUID]]
    """Of the things that were chosen, or of all, those that a user may export, each
    with the record that it is of; asked again when it is taken."""
    write: Callable[[Request, Export], HttpResponseBase]
    """The file or the sheets, with the export's mark."""
    marked: bool = True
    """False: what leaves carries no mark, and the log alone shows who took it."""
    named: bool = True
    """False: no name and no number of a case is in it, so that it may be of all."""


KINDS: dict[str, ExportKind] = {}


def register_kind(kind: ExportKind) -> None:
    KINDS[kind.code], LABELS[kind.code] = kind, kind.label


def find_records_of_day(user: User, now: datetime) -> set[UUID]:
    """Find the records with names of which `user` has exported something today."""
    named = [kind.code for kind in KINDS.values() if kind.named]
    today = Export.objects.on_day_of(now).filter(by=user, kind__in=named)
    rows = ExportedItem.objects.filter(export__in=today)
    return set(rows.values_list("record", flat=True))
