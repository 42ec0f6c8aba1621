"""The mechanism's own emergency lines, kept up to date by its coordinator."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.cases import actions
from amana.care.cases.forms import EmergencyContactForm
from amana.care.cases.models import EmergencyContact
from amana.care.cases.rules import KEEPERS, keep_emergency_contacts
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once

CONTACTS = "cases/contacts.html"
CONTACT = "cases/contact.html"


@require_GET
def contacts(request: Request) -> HttpResponse:
    """Show whom to call, to every reader. Those who keep the list can change it."""
    context = {
        "contacts": EmergencyContact.objects.for_page(),
        "keeps": has_role(request.user, KEEPERS),
    }
    return show(request, CONTACTS, context)


@require_http_methods(["GET", "POST"])
@apply_once
def add(request: Request) -> HttpResponse:
    if not has_role(request.user, KEEPERS):
        raise NotAccessible(keep_emergency_contacts, EmergencyContact, {})
    form = EmergencyContactForm(request.POST or None)
    if not form.is_valid():
        return show_contact(request, form)
    actions.add_emergency_contact(**form.cleaned_data, by=request.user)
    return done(request, then=reverse("cases:contacts"))


@require_http_methods(["GET", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    contact = found(request, pk)
    form = EmergencyContactForm(request.POST or None, instance=contact)
    if not form.is_valid():
        return show_contact(request, form, contact)
    actions.change_emergency_contact(contact, **form.cleaned_data, by=request.user)
    return done(request, then=reverse("cases:contacts"))


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    actions.remove_emergency_contact(found(request, pk), by=request.user)
    return done(request, then=reverse("cases:contacts"))


def found(request: Request, pk: int) -> EmergencyContact:
    everything = EmergencyContact.objects.all()
    return keep_emergency_contacts.find(everything, request.user, pk=pk)


def show_contact(
    request: Request,
    form: EmergencyContactForm,
    contact: EmergencyContact | None = None,
) -> HttpResponse:
    title = _("Change an emergency line") if contact else _("Add an emergency line")
    context = {"form": form, "contact": contact, "title": title}
    return show(request, CONTACT, context, status=422 if form.is_bound else 200)
