"""What can be exported: each room that holds people's data names its own here.

An export has one way out. A room's page calls `views.show_reason_page`, the reason is
given, and
`views.take` calls the kind's `write`; nothing else hands out a file or a sheet with
what is known of a person (`tests/architecture/test_exports.py`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.functional import Promise

from amana.trust.access.http import Request
from amana.trust.access.models import User

if TYPE_CHECKING:
    from amana.trust.exports.models import Export


@dataclass(frozen=True)
class ExportKind:
    """One kind of export."""

    code: str
    label: str | Promise
    find: Callable[[User, Iterable[UUID]], Mapping[UUID, UUID]]
    """Of the things that were chosen, or of all, those that a user may export, each
    with the record that it is of; asked again when it is taken."""
    write: Callable[[Request, "Export"], HttpResponseBase]
    """The file or the sheets, with the export's mark."""
    marked: bool = True
    """False: what leaves carries no mark, and the log alone shows who took it."""
    named: bool = True
    """False: no name and no number of a case is in it, so that it may be of all."""


KINDS: dict[str, ExportKind] = {}


def register_kind(kind: ExportKind) -> None:
    KINDS[kind.code] = kind
