"""A shared case, or a referral, as a file: for the team to which it was disclosed, and
for those of the sender who read all of it."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from amana.care.cases.fields import closed_parts
from amana.care.cases.rules import parts_opened_to
from amana.care.consent.models import Consent
from amana.care.consent.payload import CONDITIONS
from amana.care.consent.rules import read_disclosure
from amana.care.referrals.letters import shared
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import answer_referral, see_referral
from amana.errors import Refused
from amana.exchange.htcds import writing
from amana.trust.access.http import Request
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure
from amana.ui.http import kept_as

PURPOSE = "taken as HTCDS"


@require_GET
@never_cache
def record(request: Request, pk: UUID) -> HttpResponse:
    found = read_disclosure.find(
        Disclosure.objects.select_related("recipient__organisation"),
        request.user,
        pk=pk,
    )
    return taken(request, found, None)


@require_GET
@never_cache
def referral(request: Request, pk: UUID) -> HttpResponse:
    """The recipient takes what it was sent; the sender, what it sent, where their role
    opens all of it."""
    found = see_referral.find(Referral.objects.for_page(), request.user, pk=pk)
    disclosure = shared(found)
    if not answer_referral.permits(request.user, found):
        parts = parts_opened_to(request.user, found.case)
        if closed_parts(parts, disclosure.fields):
            raise Refused(_("Your role does not open this part of the case."))
    return taken(request, disclosure, found)


def taken(
    request: Request, disclosure: Disclosure, referral: Referral | None
) -> HttpResponse:
    content = disclosures.opened(disclosure, by=request.user, purpose=PURPOSE)
    letters = disclosures.opened_letters(disclosure, by=request.user, purpose=PURPOSE)
    consents = Consent.objects.select_related("case__team__organisation")
    consent = consents.filter(pk=disclosure.consent).first()
    if consent is None:  # HTCDS has no place for what was told without one
        raise Refused(
            _("This was sent without consent, in vital interests: read it here.")
        )
    written = writing.record(
        disclosure,
        content,
        consent,
        conditions=[said["words"] for one, said in letters if one.name == CONDITIONS],
        referral=referral,
    )
    response = JsonResponse(
        written, json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    # Nothing of the person in the file's name: it stays in a list of downloads.
    return kept_as("shared-htcds.json", response)
