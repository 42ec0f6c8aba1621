"""Costings: begin, assume, price, read the result, take it along."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.insight.costing import actions, costing_files
from amana.insight.costing.forms import (
    AssumptionsForm,
    ConsequenceForm,
    CostingForm,
    IngredientForm,
    build_typed,
    build_typed_consequence,
    convert_to_typed,
)
from amana.insight.costing.models import Consequence, Costing, DriverChoice, Ingredient
from amana.insight.costing.results import (
    CostingResults,
    CostTable,
    format_cell,
    iterate_headlines,
)
from amana.insight.costing.rules import read_costs, write_costs
from amana.insight.costing.views import may_write, require_reader, require_writer
from amana.trust.access.http import Request, posted
from amana.ui.http import done, send_file, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LIST, COSTING = "costing/costings.html", "costing/costing.html"
FORM, ASSUMPTIONS = "costing/form.html", "costing/assumptions.html"
INGREDIENT, CONSEQUENCE = "costing/ingredient.html", "costing/consequence.html"

FORMATS = {
    "csv": (costing_files.write_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        costing_files.write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@require_GET
def costings(request: Request) -> HttpResponse:
    require_reader(request, Costing)
    found = read_costs.among(Costing.objects.for_list(), request.user)
    kept = find_page(found, request, key=("-made_at", "pk"))
    return show(request, LIST, {"costings": kept, "may_write": may_write(request)})


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    require_writer(request, Costing)
    form = CostingForm(posted(request))
    if form.is_valid():
        made = actions.begin_costing(**form.cleaned_data, by=request.user)
        return done(request, then=build_address(made))
    context = {"form": form, "back": reverse("costing:costings")}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


def build_address(costing: Costing) -> str:
    return reverse("costing:costing", args=[costing.pk])


@require_GET
def costing(request: Request, pk: UUID) -> HttpResponse:
    found = read_costs.find(Costing.objects.for_list(), request.user, pk=pk)
    results = CostingResults(found)
    context = {
        "costing": found,
        "results": results,
        "headline": list(iterate_headlines(results)),
        "tables": [build_shown_table(table) for table in results.of_doing()],
        "doing_nothing": [
            build_shown_table(table) for table in results.of_doing_nothing()
        ],
        "charts": [results.chart_of_centres(), results.chart_of_swings()],
        "assumed": [
            (
                DriverChoice(assumption.driver).label,
                [format_assumption(assumption, s) for s in ("low", "likely", "high")],
                assumption.source,
            )
            for assumption in sorted(results.assumptions.values(), key=get_driver_rank)
        ],
        "inaction": results.inaction,
        "may_write": may_write(request),
    }
    return show(request, COSTING, context)


def get_driver_rank(one: Any) -> int:
    return list(DriverChoice).index(DriverChoice(one.driver))


def format_assumption(one: Any, scenario: str) -> str:
    typed = convert_to_typed(DriverChoice(one.driver), getattr(one, scenario))
    return format_cell(typed)


def build_shown_table(table: CostTable) -> dict[str, object]:
    """Build the cells with the head of their column each, as a narrow screen needs
    it."""
    return {
        "title": table.title,
        "columns": [
            (label, n > 0 and any(isinstance(row[n], Decimal) for row in table.rows))
            for n, label in enumerate(table.columns)
        ],
        "rows": [
            [
                (label, format_cell(cell), n > 0 and not isinstance(cell, str))
                for n, (label, cell) in enumerate(zip(table.columns, row, strict=True))
            ]
            for row in table.rows
        ],
    }


@require_GET
def sheet(request: Request, pk: UUID, format: str) -> HttpResponse:
    found = read_costs.find(Costing.objects.for_list(), request.user, pk=pk)
    write, kind = FORMATS[format]
    return send_file(write(CostingResults(found)), kind, f"costing.{format}")


# -- writing


def to_write(request: Request, pk: UUID) -> Costing:
    return write_costs.find(Costing.objects.for_list(), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def about(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)
    names = ("title", "currency", "first_year", "years")
    initial = {name: getattr(found, name) for name in names}
    form = CostingForm(posted(request), initial=initial)
    if form.is_valid():
        actions.change_costing(found, **form.cleaned_data, by=request.user)
        return done(request, then=build_address(found))
    context = {"form": form, "back": build_address(found), "costing": found}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def assumptions(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)
    given = {assumption.driver: assumption for assumption in found.assumptions.all()}
    form = AssumptionsForm(posted(request), given=given)
    if form.is_valid():
        actions.record_assumptions(found, form.assumed, by=request.user)
        return done(request, then=build_address(found))
    context = {"form": form, "costing": found}
    return show(request, ASSUMPTIONS, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def add(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)
    form = IngredientForm(posted(request))
    if form.is_valid():
        actions.add_ingredient(found, form.priced, by=request.user)
        return done(request, then=build_address(found))
    context = {"form": form, "costing": found}
    return show(request, INGREDIENT, context, status=422 if form.is_bound else 200)


def to_alter(request: Request, pk: UUID, number: int) -> Ingredient:
    listed = Ingredient.objects.for_list().select_related("costing")
    return write_costs.find(listed, request.user, pk=number, costing=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def alter(request: Request, pk: UUID, number: int) -> HttpResponse:
    one = to_alter(request, pk, number)
    form = IngredientForm(posted(request), initial=build_typed(one))
    if form.is_valid():
        actions.change_ingredient(one, form.priced, by=request.user)
        return done(request, then=build_address(one.costing))
    context = {"form": form, "costing": one.costing, "ingredient": one}
    return show(request, INGREDIENT, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def remove(request: Request, pk: UUID, number: int) -> HttpResponse:
    one = to_alter(request, pk, number)
    actions.remove_ingredient(one, by=request.user)
    return done(request, then=build_address(one.costing))


# -- what it costs to do nothing


@require_http_methods(["GET", "POST"])
@apply_once
def add_consequence(request: Request, pk: UUID) -> HttpResponse:
    found = to_write(request, pk)
    form = ConsequenceForm(posted(request))
    if form.is_valid():
        actions.add_consequence(found, form.follows, by=request.user)
        return done(request, then=build_address(found))
    context = {"form": form, "costing": found}
    return show(request, CONSEQUENCE, context, status=422 if form.is_bound else 200)


def consequence_of(request: Request, pk: UUID, number: int) -> Consequence:
    listed = Consequence.objects.select_related("costing")
    return write_costs.find(listed, request.user, pk=number, costing=pk)


@require_http_methods(["GET", "POST"])
@apply_once
def alter_consequence(request: Request, pk: UUID, number: int) -> HttpResponse:
    one = consequence_of(request, pk, number)
    form = ConsequenceForm(posted(request), initial=build_typed_consequence(one))
    if form.is_valid():
        actions.change_consequence(one, form.follows, by=request.user)
        return done(request, then=build_address(one.costing))
    context = {"form": form, "costing": one.costing, "consequence": one}
    return show(request, CONSEQUENCE, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def remove_consequence(request: Request, pk: UUID, number: int) -> HttpResponse:
    one = consequence_of(request, pk, number)
    actions.remove_consequence(one, by=request.user)
    return done(request, then=build_address(one.costing))
