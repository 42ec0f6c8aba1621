"""Keeping the directory true: what is due, asked, answered; and what services
propose."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.design.directory import actions, labels
from amana.design.directory.actions.verifying import ASKED_BEFORE, is_off
from amana.design.directory.forms.check_forms import PhoneCheckForm
from amana.design.directory.models import (
    ChangeProposal,
    Delisting,
    Service,
    VerificationRequest,
)
from amana.design.directory.models.confirmation import match_due, match_outdated
from amana.design.directory.rules import (
    KEEPERS,
    decide_proposal,
    edit_service,
)
from amana.design.directory.views.own_services import find_own
from amana.trust.access.http import Request, posted
from amana.trust.access.models.organisations import Role
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.lists import ListSort, NumberedPart, build_parts_list
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

VERIFICATION, PHONE, PROPOSAL = (
    "directory/verification.html",
    "directory/phone.html",
    "directory/proposal.html",
)
REQUESTS = VerificationRequest.objects


def list_ids(rows: QuerySet[VerificationRequest] | QuerySet[ChangeProposal]) -> Q:
    return Q(pk__in=rows.values("service"))


def find_delisted() -> Q:
    return Q(pk__in=Delisting.objects.filter(lifted_at=None).values("service"))


LISTED = build_parts_list(
    ListSort("name", gettext_lazy("Name"), ("name", "pk")),
    NumberedPart(
        "proposed",
        gettext_lazy("Changes proposed"),
        lambda: list_ids(ChangeProposal.objects.waiting()),
    ),
    NumberedPart(
        "due", gettext_lazy("Due soon or overdue"), lambda: match_due(ASKED_BEFORE)
    ),
    NumberedPart(
        "asked",
        gettext_lazy("Waiting for an answer"),
        lambda: list_ids(REQUESTS.open()),
    ),
    NumberedPart(
        "undelivered",
        gettext_lazy("Message not delivered"),
        lambda: list_ids(REQUESTS.recent().undelivered()),
    ),
    NumberedPart(
        "to-call",
        gettext_lazy("Due, and no e-mail address"),
        lambda: match_due(ASKED_BEFORE) & Q(email=""),
    ),
    NumberedPart(
        "taken-out", gettext_lazy("Taken out of the directory"), find_delisted
    ),
    NumberedPart("outdated", gettext_lazy("No longer suggested"), match_outdated),
)


@require_GET
def verification(request: Request) -> HttpResponse:
    """List the services that a person maintains, and how far each is confirmed."""
    if not has_role(request.user, (*KEEPERS, Role.COORDINATOR)):
        raise NotAccessible(edit_service, Service, {})
    wanted = LISTED.read(request.GET, None, here=request.path)
    # What was taken out has ended, but its team has to find it and the reason.
    kept = ~Q(status=Service.Status.ENDED) | find_delisted()
    own = edit_service.among(Service.objects.filter(kept), request.user)
    page = wanted.page(own, request, rows=Service.objects.for_list)
    asked = find_last_requests(page.items)
    context = {
        "wanted": wanted,
        "page": page,
        "rows": [(service, asked.get(service.pk)) for service in page.items],
        "keeps_all": has_role(request.user, [Role.COORDINATOR]),
        "reminders_off": is_off(),
        "turn_on": {"on": "1"},
        "turn_off": {"on": "0"},
    }
    return show(request, VERIFICATION, context)


def find_last_requests(services: Iterable[Service]) -> dict[int, VerificationRequest]:
    """Find the newest request of each service."""
    rows = REQUESTS.filter(service__in=[service.pk for service in services])
    return {request.service_id: request for request in rows.order_by("asked_at", "pk")}


@require_POST
@apply_once
def ask_due(request: Request) -> HttpResponse:
    """Ask the next hundred services whose details are due."""
    count = actions.ask_due_services(by=request.user)
    messages.success(
        request,
        ngettext(
            "%(count)s service is being asked.",
            "%(count)s services are being asked.",
            count,
        )
        % {"count": count},
    )
    return done(request, then="directory:verification")


@require_POST
def reminders(request: Request) -> HttpResponse:
    """Turn the reminders on or off."""
    on = request.POST.get("on") == "1"
    actions.switch_reminders(on, by=request.user)
    messages.success(
        request,
        _("Services are reminded again.") if on else _("Services get no reminders."),
    )
    return done(request, then="directory:verification")


@require_POST
@apply_once
def ask(request: Request, pk: int) -> HttpResponse:
    """Mail a link to one service."""
    service = find_own(request, pk)
    actions.ask_service(service, by=request.user)
    messages.success(request, _("The service gets a message with a link."))
    return done(request, then=reverse("directory:service", args=[pk]))


@require_POST
def returned(request: Request, pk: int) -> HttpResponse:
    """Record that a message came back."""
    asked = REQUESTS.select_related("service").filter(pk=pk).first()
    service = find_own(request, asked.service_id if asked else 0)
    assert asked is not None
    actions.record_return(asked, by=request.user)
    messages.success(
        request,
        _("Reminders no longer use this address. Correct it, or call the service."),
    )
    return done(request, then=reverse("directory:service", args=[service.pk]))


@require_http_methods(["GET", "POST"])
@apply_once
def phone(request: Request, pk: int) -> HttpResponse:
    """Record what a service has confirmed by telephone."""
    service = find_own(request, pk)
    form = PhoneCheckForm(posted(request))
    if form.is_valid():
        actions.verify_by_phone(service, **form.cleaned_data, by=request.user)
        messages.success(request, _("Thank you. The service is verified as of today."))
        return done(request, then=reverse("directory:service", args=[pk]))
    context = {
        "form": form,
        "service": service,
        "call": service.phone or service.team.phone,
        "conditions": labels.list_all_conditions(service),
        "languages": labels.format_languages(service.languages),
    }
    return show(request, PHONE, context, status=422 if form.is_bound else 200)


# --- what services propose


def find_proposal(request: Request, pk: int) -> ChangeProposal:
    rows = ChangeProposal.objects.select_related(
        "service__organisation", "service__area"
    )
    return decide_proposal.find(rows, request.user, pk=pk)


@require_GET
def proposal(request: Request, pk: int) -> HttpResponse:
    """Show what a service proposes, beside what is known now."""
    found = find_proposal(request, pk)
    service = found.service
    lines = [
        (
            labels.format_field_label(name),
            labels.format_field_value(name, getattr(service, name)),
            labels.format_field_value(name, value),
        )
        for name, value in found.values.items()
    ]
    context = {"proposal": found, "service": service, "lines": lines}
    return show(request, PROPOSAL, context)


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Set what a service proposes."""
    found = find_proposal(request, pk)
    seen = parse_small_int(request.POST.get("seen", ""))
    actions.accept_proposal(found, seen=seen, by=request.user)
    messages.success(request, _("The changes are saved, and the service is verified."))
    return done(request, then=reverse("directory:service", args=[found.service_id]))


@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    """Leave the service as it is."""
    found = find_proposal(request, pk)
    actions.decline_proposal(found, by=request.user)
    messages.success(request, _("Nothing was changed."))
    return done(request, then=reverse("directory:service", args=[found.service_id]))
