"""Which results of screenings may be exported, also of one not in a case yet."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from amana.care.screening.models import Screening
from amana.care.screening.rules import read_screening
from amana.trust.access.models import User

SCREENING = "screening"


def find_screenings(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    rows = Screening.objects.filter(pk__in=list(chosen), ended_at=None)
    seen = read_screening.among(rows, user).values_list("pk", "case")
    # Each export counts people. Before a case, the screening is the only id of one.
    return {pk: case or pk for pk, case in seen}
