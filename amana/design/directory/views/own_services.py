"""Find a service to work on: one that the person may edit, else a page not found."""

from amana.design.directory.models import Service
from amana.design.directory.rules import edit_service
from amana.trust.access.http import Request


def find_own(request: Request, pk: int) -> Service:
    """Find a service that the person may edit. Raises `NotAccessible`."""
    return edit_service.find(Service.objects.for_list(), request.user, pk=pk)
