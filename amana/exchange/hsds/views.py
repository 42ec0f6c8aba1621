"""The directory in HSDS, for those who may see it."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.exchange.hsds import writing
from amana.trust.access.http import Request
from amana.trust.audit import log
from amana.ui.http import name_download


@require_GET
def services(request: Request) -> HttpResponse:
    """Send every service that the person sees and that may be exported, as one page."""
    seen = see_service.among(Service.objects.for_list(), request.user)
    content = writing.build_page(seen.order_by("pk"))
    log.record("exported services", by=request.user, services=content["total_items"])
    return name_download("services-hsds.json", JsonResponse(content))
