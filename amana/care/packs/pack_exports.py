"""Taking a pack is an export: a reason, a limit, and the person sees it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.care.cases.rules import work_on_case
from amana.care.packs.models import MOST_CASES
from amana.errors import Refused
from amana.trust.access.models import User

PACK = "pack"


def find_cases(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Find those of the cases on which one works: not all that one may see. Raises
    `Refused` when there are more than `MOST_CASES`."""
    wanted = list(chosen)
    if len(wanted) > MOST_CASES:
        raise Refused(
            _("An offline pack holds %(count)s cases at most.") % {"count": MOST_CASES}
        )
    seen = work_on_case.among(Case.objects.all(), user).filter(pk__in=wanted)
    return {pk: pk for pk in seen.order_by("due_at", "pk").values_list("pk", flat=True)}
