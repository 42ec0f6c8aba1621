"""The ledger: who pays, how much of it is spent, what ends before long."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.insight.costing import actions
from amana.insight.costing import ledger_sums as books
from amana.insight.costing.forms import FundForm, GrantForm, MoneyForm
from amana.insight.costing.models import CostCentre, Fund, Grant
from amana.insight.costing.rules import read_costs, write_costs
from amana.insight.costing.scenario_outcomes import format_money, format_number
from amana.insight.costing.views import may_write, require_reader, require_writer
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LEDGER, GRANT = "costing/ledger.html", "costing/grant.html"
WRITE = "costing/ledger_form.html"


@require_GET
def ledger(request: Request) -> HttpResponse:
    require_reader(request, Grant)
    listed = Grant.objects.with_sums().for_list()
    grants = find_page(
        read_costs.among(listed, request.user), request, key=("-ends_on", "pk")
    )
    year = timezone.localdate().year
    sums, currency = books.compute_sums(year), get_ledger_currency()
    share = sums.domestic_share
    context = {
        "grants": [(grant, format_sums(grant)) for grant in grants],
        "page": grants,
        "cliffs": books.list_cliffs(request.user),
        "year": year,
        "committed": format_money(sums.committed, currency),
        "spent": format_money(sums.spent, currency),
        "domestic": None if share is None else format_number(float(share * 100)),
        "funds": Fund.objects.order_by("title"),
        "may_write": may_write(request),
    }
    return show(request, LEDGER, context)


def get_ledger_currency() -> str:
    return Grant.objects.values_list("currency", flat=True).first() or ""


def format_sums(grant: Any) -> tuple[str, str]:
    return (
        format_money(grant.committed, grant.currency),
        format_money(grant.spent, grant.currency),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def name_fund(request: Request) -> HttpResponse:
    require_writer(request, Fund)
    form = FundForm(posted(request))
    if form.is_valid():
        actions.add_fund(**form.cleaned_data, by=request.user)
        return done(request, then="costing:ledger")
    return writing(request, form, reverse("costing:ledger"))


@require_http_methods(["GET", "POST"])
@apply_once
def new_grant(request: Request) -> HttpResponse:
    require_writer(request, Grant)
    initial = {"currency": get_ledger_currency()}
    form = GrantForm(posted(request), initial=initial, services=services(request))
    if form.is_valid():
        made = actions.record_grant(form.granted, by=request.user)
        return done(request, then=build_address(made))
    return writing(request, form, reverse("costing:ledger"))


def services(request: Request) -> QuerySet[Service]:
    listed = Service.objects.listed().only("name").order_by("name")
    return see_service.among(listed, request.user)


def build_address(grant: Any) -> str:
    return reverse("costing:grant", args=[grant.pk])


@require_http_methods(["GET", "POST"])
@apply_once
def grant(request: Request, pk: UUID) -> HttpResponse:
    """Show what is known of a grant; the form below writes one line of its money."""
    rule = write_costs if request.method == "POST" else read_costs
    found = rule.find(Grant.objects.with_sums().for_list(), request.user, pk=pk)
    form = MoneyForm(posted(request), grant=found)
    if form.is_valid():
        actions.record_money(found, **form.cleaned_data, by=request.user)
        return done(request, then=build_address(found))
    lines = [
        (
            line.year,
            CostCentre(line.centre).label,
            format_money(line.committed, found.currency),
            format_money(line.spent, found.currency),
        )
        for line in found.money.order_by("year", "centre")
    ]
    context = {
        "grant": found,
        "sums": format_sums(found),
        "lines": lines,
        "form": form,
        "may_write": may_write(request),
    }
    return show(request, GRANT, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def change_grant(request: Request, pk: UUID) -> HttpResponse:
    found = write_costs.find(Grant.objects.for_list(), request.user, pk=pk)
    names = ("fund", "title", "currency", "starts_on", "ends_on", "service", "source")
    initial = {name: getattr(found, name) for name in names}
    form = GrantForm(posted(request), initial=initial, services=services(request))
    if form.is_valid():
        actions.change_grant(found, form.granted, by=request.user)
        return done(request, then=build_address(found))
    return writing(request, form, build_address(found))


def writing(request: Request, form: Form, back: str) -> HttpResponse:
    context = {"form": form, "back": back}
    return show(request, WRITE, context, status=422 if form.is_bound else 200)
