"""A shared case, or a referral, as a file: for the team to which it was disclosed, and
for those of the sender who read all of it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from amana.care.cases.fields import list_closed_parts
from amana.care.cases.rules import list_readable_parts
from amana.care.consent.models import Consent
from amana.care.consent.payload import CONDITIONS
from amana.care.consent.rules import read_disclosure
from amana.care.referrals.models import Referral
from amana.care.referrals.referral_messages import get_disclosure
from amana.care.referrals.rules import answer_referral, see_referral
from amana.errors import Refused
from amana.exchange.htcds import writing
from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.exports import views as exports
from amana.trust.exports.export_kinds import ExportKind, register_kind
from amana.trust.exports.models import Export
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure
from amana.ui.http import name_download

PURPOSE = "taken as HTCDS"
RECORD, REFERRAL = "htcds", "htcds sent"


@require_GET
@never_cache
def record(request: Request, pk: UUID) -> HttpResponse:
    found = read_disclosure.find(Disclosure.objects.all(), request.user, pk=pk)
    return exports.show_reason_page(request, RECORD, [found.pk])


@require_GET
@never_cache
def referral(request: Request, pk: UUID) -> HttpResponse:
    """Export a referral: for the recipient what it was sent; for the sender what it
    sent, where their role opens all of it."""
    found = see_referral.find(Referral.objects.for_page(), request.user, pk=pk)
    get_disclosure(found)  # refused where it is over
    if not can_open_all(request.user, found):
        raise Refused(_("This part of the case is not open to your role."))
    return exports.show_reason_page(request, REFERRAL, [found.pk])


def can_open_all(user: User, referral: Referral) -> bool:
    if answer_referral.permits(user, referral):
        return True
    parts = list_readable_parts(user, referral.case)
    return not list_closed_parts(parts, get_disclosure(referral).fields)


# --- by the one way out


def find_records(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    rows = Disclosure.objects.filter(pk__in=list(chosen))
    return dict(read_disclosure.among(rows, user).values_list("pk", "case"))


def find_referrals(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    rows = Referral.objects.for_page().filter(pk__in=list(chosen))
    found = see_referral.among(rows, user)
    # Asked again when the file is written: what was withdrawn since is not in it (ADR
    # 63).
    live = set(Disclosure.objects.live().values_list("pk", flat=True))
    return {
        r.pk: r.case_id for r in found if r.disclosure in live and can_open_all(user, r)
    }


def register_kinds() -> None:
    label = gettext_lazy("Shared information as a file (HTCDS)")
    register_kind(ExportKind(RECORD, label, find_records, take_record))
    register_kind(ExportKind(REFERRAL, label, find_referrals, take_referral))


def take_record(request: Request, export: Export) -> HttpResponse:
    rows = Disclosure.objects.select_related("recipient__organisation")
    found = read_disclosure.find(rows, request.user, pk=export.taken[0])
    return taken(request, found, None, export)


def take_referral(request: Request, export: Export) -> HttpResponse:
    rows = Referral.objects.for_page()
    found = see_referral.find(rows, request.user, pk=export.taken[0])
    return taken(request, get_disclosure(found), found, export)


def taken(
    request: Request,
    disclosure: Disclosure,
    referral: Referral | None,
    export: Export,
) -> HttpResponse:
    content = disclosures.open_disclosure(disclosure, by=request.user, purpose=PURPOSE)
    letters = disclosures.open_letters(disclosure, by=request.user, purpose=PURPOSE)
    consents = Consent.objects.select_related("case__team__organisation")
    consent = consents.filter(pk=disclosure.consent).first()
    if consent is None:  # HTCDS has no field for this
        raise Refused(
            _(
                "This was sent without consent, in vital interests, so it can’t be "
                "exported as HTCDS. Read it in Amana."
            )
        )
    written = writing.build_record(
        disclosure,
        content,
        consent,
        conditions=[
            said["words"] for letter, said in letters if letter.name == CONDITIONS
        ],
        referral=referral,
    )
    response = JsonResponse(
        written | {"exported": export.mark},
        json_dumps_params={"indent": 1, "ensure_ascii": False},
    )
    # Nothing of the person in the file's name: it stays in a list of downloads.
    return name_download("shared-htcds.json", response)
