"""The ledger; what others shared; copies to destroy."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.cases.fields import (
    FIELDS,
    FieldText,
    list_closed_parts,
    list_field_names,
)
from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import (
    ALL_PARTS,
    list_readable_parts,
    see_case,
    work_on_case,
)
from amana.care.consent import actions
from amana.care.consent import ledger as ledgers
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.forms import ReferenceForm
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.care.consent.payload import CONDITIONS, read_help_asked
from amana.care.consent.rules import (
    WITHDRAWERS,
    confirm_destroyed,
    destroy_copies,
    read_disclosure,
    see_consent,
    watch_destructions,
    withdraw_consent,
    write_for_outsiders,
)
from amana.design.directory.codes import format_language
from amana.trust.access.http import Request, slow_down
from amana.trust.access.models.organisations import Role, User
from amana.trust.access.rules import NotAccessible, can_answer_in_amana, has_role
from amana.trust.vault import disclosures
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models.shared_copies import Disclosure
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LEDGER, CONSENT = "consent/ledger.html", "consent/consent.html"


WITHDRAW, DESTROY = "consent/withdraw.html", "consent/destroy.html"


WITHDRAW_FOR = "consent/withdraw_for.html"


SHARED, DISCLOSURE = "consent/shared.html", "consent/disclosure.html"


DESTRUCTIONS, OWED = "consent/destructions.html", "consent/owed.html"


@require_GET
def ledger(request: Request, case: UUID) -> HttpResponse:
    cases = Case.objects.select_related("team__organisation")
    found = see_case.find(cases, request.user, pk=case)
    context = ledgers.build_section(found, request.user)
    context["may_ask"] = work_on_case.permits(request.user, found)
    return show(request, LEDGER, context)


def consent_of(request: Request, pk: UUID) -> Consent:
    consents = Consent.objects.for_ledger().select_related("case__team__organisation")
    return see_consent.find(consents, request.user, pk=pk)


@require_GET
def consent(request: Request, pk: UUID) -> HttpResponse:
    found = consent_of(request, pk)
    said = actions.open_answer(found, by=request.user, purpose="consent")
    parts = list_readable_parts(request.user, found.case)
    heard = said.get("text") if may_reread(found, parts, request.user) else None
    giver = Consent.GivenBy(said["given_by"]) if said else None
    context = {
        "consent": found,
        "said": said,
        "text": ConsentText.again(heard) if heard else None,
        "given_by": giver,
        "child": giver not in (None, Consent.GivenBy.PERSON),
        "shared": list_field_names(parts, found.fields),
        "text_is_closed": bool(said.get("text")) and heard is None,
        "language": format_language(found.language),
        "may_ask": work_on_case.permits(request.user, found.case),
    }
    return show(request, CONSENT, context)


def may_reread(consent: Consent, parts: Collection[Compartment], user: User) -> bool:
    """Check whether the text, which names every field, may be read: by those who read
    these parts, and by the worker who read it aloud."""
    return consent.taken_by_id == user.pk or not list_closed_parts(
        parts, consent.fields
    )


@require_http_methods(["GET", "POST"])
@apply_once
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    """End it, for anyone in the team; who doesn't see the case learns no more of it."""
    consents = Consent.objects.for_ledger().select_related("case")
    found = withdraw_consent.find(consents, request.user, pk=pk)
    seen = see_consent.permits(request.user, found)
    if request.method == "GET":
        context = {
            "consent": found,
            "seen": seen,
            "uses_amana": can_answer_in_amana(found.recipient),
        }
        return show(request, WITHDRAW, context)
    actions.withdraw(found, by=request.user)
    messages.success(request, _("Consent withdrawn. The shared copy is deleted."))
    if seen:
        return redirect("consent:ledger", found.case_id)
    return redirect("consent:withdraw_for")


@require_http_methods(["GET", "POST"])
def withdraw_for(request: Request) -> HttpResponse:
    """Find what a person shares who asks a colleague of the team: by the reference, in
    two taps."""
    form = ReferenceForm(request.POST or None)
    found = None
    if form.is_valid():
        # References are short: trying many of them is slowed down.
        slow_down(request, "reference")
        found = actions.find_by_reference(
            form.cleaned_data["reference"], by=request.user
        )
        if found is None:
            nothing = _("No case of your team has this reference.")
            form.add_error("reference", nothing)
    roles = [Role(role).label for role in WITHDRAWERS]
    context = {"form": form, "found": found, "withdrawers": roles}
    return show(request, WITHDRAW_FOR, context, status=422 if form.errors else 200)


@require_POST
@apply_once
@require_recent_unlock
def share(request: Request, pk: UUID) -> HttpResponse:
    found = consent_of(request, pk)
    actions.disclose(found, by=request.user)
    messages.success(
        request,
        _("%(team)s can now read what was agreed.") % {"team": found.recipient},
    )
    return redirect("consent:consent", found.pk)


@require_GET
def shared(request: Request) -> HttpResponse:
    """List what others shared with us; referrals have their own inbox."""
    ours = read_disclosure.among(Disclosure.objects.all(), request.user)
    others = ours.exclude(purpose=Consent.Purpose.REFERRAL)
    listed = find_page(others, request, key=("-made_at", "pk"))
    of = [disclosure.case for disclosure in listed]
    cases = Case.objects.select_related("team__organisation").in_bulk(of)
    lines = [
        (disclosure, Consent.Purpose(disclosure.purpose).label, cases[disclosure.case])
        for disclosure in listed
    ]
    return show(request, SHARED, {"disclosures": listed, "lines": lines})


@require_GET
def disclosure(request: Request, pk: UUID) -> HttpResponse:
    found = read_disclosure.find(
        Disclosure.objects.select_related("recipient"), request.user, pk=pk
    )
    content = disclosures.open_disclosure(
        found, by=request.user, purpose="read what was shared"
    )
    letters = disclosures.open_letters(
        found, by=request.user, purpose="read what was shared"
    )
    asks = [c["words"] for letter, c in letters if letter.name == CONDITIONS]
    consents = Consent.objects.select_related("case__team__organisation")
    vital = VitalInterest.objects.select_related("case__team__organisation")
    context = {
        "disclosure": found,
        "purpose": Consent.Purpose(found.purpose).label,
        "consent": consents.filter(pk=found.consent).first()
        or vital.get(pk=found.consent),
        "help": read_help_asked(content),
        "facts": [
            FieldText(FIELDS[key], FIELDS[key].said(value))
            for key, value in content.items()
            if key in FIELDS
        ],
        "conditions": asks,
    }
    return show(request, DISCLOSURE, context)


@require_GET
def destructions(request: Request) -> HttpResponse:
    listed = Destruction.objects.for_list()
    answered = listed.filter(confirmed_at__isnull=False).order_by("-confirmed_at")
    context = {
        "waiting": destroy_copies.among(listed.waiting(), request.user)[:100],
        "outside": write_for_outsiders.among(listed.waiting(), request.user)[:100],
        "confirmed": destroy_copies.among(answered, request.user)[:10],
    }
    return show(request, DESTRUCTIONS, context)


@require_GET
def owed(request: Request) -> HttpResponse:
    """List which recipients have not confirmed yet; of no case."""
    # Refused, and so recorded, instead of showing an empty list.
    if not has_role(request.user, [Role.DATA_PROTECTION_OFFICER]):
        raise NotAccessible(watch_destructions, Destruction, {})
    waiting = Destruction.objects.for_list().waiting()
    found = watch_destructions.among(waiting, request.user)
    return show(
        request, OWED, {"owed": find_page(found, request, key=("told_at", "pk"))}
    )


@require_http_methods(["GET", "POST"])
@apply_once
def destroy(request: Request, pk: int) -> HttpResponse:
    found = confirm_destroyed.find(Destruction.objects.for_list(), request.user, pk=pk)
    if request.method == "GET":
        ours = destroy_copies.permits(request.user, found)
        case = found.basis.case
        parts = ALL_PARTS if ours else list_readable_parts(request.user, case)
        context = {
            "destruction": found,
            "shared": list_field_names(parts, found.basis.fields),
            "ours": ours,
        }
        return show(request, DESTROY, context)
    answer = request.POST.get("answer", "")
    if answer not in Destruction.Answer:
        raise BadRequest("There is no such answer.")
    actions.confirm_destruction(
        found, answer=Destruction.Answer(answer), by=request.user
    )
    messages.success(request, _("Saved. The team that shared it can see your answer."))
    return done(request, then="consent:destructions")
