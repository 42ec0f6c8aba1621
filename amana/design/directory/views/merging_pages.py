"""Services that may be the same, and those that are taken out of the directory."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.design.directory import actions
from amana.design.directory.duplicates import DuplicateCandidate, find_candidates
from amana.design.directory.forms.upkeep_forms import AnswerForm, ReasonForm
from amana.design.directory.models import Delisting, DuplicateDecision, Service
from amana.design.directory.rules import edit_service, oversee_directory
from amana.design.directory.views.own_services import find_own
from amana.trust.access.http import Request, posted
from amana.trust.access.models.organisations import Role
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once

DUPLICATES, DELIST, ANSWER = (
    "directory/duplicates.html",
    "directory/delist.html",
    "directory/answer_delisting.html",
)
ON_A_PAGE = 25

SHARED: dict[str, str | Promise] = {
    "name": gettext_lazy("the same name"),
    "phone": gettext_lazy("the same telephone"),
    "place": gettext_lazy("the same place on the map"),
    "organisation": gettext_lazy("the same organisation"),
    "area": gettext_lazy("the same area"),
}


@require_GET
def duplicates(request: Request) -> HttpResponse:
    """List pairs of services that may be the same."""
    if not has_role(request.user, [Role.COORDINATOR]):
        raise NotAccessible(oversee_directory, Service, {})
    found = find_candidates()
    shown = found[:ON_A_PAGE]
    ids = {pk for pair in shown for pk in (pair.first, pair.second)}
    services = Service.objects.for_list().in_bulk(ids)
    context = {
        "pairs": [describe_pair(pair, services) for pair in shown],
        "more": len(found) - len(shown),
    }
    return show(request, DUPLICATES, context)


def describe_pair(
    pair: DuplicateCandidate, services: dict[int, Service]
) -> dict[str, object]:
    return {
        "first": services[pair.first],
        "second": services[pair.second],
        "shared": [SHARED[code] for code in pair.shared],
    }


def find_overseen(request: Request, pk: int) -> Service:
    return oversee_directory.find(Service.objects.for_list(), request.user, pk=pk)


@require_POST
@apply_once
def merge(request: Request, pk: int, into: int) -> HttpResponse:
    """End one service, and let its page lead to the other."""
    other, main = find_overseen(request, pk), find_overseen(request, into)
    actions.merge_services(other, into=main, by=request.user)
    messages.success(
        request,
        _(
            "“%(other)s” now leads to “%(main)s”. You can undo this on the page of "
            "“%(main)s”."
        )
        % {"other": other.called, "main": main.called},
    )
    return done(request, then="directory:duplicates")


@require_POST
@apply_once
def apart(request: Request, pk: int, other: int) -> HttpResponse:
    """Record that two services are not the same."""
    first, second = find_overseen(request, pk), find_overseen(request, other)
    actions.keep_apart(first, second, by=request.user)
    messages.success(request, _("They stay two services."))
    return done(request, then="directory:duplicates")


@require_POST
def unmerge(request: Request, pk: int) -> HttpResponse:
    """List a merged service again."""
    rows = DuplicateDecision.objects.select_related("other")
    decision = oversee_directory.find(rows, request.user, pk=pk)
    actions.undo_merge(decision, by=request.user)
    messages.success(request, _("They are two services again."))
    return done(request, then=reverse("directory:service", args=[decision.other_id]))


@require_POST
def release(request: Request, pk: int) -> HttpResponse:
    """Have the next import update what was changed here."""
    service = find_overseen(request, pk)
    actions.release_fields(service, by=request.user)
    messages.success(request, _("The next import updates these fields."))
    return done(request, then=reverse("directory:service", args=[pk]))


# --- taking out of the directory


def find_delisting(service: Service) -> Delisting:
    found = service.delistings.filter(lifted_at=None).first()
    if found is None:
        raise NotAccessible(edit_service, Delisting, {"service": service.pk})
    return found


@require_http_methods(["GET", "POST"])
@apply_once
def delist(request: Request, pk: int) -> HttpResponse:
    """Take a service out of the directory, for a reason."""
    service = find_own(request, pk)
    form = ReasonForm(posted(request))
    if form.is_valid():
        actions.take_out_service(service, **form.cleaned_data, by=request.user)
        messages.success(
            request, _("It is out of the directory. Its team gets a message.")
        )
        return done(request, then=reverse("directory:service", args=[pk]))
    context = {"form": form, "service": service}
    return show(request, DELIST, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def answer_delisting(request: Request, pk: int) -> HttpResponse:
    """Answer the reason for which a service was taken out."""
    service = find_own(request, pk)
    delisting = find_delisting(service)
    form = AnswerForm(posted(request))
    if form.is_valid():
        actions.answer_delisting(delisting, **form.cleaned_data, by=request.user)
        messages.success(
            request, _("Your answer is saved. A colleague gets a message.")
        )
        return done(request, then=reverse("directory:service", args=[pk]))
    context = {"form": form, "service": service, "delisting": delisting}
    return show(request, ANSWER, context, status=422 if form.is_bound else 200)


@require_POST
def relist(request: Request, pk: int) -> HttpResponse:
    """List a service again."""
    service = find_own(request, pk)
    actions.list_service_again(find_delisting(service), by=request.user)
    messages.success(request, _("It is listed again."))
    return done(request, then=reverse("directory:service", args=[pk]))
