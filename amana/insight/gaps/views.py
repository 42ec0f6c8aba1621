"""Show where help is missing: a list, a table, a map, one gap; and who closes it."""

import json
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.coverage import CoverageAssumptions, PopulationGroup
from amana.design.directory.models import Area
from amana.errors import Refused
from amana.insight.gaps import (
    actions,
    demand,
    gap_files,
    gap_view,
    labels,
    listing,
    maps,
)
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE, Gap, GapKind
from amana.insight.gaps.forms import GapFilterForm, GapPlanForm
from amana.insight.gaps.gap_view import GapView
from amana.insight.gaps.listing import ON_A_PAGE, GapRow
from amana.insight.gaps.models import GapPlan, KeptGap
from amana.insight.gaps.package import BY_CODE, PACKAGE, PackageStep
from amana.insight.gaps.ranking import RankWeights, sort_gaps
from amana.insight.gaps.rules import PLANNERS, READERS, plan_gaps, see_gaps
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Organisation, Role
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui import navigation
from amana.ui.http import done, send_file, show
from amana.ui.once import apply_once
from amana.ui.paging import Page
from amana.ui.typed import parse_small_int

LIST, HEAT, MAP = "gaps/list.html", "gaps/table.html", "gaps/map.html"
PRINT, GAP, PLAN = "gaps/print.html", "gaps/gap.html", "gaps/plan.html"
FROM = "from"
TRIES = "costing:what_if"
BRIEF, UNMET = "briefs:new", "I26"
WRITERS = frozenset({Role.ANALYST, Role.COORDINATOR})


def require_reader(request: Request) -> None:
    if not has_role(request.user, READERS):
        raise NotAccessible(see_gaps, GapPlan, {})


def read_form(request: Request) -> GapFilterForm:
    """Read what was asked, for a user who may ask."""
    require_reader(request)
    with open_catalogue() as catalogue:
        spoken = set(catalogue.directory.codes["languages"].bit)
    return GapFilterForm(
        request.GET.dict(),
        areas=gap_view.list_regions(),
        spoken=spoken,
        years=demand.list_years(),
    )


def build_query(request: Request) -> str:
    """Build the query of what was asked, for links to other pages."""
    said = {k: v for k, v in request.GET.items() if v and k != FROM}
    return urlencode(said)


def build_context(
    request: Request, form: GapFilterForm, look: GapView
) -> dict[str, object]:
    """Build what is on every page of the list."""
    return {
        "form": form,
        "look": look,
        "query": build_query(request),
        "may_plan": bool(request.user.roles & set(PLANNERS)),
        "assumed": describe_assumptions(look.assumed),
    }


def describe_assumptions(what: CoverageAssumptions) -> list[str]:
    language = labels.format_languages(what)
    return [
        _(
            "People travel %(speed)s km an hour, on roads %(detour)s times as long as "
            "the straight line, from the middle of their area."
        )
        % {"speed": what.speed, "detour": labels.format_number(what.detour, 1)},
        _("A journey of up to %(hours)s one way is acceptable.")
        % {"hours": labels.format_hours(what.reach)},
        _("Funding ends soon when it ends within %(days)s days.")
        % {"days": what.ends_within},
        _("The person speaks only %(language)s.") % {"language": language}
        if language
        else _(
            "Languages are not considered: choose one to see which services would "
            "understand."
        ),
    ]


def list_matching_gaps(look: GapView, form: GapFilterForm) -> list[Gap]:
    return [gap for gap in look.gaps if form.fits(gap)]


@require_GET
def listed(request: Request) -> HttpResponse:
    form = read_form(request)
    look = gap_view.build_look(form.chosen_year, form.assumed)
    gaps, plans = list_matching_gaps(look, form), GapPlan.objects.in_force()
    rows = listing.build_rows(
        look, gaps, form.weights, plans, apart=bool(form.said("need"))
    )
    mark_news(look, rows)
    start = parse_small_int(request.GET.get(FROM, "")) or 0
    here = rows[start : start + ON_A_PAGE]
    context = build_context(request, form, look) | {
        "rows": here,
        "total": len(rows),
        "page": Page(
            here,
            build_page_link(request, start - ON_A_PAGE, rows),
            build_page_link(request, start + ON_A_PAGE, rows),
        ),
        "kinds": [
            (
                kind,
                sum(kind in row.kinds for row in rows),
                build_kind_link(request, kind),
            )
            for kind in GapKind
        ],
        "kept": KeptGap.objects.filter(year=look.year or 0).exists(),
        "gone": list_closed_gaps(look),
    }
    return show(request, LIST, context, part="found")


def build_kind_link(request: Request, kind: GapKind) -> str:
    """Build the link to the same list with one kind of gap alone."""
    said = request.GET.copy()
    said.pop(FROM, None)
    said["kind"] = kind.value
    return f"?{said.urlencode()}"


def build_page_link(request: Request, start: int, rows: list[GapRow]) -> str:
    if not -ON_A_PAGE < start < len(rows):
        return ""
    said = request.GET.copy()
    said[FROM] = str(max(0, start))
    return f"?{said.urlencode()}"


def mark_news(look: GapView, rows: list[GapRow]) -> None:
    """Mark what was not there, or was of another kind, when the year before was
    kept."""
    before = KeptGap.objects.of_year((look.year or 0) - 1)
    for row in rows:
        was = {before.get(gap.key) for gap in row.gaps}
        # Without a year that was kept before, nothing is new: else all of it would be.
        if before and was == {None}:
            row.news = _("New")
        elif before and row.gap.kind not in was:
            row.news = _("Changed")


def list_closed_gaps(look: GapView) -> list[str]:
    """List what was kept of the year before, and is no longer found."""
    before = KeptGap.objects.of_year((look.year or 0) - 1)
    return [
        f"{BY_CODE[need].label} · {labels.format_area(area, look.areas)} · "
        f"{labels.format_group(group)}"
        for need, area, group in before
        # A need that has left the package since is no gap that was closed.
        if (need, area, group) not in look.by_key and need in BY_CODE
    ]


@require_GET
def heat(request: Request) -> HttpResponse:
    form = read_form(request)
    look = gap_view.build_look(form.chosen_year, form.assumed)
    step = request.GET.get("step", PackageStep.ARRIVAL)
    needs = [need for need in PACKAGE if need.step == step]
    context = build_context(request, form, look) | {
        "step": step,
        "steps": [(step, step.label) for step in PackageStep],
        "rows": listing.build_squares(look, form.said("group"), needs),
        "areas": list(look.areas.values()),
        "kinds": list(GapKind),
    }
    return show(request, HEAT, context)


@require_GET
def map_(request: Request) -> HttpResponse:
    form = read_form(request)
    look = gap_view.build_look(form.chosen_year, form.assumed)
    need = BY_CODE.get(form.said("need"), PACKAGE[0])
    rows = listing.build_squares(look, form.said("group"), [need])
    squares = dict(zip(look.areas, rows[0][1], strict=True)) if rows else {}
    shapes = Area.objects.filter(level=1).order_by("code")
    context = build_context(request, form, look) | {
        "need": need,
        "drawing": maps.draw_regions(shapes, squares) if squares else None,
        "areas": [(area, squares[code]) for code, area in look.areas.items()]
        if squares
        else [],
        "kinds": list(GapKind),
    }
    return show(request, MAP, context)


@require_GET
def printed(request: Request) -> HttpResponse:
    form = read_form(request)
    look = gap_view.build_look(form.chosen_year, form.assumed)
    plans = GapPlan.objects.in_force()
    rows = listing.build_rows(look, list_matching_gaps(look, form), form.weights, plans)
    context = build_context(request, form, look) | {
        "rows": rows[:100],
        "total": len(rows),
    }
    return show(request, PRINT, context)


@require_GET
def as_csv(request: Request) -> HttpResponse:
    form = read_form(request)
    look = gap_view.build_look(form.chosen_year, form.assumed)
    rows = sort_gaps(list_matching_gaps(look, form), form.weights)
    text = gap_files.write_table(look, rows, GapPlan.objects.in_force())
    return send_file(text, "text/csv; charset=utf-8", build_file_name(look, "csv"))


@require_GET
def as_geojson(request: Request) -> HttpResponse:
    form = read_form(request)
    look = gap_view.build_look(form.chosen_year, form.assumed)
    rows = listing.build_squares(look, form.said("group"))
    # Only here with their shapes, which the other pages leave out.
    whole = {area.code: area for area in Area.objects.filter(level=1)}
    look.areas.update({code: whole[code] for code in look.areas})
    text = json.dumps(gap_files.build_geojson(look, rows))
    return send_file(text, "application/geo+json", build_file_name(look, "geojson"))


def build_file_name(look: GapView, ending: str) -> str:
    return f"gaps-{look.year or 'now'}.{ending}"


@require_POST
@apply_once
def keep(request: Request) -> HttpResponse:
    """Record what is found now, for the next year to be compared with."""
    require_reader(request)
    look = gap_view.build_look()
    if look.year is None:
        raise Refused(_("No figures have been prepared yet."))
    actions.record_year_gaps(look.year, look.gaps, by=request.user)
    messages.success(request, _("This year’s gaps are saved."))
    return done(request, then="gaps:list")


def is_known(look: GapView, kind: str, code: str, part: str) -> bool:
    return (
        kind in BY_CODE
        and code in (EVERYWHERE, *look.areas)
        and part in (EVERYBODY, *PopulationGroup.values)
    )


@require_GET
def gap(request: Request, kind: str, code: str, part: str) -> HttpResponse:
    form = read_form(request)
    look = gap_view.build_look(form.chosen_year, form.assumed)
    if not is_known(look, kind, code, part):
        raise NotAccessible(
            see_gaps, GapPlan, {"need": kind, "area": code, "group": part}
        )
    this = look.by_key.get((kind, code, part))
    context = build_context(request, form, look) | {
        "gap": this,
        "need": BY_CODE[kind],
        "area": labels.format_area(code, look.areas),
        "group": labels.format_group(part),
        "place": [kind, code, part],
        "plans": GapPlan.objects.of(kind, code, part).for_list(),
        "brief": get_brief_url(request, this) if this else "",
        "tries": get_costing_url(request, this) if this else "",
        "others": [
            (labels.format_group(other.group), other)
            for other in look.at(kind, code)
            if other is not this
        ],
    }
    return show(request, GAP, context | (build_gap_context(look, this) if this else {}))


def build_gap_context(look: GapView, this: Gap) -> dict[str, object]:
    """Build everything that is known of one gap, as text."""
    before = look.before
    return {
        "row": listing.build_rows(look, [this], RankWeights(), {})[0],
        "reasons": labels.describe_gap(this, look.assumed),
        "columns": [name for name, _cell in labels.list_groups(this)],
        "funnel": labels.list_funnel(this),
        "excluding": labels.list_exclusions(this),
        "supplied": labels.list_supply(this),
        "declined": labels.list_decline_reasons(this),
        "wait": labels.format_wait(this),
        "shares": labels.list_shares(this),
        "people": labels.format_estimate(this.people),
        "people_note": labels.format_note(this.people, this.people_in(before)),
        "unmet": labels.format_estimate(this.unmet),
        "unmet_note": labels.format_note(
            this.unmet, this.people_in(before, unmet=True)
        ),
        "services": build_services_link(this),
    }


def build_services_link(this: Gap) -> str:
    """Build the link to the services themselves, as far as the reader may see them."""
    area = {"area": this.area} if this.area != EVERYWHERE else {}
    asked = {"what": this.need.code} | area
    return f"{reverse('directory:services')}?{urlencode(asked)}"


def get_costing_url(request: Request, this: Gap) -> str:
    """Get where one simulates what more places would change, while some room offers
    that."""
    # By the name of the address: this room does not know the rooms of costs and briefs,
    # which may be missing.
    url = navigation.get_address(TRIES)
    if not url or request.user.roles.isdisjoint(WRITERS):
        return ""
    area = {"area": this.area} if this.area != EVERYWHERE else {}
    return f"{url}?{urlencode({'type': this.need.code} | area)}"


def get_brief_url(request: Request, this: Gap) -> str:
    """Get where to begin a brief about a gap, while some room offers that."""
    url = navigation.get_address(BRIEF)
    if not url or request.user.roles.isdisjoint(WRITERS):
        return ""
    return f"{url}?{urlencode({'about': UNMET, 'gap': '.'.join(this.key)})}"


@require_http_methods(["GET", "POST"])
@apply_once
def plan(request: Request, kind: str, code: str, part: str) -> HttpResponse:
    """Record who closes a gap, by when, and what it costs."""
    look, place = gap_view.build_look(), [kind, code, part]
    this = look.by_key.get((kind, code, part))
    if this is None or not has_role(request.user, PLANNERS):
        raise NotAccessible(
            plan_gaps, GapPlan, {"need": kind, "area": code, "group": part}
        )
    latest = GapPlan.objects.of(*this.key).for_list().first()
    owners = Organisation.objects.admitted().order_by("name")
    before = latest or GapPlan(status=GapPlan.Status.PLANNED)
    before.pk = None  # a new row: earlier plans stay
    form = GapPlanForm(posted(request), instance=before, owners=owners)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {
            "status": GapPlan.Status(form.cleaned_data["status"])
        }
        actions.record_plan(this, by=request.user, **said)
        messages.success(request, _("Action recorded."))
        return done(request, then=reverse("gaps:gap", args=place))
    context = {
        "form": form,
        "need": this.need,
        "area": labels.format_area(code, look.areas),
        "group": labels.format_group(part),
        "place": place,
    }
    return show(request, PLAN, context, status=422 if form.is_bound else 200)
