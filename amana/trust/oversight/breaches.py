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
from amana.trust.access.rules import NotAmong, holds
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
from amana.ui.http import show, written
from amana.ui.lists import Part, Sort, in_parts
from amana.ui.once import once
from amana.ui.paging import page

LIST = "oversight/breaches.html"
ONE = "oversight/breach.html"
WRITE = "oversight/write.html"
LISTED = in_parts(
    Sort("found", gettext_lazy("Latest first"), ("-found_at", "-pk")),
    Part(
        "open",
        pgettext_lazy("alarms or data breaches", "Open"),
        lambda: Q(pk__in=Breach.objects.open().values("pk")),
    ),
)


@require_GET
def register(request: Request) -> HttpResponse:
    if not holds(request.user, OVERSEERS):
        raise NotAmong(read_breach, Breach, {})
    seen = read_breach.among(Breach.objects.for_list(), request.user)
    wanted = LISTED.read(request.GET, None, here=request.path)
    context = {
        "wanted": wanted,
        "breaches": page(seen.filter(wanted.where()), request, key=wanted.key),
        "keeps": holds(request.user, KEEPERS),
    }
    return show(request, LIST, context)


@require_GET
def breach(request: Request, pk: UUID) -> HttpResponse:
    found = read_breach.find(Breach.objects.all(), request.user, pk=pk)
    keeps = found.is_open and holds(request.user, KEEPERS)
    return show(request, ONE, {"breach": found, "keeps": keeps})


# --- writing


def address(breach: Breach) -> str:
    return reverse("audit:breach", args=[breach.pk])


def now() -> dict[str, Any]:
    return {"at": timezone.localtime()}


def to_keep(request: Request, pk: UUID) -> Breach:
    return keep_breach.find(Breach.objects.all(), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@once
def new(request: Request) -> HttpResponse:
    if not holds(request.user, KEEPERS):
        raise NotAmong(keep_breach, Breach, {})
    form = BreachForm(posted(request), initial={"found_at": timezone.localtime()})
    names = ("words", "found_at", "happened_on")
    return written(
        request,
        WRITE,
        form,
        lambda said: actions.record(
            assessed=form.assessed,
            **{name: said[name] for name in names},
            by=request.user,
        ),
        title=_("Record a data breach"),
        back=reverse("audit:breaches"),
    )


@require_http_methods(["GET", "POST"])
@once
def assess(request: Request, pk: UUID) -> HttpResponse:
    found = to_keep(request, pk)
    said = {name: getattr(found, name) for name in ASSESSED}
    form = AssessForm(posted(request), initial=said)
    return written(
        request,
        WRITE,
        form,
        lambda _said: actions.assess(found, form.assessed, by=request.user),
        title=_("Change details"),
        back=address(found),
    )


@require_http_methods(["GET", "POST"])
@once
def notify(request: Request, pk: UUID) -> HttpResponse:
    found = to_keep(request, pk)
    return written(
        request,
        WRITE,
        NotifyForm(posted(request), initial=now()),
        lambda said: actions.notify(found, **said, by=request.user),
        title=_("Record notification to the regulator"),
        back=address(found),
    )


@require_http_methods(["GET", "POST"])
@once
def tell_people(request: Request, pk: UUID) -> HttpResponse:
    found = to_keep(request, pk)
    return written(
        request,
        WRITE,
        PeopleForm(posted(request), initial={"on": timezone.localdate()}),
        lambda said: actions.tell_people(found, **said, by=request.user),
        title=_("Record notification to the people concerned"),
        back=address(found),
    )


@require_http_methods(["GET", "POST"])
@once
def close(request: Request, pk: UUID) -> HttpResponse:
    found = to_keep(request, pk)
    return written(
        request,
        WRITE,
        CloseForm(posted(request)),
        lambda said: actions.close(found, **said, by=request.user),
        title=_("Close the data breach"),
        back=address(found),
    )


@require_http_methods(["GET", "POST"])
@once
def strike(request: Request, pk: UUID) -> HttpResponse:
    found = to_keep(request, pk)
    return written(
        request,
        WRITE,
        StrikeForm(posted(request)),
        lambda said: actions.strike(found, **said, by=request.user),
        title=_("It was not a data breach"),
        back=address(found),
    )
