"""The pages of costs. Whoever plans writes; others of the mechanism's offices read."""

from django.db.models import Model

from amana.insight.costing.rules import READERS, WRITERS, read_costs, write_costs
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAmong, holds


def for_readers(request: Request, model: type[Model]) -> None:
    """A page that stands above single things is there for those who may read them."""
    if not holds(request.user, READERS):
        raise NotAmong(read_costs, model, {})


def for_writers(request: Request, model: type[Model]) -> None:
    if not holds(request.user, WRITERS):
        raise NotAmong(write_costs, model, {})


def may_write(request: Request) -> bool:
    return holds(request.user, WRITERS)
