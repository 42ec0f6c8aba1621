"""The ledger: who pays, how much of it is spent, what ends before long."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.insight.costing import actions
from amana.insight.costing import ledger as books
from amana.insight.costing.forms import FundForm, GrantForm, MoneyForm
from amana.insight.costing.models import Centre, Fund, Grant
from amana.insight.costing.outcomes import money, number
from amana.insight.costing.rules import read_costs, write_costs
from amana.insight.costing.views import for_readers, for_writers, may_write
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.once import once
from amana.ui.paging import page

LEDGER, GRANT = "costing/ledger.html", "costing/grant.html"
WRITE = "costing/ledger_form.html"


@require_GET
def ledger(request: Request) -> HttpResponse:
    for_readers(request, Grant)
    listed = Grant.objects.with_sums().for_list()
    grants = page(
        read_costs.among(listed, request.user), request, key=("-ends_on", "pk")
    )
    year = timezone.localdate().year
    sums, currency = books.sums(year), currency_of_ledger()
    share = sums.domestic_share
    context = {
        "grants": [(grant, figures(grant)) for grant in grants],
        "page": grants,
        "cliffs": books.cliffs(request.user),
        "year": year,
        "committed": money(sums.committed, currency),
        "spent": money(sums.spent, currency),
        "domestic": None if share is None else number(float(share * 100)),
        "funds": Fund.objects.order_by("title"),
        "may_write": may_write(request),
    }
    return show(request, LEDGER, context)


def currency_of_ledger() -> str:
    return Grant.objects.values_list("currency", flat=True).first() or ""


def figures(grant: Any) -> tuple[str, str]:
    return (
        money(grant.committed, grant.currency),
        money(grant.spent, grant.currency),
    )


@require_http_methods(["GET", "POST"])
@once
def name_fund(request: Request) -> HttpResponse:
    for_writers(request, Fund)
    form = FundForm(posted(request))
    if form.is_valid():
        actions.name_fund(**form.cleaned_data, by=request.user)
        return done(request, then="costing:ledger")
    return writing(request, form, reverse("costing:ledger"))


@require_http_methods(["GET", "POST"])
@once
def new_grant(request: Request) -> HttpResponse:
    for_writers(request, Grant)
    initial = {"currency": currency_of_ledger()}
    form = GrantForm(posted(request), initial=initial, services=services(request))
    if form.is_valid():
        made = actions.record_grant(form.granted, by=request.user)
        return done(request, then=address(made))
    return writing(request, form, reverse("costing:ledger"))


def services(request: Request) -> QuerySet[Service]:
    listed = Service.objects.listed().only("name").order_by("name")
    return see_service.among(listed, request.user)


def address(grant: Grant) -> str:
    return reverse("costing:grant", args=[grant.pk])


@require_http_methods(["GET", "POST"])
@once
def grant(request: Request, pk: UUID) -> HttpResponse:
    """Show what is known of a grant; the form below writes one line of its money."""
    rule = write_costs if request.method == "POST" else read_costs
    found = rule.find(Grant.objects.with_sums().for_list(), request.user, pk=pk)
    form = MoneyForm(posted(request), grant=found)
    if form.is_valid():
        actions.record_money(found, **form.cleaned_data, by=request.user)
        return done(request, then=address(found))
    lines = [
        (
            line.year,
            Centre(line.centre).label,
            money(line.committed, found.currency),
            money(line.spent, found.currency),
        )
        for line in found.money.order_by("year", "centre")
    ]
    context = {
        "grant": found,
        "sums": figures(found),
        "lines": lines,
        "form": form,
        "may_write": may_write(request),
    }
    return show(request, GRANT, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@once
def change_grant(request: Request, pk: UUID) -> HttpResponse:
    found = write_costs.find(Grant.objects.for_list(), request.user, pk=pk)
    names = ("fund", "title", "currency", "starts_on", "ends_on", "service", "source")
    initial = {name: getattr(found, name) for name in names}
    form = GrantForm(posted(request), initial=initial, services=services(request))
    if form.is_valid():
        actions.change_grant(found, form.granted, by=request.user)
        return done(request, then=address(found))
    return writing(request, form, address(found))


def writing(request: Request, form: Any, back: str) -> HttpResponse:
    context = {"form": form, "back": back}
    return show(request, WRITE, context, status=422 if form.is_bound else 200)
