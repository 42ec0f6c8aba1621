"""The register of data incidents, for those who oversee."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.oversight import actions
from amana.trust.oversight.forms import (
    ASSESSED,
    AssessForm,
    BreachForm,
    CloseForm,
    NotifyForm,
    PeopleForm,
    StrikeForm,
)
from amana.trust.oversight.models import Breach
from amana.trust.oversight.rules import KEEPERS, OVERSEERS, keep_breach, read_breach
from amana.ui.http import answer_form, show
from amana.ui.lists import ListSort, NumberedPart, build_parts_list
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LIST = "oversight/breaches.html"
ONE = "oversight/breach.html"
WRITE = "oversight/write.html"
LISTED = build_parts_list(
    ListSort("found", gettext_lazy("Latest first"), ("-found_at", "-pk")),
    NumberedPart(
        "open",
        pgettext_lazy("alarms or data breaches", "Open"),
        lambda: Q(pk__in=Breach.objects.open().values("pk")),
    ),
)


@require_GET
def register(request: Request) -> HttpResponse:
    if not has_role(request.user, OVERSEERS):
        raise NotAccessible(read_breach, Breach, {})
    seen = read_breach.among(Breach.objects.for_list(), request.user)
    wanted = LISTED.read(request.GET, None, here=request.path)
    context = {
        "wanted": wanted,
        "breaches": find_page(seen.filter(wanted.where()), request, key=wanted.key),
        "keeps": has_role(request.user, KEEPERS),
    }
    return show(request, LIST, context)


@require_GET
def breach(request: Request, pk: UUID) -> HttpResponse:
    found = read_breach.find(Breach.objects.all(), request.user, pk=pk)
    keeps = found.is_open and has_role(request.user, KEEPERS)
    return show(request, ONE, {"breach": found, "keeps": keeps})


# --- writing


def get_address(breach: Breach) -> str:
    return reverse("audit:breach", args=[breach.pk])


def get_initial_time() -> dict[str, Any]:
    return {"at": timezone.localtime()}


def find_to_keep(request: Request, pk: UUID) -> Breach:
    return keep_breach.find(Breach.objects.all(), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    if not has_role(request.user, KEEPERS):
        raise NotAccessible(keep_breach, Breach, {})
    form = BreachForm(posted(request), initial={"found_at": timezone.localtime()})
    names = ("words", "found_at", "happened_on")
    return answer_form(
        request,
        WRITE,
        form,
        lambda said: actions.record_breach(
            assessed=form.assessed,
            **{name: said[name] for name in names},
            by=request.user,
        ),
        title=_("Record a data breach"),
        back=reverse("audit:breaches"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def assess(request: Request, pk: UUID) -> HttpResponse:
    found = find_to_keep(request, pk)
    said = {name: getattr(found, name) for name in ASSESSED}
    form = AssessForm(posted(request), initial=said)
    return answer_form(
        request,
        WRITE,
        form,
        lambda _said: actions.assess_breach(found, form.assessed, by=request.user),
        title=_("Change details"),
        back=get_address(found),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def notify(request: Request, pk: UUID) -> HttpResponse:
    found = find_to_keep(request, pk)
    return answer_form(
        request,
        WRITE,
        NotifyForm(posted(request), initial=get_initial_time()),
        lambda said: actions.record_notification(found, **said, by=request.user),
        title=_("Record notification to the regulator"),
        back=get_address(found),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def tell_people(request: Request, pk: UUID) -> HttpResponse:
    found = find_to_keep(request, pk)
    return answer_form(
        request,
        WRITE,
        PeopleForm(posted(request), initial={"on": timezone.localdate()}),
        lambda said: actions.record_people_told(found, **said, by=request.user),
        title=_("Record notification to the people concerned"),
        back=get_address(found),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def close(request: Request, pk: UUID) -> HttpResponse:
    found = find_to_keep(request, pk)
    return answer_form(
        request,
        WRITE,
        CloseForm(posted(request)),
        lambda said: actions.close_breach(found, **said, by=request.user),
        title=_("Close the data breach"),
        back=get_address(found),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def strike(request: Request, pk: UUID) -> HttpResponse:
    found = find_to_keep(request, pk)
    return answer_form(
        request,
        WRITE,
        StrikeForm(posted(request)),
        lambda said: actions.strike_breach(found, **said, by=request.user),
        title=_("It was not a data breach"),
        back=get_address(found),
    )
