"""Which rows of a list were chosen to do something with them together.

A list has a box in each row, and one field: those that were ticked, all on this page,
or all in the list. The last is counted again from what the list is filtered by, and
never more than `AT_MOST`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

AT_MOST = 200
"""So many at once; more are filtered first."""

PICK, ROW, WHICH = "pick", "row", "which"
TICKED, PAGE, ALL = "", "page", "all"


@dataclass(frozen=True)
class PickedRows[M: Model]:
    """The rows that were chosen, of those that the reader may see."""

    rows: list[M]
    too_many: bool = False


def read_picked[M: Model](
    request: HttpRequest,
    seen: QuerySet[M],
    everything: Callable[[QueryDict], QuerySet[M] | None],
) -> PickedRows[M]:
    """Read which rows a list's form chose. `seen`: what its reader may see at all, in
    order; `everything`: what an address of the list finds."""
    said = request.POST
    if said.get(WHICH) == ALL:
        found = everything(QueryDict(said.get("query", "")))
        pks = [] if found is None else list(found.values_list("pk", flat=True))
        return PickedRows(list(seen.filter(pk__in=pks[:AT_MOST])), len(pks) > AT_MOST)
    chosen = parse_ids(said.getlist(ROW if said.get(WHICH) == PAGE else PICK))
    # Through `seen`, whatever was sent: a form can be changed to name any row.
    return PickedRows(list(seen.filter(pk__in=chosen[:AT_MOST])), len(chosen) > AT_MOST)


def parse_ids(said: list[str]) -> list[UUID]:
    """Parse ids; a text that is no id is left out."""
    found = []
    for text in said:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
