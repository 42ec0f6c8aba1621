"""The directory in HSDS, for those who may see it."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.exchange.hsds import writing
from amana.trust.access.http import Request
from amana.trust.audit import log
from amana.ui.http import kept_as


@require_GET
def services(request: Request) -> HttpResponse:
    """Send every service that the person sees and that may be exported, as one page."""
    seen = see_service.among(Service.objects.for_list(), request.user)
    content = writing.page_of(seen.order_by("pk"))
    log.record("exported services", by=request.user, services=content["total_items"])
    return kept_as("services-hsds.json", JsonResponse(content))
