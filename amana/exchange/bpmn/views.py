"""A version's pathway to take along as a drawing."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import see_version
from amana.exchange.bpmn.writing import write_bpmn
from amana.trust.access.http import Request
from amana.ui.http import send_file


@require_GET
def version(request: Request, pk: int) -> HttpResponse:
    """Send the pathway in the reader's language. Files that make no mechanism are
    refused with their faults."""
    versions = Version.objects.select_related("mechanism")
    found = see_version.find(versions, request.user, pk=pk)
    name = f"{found.mechanism.code}-{found.number}-{get_language()}.bpmn"
    return send_file(write_bpmn(found.pack), "application/xml; charset=utf-8", name)
