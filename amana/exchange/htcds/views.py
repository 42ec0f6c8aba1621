"""A shared case as a file, for the team to which it was disclosed."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from amana.care.consent.models import Consent
from amana.care.consent.rules import read_disclosure
from amana.exchange.htcds import writing
from amana.trust.access.http import Request
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure
from amana.ui.http import kept_as


@require_GET
def record(request: Request, pk: UUID) -> HttpResponse:
    found = read_disclosure.find(Disclosure.objects.all(), request.user, pk=pk)
    content = disclosures.opened(found, by=request.user, purpose="taken as HTCDS")
    consent = Consent.objects.select_related("case__team__organisation")
    response = JsonResponse(
        writing.record(found, content, consent.get(pk=found.consent)),
        json_dumps_params={"indent": 1, "ensure_ascii": False},
    )
    # Nothing of the person in the file's name: it stays in a list of downloads.
    return kept_as("shared-htcds.json", response)
