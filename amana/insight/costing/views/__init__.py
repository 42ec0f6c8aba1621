"""The pages of costs. Those who plan write; others of the mechanism's offices read."""

from django.db.models import Model

from amana.insight.costing.rules import READERS, WRITERS, read_costs, write_costs
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible, has_role


def require_reader(request: Request, model: type[Model]) -> None:
    """Require that the user may read these records, on a page that is about none of
    them alone."""
    if not has_role(request.user, READERS):
        # Raised like a rule's refusal, so that the log records the attempt.
        raise NotAccessible(read_costs, model, {})


def require_writer(request: Request, model: type[Model]) -> None:
    if not has_role(request.user, WRITERS):
        raise NotAccessible(write_costs, model, {})


def may_write(request: Request) -> bool:
    return has_role(request.user, WRITERS)
