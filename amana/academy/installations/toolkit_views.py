"""Work that passed, offered as a toolkit; what waits to be accepted; and the file."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.installations import offering, rules
from amana.academy.installations.models import MachineCheck, OfferedToolkit
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Role
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import SHOWN_ALONE, done, send_file, show
from amana.ui.once import apply_once


class ToolkitOfferForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("What it is for"),
        help_text=gettext_lazy("For those who learn after you."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
    )
    shows_name = forms.BooleanField(label=gettext_lazy("Show my name"), required=False)


@require_http_methods(["GET", "POST"])
@apply_once
def offer(request: Request, pk: int) -> HttpResponse:
    """Ask how work is to be offered, and offer it."""
    works = MachineCheck.objects.select_related("hand_in__enrolment")
    work = rules.offer_work.find(works, request.user, hand_in=pk)
    form = ToolkitOfferForm(posted(request))
    if form.is_valid():
        offering.offer_toolkit(work, **form.cleaned_data, by=request.user)
        messages.success(request, _("Your work is offered. A coordinator reads it."))
        return done(request, then=reverse("assessment:work", args=[pk]))
    context = {"form": form, "back": reverse("assessment:work", args=[pk])}
    status = 422 if form.is_bound else 200
    return show(request, "installations/offer.html", context, status=status)


def find_offer(request: Request, pk: int, rule: rules.Rule) -> OfferedToolkit:
    return rule.find(OfferedToolkit.objects.for_list(), request.user, pk=pk)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = find_offer(request, pk, rules.withdraw_toolkit)
    offering.withdraw_toolkit(found, by=request.user)
    messages.success(request, _("Your toolkit is withdrawn."))
    return done(request, then=reverse("assessment:work", args=[found.work.hand_in_id]))


@require_GET
def offers(request: Request) -> HttpResponse:
    """Show coordinators what waits to be accepted."""
    if not has_role(request.user, [Role.COORDINATOR]):
        raise NotAccessible(rules.accept_toolkit, OfferedToolkit, {})
    waiting = OfferedToolkit.objects.waiting().for_list()
    found = rules.accept_toolkit.among(waiting, request.user)[:100]
    return show(request, "installations/offers.html", {"offers": found})


@require_POST
@apply_once
def accept(request: Request, pk: int) -> HttpResponse:
    found = find_offer(request, pk, rules.accept_toolkit)
    offering.accept_toolkit(found, by=request.user)
    messages.success(request, _("The toolkit is on the page of its course."))
    return done(request, then="installations:offers")


@require_GET
def download(request: Request, pk: int) -> HttpResponse:
    """Send what was made: the mechanism, the services, the brief, as they are."""
    found = find_offer(request, pk, rules.read_toolkit)
    response = send_file(
        bytes(found.work.made.content), found.work.made.kind, f"toolkit-{pk}.zip"
    )
    response["Content-Security-Policy"] = SHOWN_ALONE
    response["Cache-Control"] = "no-store, private"
    return response
