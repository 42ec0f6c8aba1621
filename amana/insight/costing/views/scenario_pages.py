"""What more places, posts or hours would change: asked in the address, so that a gap
can lead here and a question can be sent on; kept by a button."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.mechanism.rules import see_version
from amana.design.simulation.charts import build_chart
from amana.design.simulation.simulator import ConfidenceBand
from amana.insight.costing import actions, scenario_outcomes
from amana.insight.costing.forms import ScenarioForm, list_places, strip_zeros
from amana.insight.costing.models import BasisChoice, Costing, Ingredient, Scenario
from amana.insight.costing.rules import read_costs
from amana.insight.costing.scenario_outcomes import ScenarioOutcome, format_number
from amana.insight.costing.views import may_write, require_reader, require_writer
from amana.trust.access.http import Request
from amana.ui import navigation
from amana.ui.charts import RowChart
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

WHAT_IF, SCENARIO = "costing/what_if.html", "costing/scenario.html"
SCENARIOS = "costing/scenarios.html"


@require_http_methods(["GET", "POST"])
@apply_once
def what_if(request: Request) -> HttpResponse:
    require_writer(request, Scenario)
    in_force = Version.objects.in_force().for_list()
    version = see_version.among(in_force, request.user).first()
    if version is None or not version.pack.capacity:
        return show(request, WHAT_IF, {"nothing": True})
    sent = request.POST if request.method == "POST" else request.GET
    asked = "what" in sent
    initial = begin_with(request, version.pack)
    form = ScenarioForm(sent if asked else None, pack=version.pack, initial=initial)
    context: dict[str, object] = {"form": form, "version": version, "asked": asked}
    if not (asked and form.is_valid()):
        return show(request, WHAT_IF, context, status=422 if asked else 200)
    outcome = actions.try_change(version, **form.asked, by=request.user)
    if request.method == "POST":
        kept = actions.keep_scenario(outcome, by=request.user)
        return done(request, then=build_scenario_address(kept))
    return show(request, WHAT_IF, context | build_answer(outcome))


def build_scenario_address(scenario: Scenario) -> str:
    return reverse("costing:scenario", args=[scenario.pk])


@require_GET
def scenarios(request: Request) -> HttpResponse:
    require_reader(request, Scenario)
    found = read_costs.among(Scenario.objects.for_list(), request.user)
    kept = find_page(found, request, key=("-made_at", "pk"), size=10)
    context = {
        "outcomes": [scenario_outcomes.load_outcome(scenario) for scenario in kept],
        "page": kept,
        "may_write": may_write(request),
    }
    return show(request, SCENARIOS, context)


@require_GET
def scenario(request: Request, pk: object) -> HttpResponse:
    found = read_costs.find(Scenario.objects.for_list(), request.user, pk=pk)
    context = build_answer(scenario_outcomes.load_outcome(found))
    if may_write(request):
        context["brief"] = build_brief_address(found)
    return show(request, SCENARIO, context)


def build_brief_address(found: Scenario) -> str:
    """Build the address where a brief about it begins, while some room offers that."""
    url = navigation.get_address("briefs:new")
    return f"{url}?{urlencode({'about': 'I26', 'scenario': found.pk})}" if url else ""


# -- where the question begins


def begin_with(request: Request, pack: Pack) -> dict[str, object]:
    """Read what a gap asks for, and find the prices of the latest costing."""
    kind = request.GET.get("type", "")
    costing = Costing.objects.for_list().first()
    what = choose_suggested(pack, kind)
    return {
        "what": what,
        "more": 10 if what.startswith("place") else 1,
        "price": find_price(costing, what),
        "currency": costing.currency if costing else "",
        "arrivals": pack.capacity["arrivals_per_day"],
        "type": kind,
        "area": request.GET.get("area", ""),
    }


def find_price(costing: Costing | None, what: str) -> object:
    basis = BasisChoice.NIGHT if what.startswith("place") else BasisChoice.WORKER
    if costing is None or what.startswith("hours"):
        return None
    priced = Ingredient.objects.filter(costing=costing, basis=basis, price__gt=0)
    first = priced.for_list().first()
    return strip_zeros(first.price) if first else None


BRIEF = frozenset({ServiceType.SH1, ServiceType.SH14})
"""Shelter for some days: the place with the shortest stays."""
SPHERES = {"HE": "health", "MH": "health", "LG": "legal", "DO": "legal"}


def choose_suggested(pack: Pack, service_type: str) -> str:
    """Choose where more of this kind of service would be in the mechanism: a place for
    shelter, else the first role of the sphere that does such work."""
    there = pack.capacity.get("places") or {}
    group = service_type[:2]
    if group in ("SH", "") and list_places(pack):
        by_stay = sorted(there, key=lambda name: there[name]["days"])
        return f"place:{by_stay[0 if service_type in BRIEF else -1]}"
    roles = [pack.roles[name] for name in pack.capacity["staff"]]
    fits = [
        role
        for role in roles
        if role.sphere == SPHERES.get(group)
        or (group not in SPHERES and role.access_role == "case_worker")
    ]
    return f"role:{(fits or roles)[0].id}"


# -- what was found


@dataclass(frozen=True)
class ComparedFigure:
    """A figure before and after."""

    label: str
    before: str
    after: str


def build_answer(outcome: ScenarioOutcome) -> dict[str, object]:
    return {
        "outcome": outcome,
        "rows": list_rows(outcome),
        "charts": list_charts(outcome),
    }


def list_rows(outcome: ScenarioOutcome) -> list[ComparedFigure]:
    before, after = outcome.seen.before, outcome.seen.after
    longer = _("People per year who wait longer than %(days)s days")
    said = [
        (_("Average wait (days)"), "wait", 1),
        (_("Half wait up to (days)"), "half", 1),
        (_("Nine in ten wait up to (days)"), "nine", 1),
        (_("People waiting at any time"), "waiting", 1),
        (_("People per year helped in time"), "in_time", 0),
        (longer % {"days": format_number(outcome.within)}, "unmet", 0),
    ]
    found = [
        ComparedFigure(
            label,
            *(format_interval(getattr(side, name), digits) for side in (before, after)),
        )
        for label, name, digits in said
    ]
    used = (
        _("%(n)s %%") % {"n": format_number(s.used.mean * 100)} for s in (before, after)
    )
    return [*found, ComparedFigure(_("Average use of capacity"), *used)]


def format_interval(band: ConfidenceBand, digits: int) -> str:
    """Format a mean, and its interval."""
    # The lower end of an interval may be below zero; a wait can't be.
    mean, low, high = (
        format_number(max(value, 0.0), digits)
        for value in (band.mean, band.low, band.high)
    )
    return mean if low == high else f"{mean} ({low} – {high})"


def list_charts(outcome: ScenarioOutcome) -> list[RowChart | None]:
    before, after = outcome.seen.before, outcome.seen.after
    return [
        build_chart(
            title,
            [(_("Now"), was, "late"), (_("With the change"), then, "")],
            with_nothing=True,
        )
        for title, was, then in (
            (_("Average wait (days)"), before.wait, after.wait),
            (_("People per year who wait too long"), before.unmet, after.unmet),
        )
    ]
