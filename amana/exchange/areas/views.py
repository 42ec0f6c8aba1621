"""Loading areas: send a file, say what its columns are, see what would be, load it."""

from collections import Counter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amana.confined import NotRead
from amana.design.directory.actions import require_area_keeper
from amana.design.directory.area_files import AreaPlan
from amana.design.directory.models import Area
from amana.errors import Unreadable
from amana.exchange.areas import actions
from amana.exchange.areas.area_mapping import AreaMapping, read_area_mapping
from amana.exchange.areas.forms import AreaFileForm, AreaMappingForm
from amana.exchange.areas.models import AreaFile
from amana.exchange.areas.rules import bring_area_file
from amana.exchange.sources.opening import open_file
from amana.trust.access.http import Request
from amana.ui.http import show
from amana.ui.once import answer_unless_done, apply_once

START = "areas/start.html"
COLUMNS = "areas/columns.html"
PREVIEWED = 20
FAULTS_SHOWN = 50
LEFT_OUT_SHOWN = 100


@require_http_methods(["GET", "POST"])
@answer_unless_done
def start(request: Request) -> HttpResponse:
    require_area_keeper(request.user)
    form = AreaFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            # Outside a transaction: a file is opened by another process, which may take
            # its time (ADR 68).
            tables = open_file(sent.read(), by=request.user.pk)
        except Unreadable as error:
            form.add_error("file", f"{error.where}: {error.what}")
        except NotRead as error:
            form.add_error("file", str(error))
        else:
            name = sent.name or ""
            return keep(
                request, actions.prepare_area_file(tables, name, by=request.user)
            )
    left_out = Area.objects.exclude(left_out_at=None).for_choice()
    waiting = bring_area_file.among(AreaFile.objects.defer("tables"), request.user)
    context = {
        "form": form,
        "waiting": waiting.order_by("-brought_at"),
        "levels": count_levels(),
        "left_out": left_out[:LEFT_OUT_SHOWN],
        "are_more_left_out": left_out.count() > LEFT_OUT_SHOWN,
    }
    return show(request, START, context, status=422 if form.is_bound else 200)


def count_levels() -> list[dict[str, object]]:
    """Count the areas of each level, and those with a shape."""
    found: Counter[int] = Counter()
    shaped: Counter[int] = Counter()
    levels = Area.objects.in_last_file().values_list("level", flat=True)
    for level in levels.order_by("level"):
        found[level] += 1
    for level in levels.exclude(geometry={}):
        shaped[level] += 1
    return [
        {"level": level, "count": count, "shaped": shaped[level]}
        for level, count in found.items()
    ]


@apply_once
def keep(request: Request, file: AreaFile) -> HttpResponse:
    actions.keep_area_file(file, by=request.user)
    return redirect("areas:columns", file.pk)


def find_file(request: Request, pk: object) -> AreaFile:
    return bring_area_file.find(AreaFile.objects.all(), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
@answer_unless_done
def columns(request: Request, pk: object) -> HttpResponse:
    """Ask what the columns are, and show the areas as they would be."""
    file = find_file(request, pk)
    tables = actions.open_area_file(file)
    form = AreaMappingForm(
        tables, read_area_mapping(file.mapping), request.POST or None
    )
    if form.is_valid():
        return save_columns(request, file, form.build_mapping())
    plan = actions.plan_area_file(file, by=request.user)
    context = {
        "file": file,
        "form": form,
        "notes": tables.notes,
        "plan": plan,
        "shown": plan.records[:PREVIEWED],
        "faults": plan.faults[:FAULTS_SHOWN],
        "languages": list_languages(plan),
        "left_out": name_left_out(plan),
    }
    return show(request, COLUMNS, context, status=422 if form.is_bound else 200)


def list_languages(plan: AreaPlan) -> list[str]:
    """List the languages in which areas of a file have names."""
    found = (code for record in plan.records for code in record.names)
    return list(dict.fromkeys(found))


def name_left_out(plan: AreaPlan) -> list[str]:
    areas = Area.objects.filter(code__in=plan.left_out[:LEFT_OUT_SHOWN]).for_choice()
    return [f"{area.name} ({area.code})" for area in areas]


@apply_once
def save_columns(
    request: Request, file: AreaFile, mapping: AreaMapping
) -> HttpResponse:
    actions.map_area_file(file, mapping, by=request.user)
    return redirect("areas:columns", file.pk)


@require_POST
@answer_unless_done
def load(request: Request, pk: object) -> HttpResponse:
    file = find_file(request, pk)
    # Read before the transaction: it takes long, and SQLite has one lock for writing.
    return apply_plan(request, file, actions.plan_area_file(file, by=request.user))


@apply_once
def apply_plan(request: Request, file: AreaFile, plan: AreaPlan) -> HttpResponse:
    actions.load_area_file(file, plan, by=request.user)
    counts = {"new": plan.new, "changed": plan.changed, "same": plan.same}
    messages.success(
        request,
        _("Areas loaded. New: %(new)s. Changed: %(changed)s. No change: %(same)s.")
        % counts,
    )
    return redirect("areas:start")


@require_POST
@apply_once
def discard(request: Request, pk: object) -> HttpResponse:
    actions.discard_area_file(find_file(request, pk), by=request.user)
    return redirect("areas:start")
