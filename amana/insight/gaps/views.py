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

from amana.design.directory.catalogue import current
from amana.design.directory.coverage import Assumed, Group
from amana.design.directory.models import Area
from amana.errors import Refused
from amana.insight.gaps import actions, demand, files, listing, looking, maps, wording
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE, Gap, Kind
from amana.insight.gaps.forms import AskForm, PlanForm
from amana.insight.gaps.listing import ON_A_PAGE, Row
from amana.insight.gaps.looking import Look
from amana.insight.gaps.models import KeptGap, Plan
from amana.insight.gaps.package import BY_CODE, PACKAGE, Step
from amana.insight.gaps.ranking import Weights, ranked
from amana.insight.gaps.rules import PLANNERS, READERS, plan_gaps, see_gaps
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Organisation, Role
from amana.trust.access.rules import NotAmong, holds
from amana.ui import navigation
from amana.ui.http import as_file, done, show
from amana.ui.once import once
from amana.ui.paging import Page
from amana.ui.typed import small_int

LIST, HEAT, MAP = "gaps/list.html", "gaps/table.html", "gaps/map.html"
PRINT, GAP, PLAN = "gaps/print.html", "gaps/gap.html", "gaps/plan.html"
FROM = "from"
TRIES = "costing:what_if"
BRIEF, UNMET = "briefs:new", "I26"
WRITERS = frozenset({Role.ANALYST, Role.COORDINATOR})


def seen(request: Request) -> None:
    if not holds(request.user, READERS):
        raise NotAmong(see_gaps, Plan, {})


def asked(request: Request) -> AskForm:
    """Read what was asked, for a user who may ask."""
    seen(request)
    with current() as catalogue:
        spoken = set(catalogue.directory.codes["languages"].bit)
    return AskForm(
        request.GET.dict(),
        areas=looking.regions(),
        spoken=spoken,
        years=demand.years(),
    )


def query(request: Request) -> str:
    """Build the query of what was asked, for links to other pages."""
    said = {k: v for k, v in request.GET.items() if v and k != FROM}
    return urlencode(said)


def frame(request: Request, form: AskForm, look: Look) -> dict[str, object]:
    """Build what is on every page of the list."""
    return {
        "form": form,
        "look": look,
        "query": query(request),
        "may_plan": bool(request.user.roles & set(PLANNERS)),
        "assumed": assumed(look.assumed),
    }


def assumed(what: Assumed) -> list[str]:
    language = wording.languages_of(what)
    return [
        _(
            "People travel %(speed)s km an hour, on roads %(detour)s times as long as "
            "the straight line, from the middle of their area."
        )
        % {"speed": what.speed, "detour": wording.number(what.detour, 1)},
        _("A journey of up to %(hours)s one way is acceptable.")
        % {"hours": wording.hours(what.reach)},
        _("Funding ends soon when it ends within %(days)s days.")
        % {"days": what.ends_within},
        _("The person speaks only %(language)s.") % {"language": language}
        if language
        else _(
            "Languages are not considered: choose one to see which services would "
            "understand."
        ),
    ]


def found(look: Look, form: AskForm) -> list[Gap]:
    return [gap for gap in look.gaps if form.fits(gap)]


@require_GET
def listed(request: Request) -> HttpResponse:
    form = asked(request)
    look = looking.look(form.chosen_year, form.assumed)
    gaps, plans = found(look, form), Plan.objects.in_force()
    rows = listing.rows(look, gaps, form.weights, plans, apart=bool(form.said("need")))
    tell_news(look, rows)
    start = small_int(request.GET.get(FROM, "")) or 0
    here = rows[start : start + ON_A_PAGE]
    context = frame(request, form, look) | {
        "rows": here,
        "total": len(rows),
        "page": Page(
            here,
            link(request, start - ON_A_PAGE, rows),
            link(request, start + ON_A_PAGE, rows),
        ),
        "kinds": [
            (kind, sum(kind in row.kinds for row in rows), only(request, kind))
            for kind in Kind
        ],
        "kept": KeptGap.objects.filter(year=look.year or 0).exists(),
        "gone": gone(look),
    }
    return show(request, LIST, context, part="found")


def only(request: Request, kind: Kind) -> str:
    """Build the link to the same list with one kind of gap alone."""
    said = request.GET.copy()
    said.pop(FROM, None)
    said["kind"] = kind.value
    return f"?{said.urlencode()}"


def link(request: Request, start: int, rows: list[Row]) -> str:
    if not -ON_A_PAGE < start < len(rows):
        return ""
    said = request.GET.copy()
    said[FROM] = str(max(0, start))
    return f"?{said.urlencode()}"


def tell_news(look: Look, rows: list[Row]) -> None:
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


def gone(look: Look) -> list[str]:
    """List what was kept of the year before, and is no longer found."""
    before = KeptGap.objects.of_year((look.year or 0) - 1)
    return [
        f"{BY_CODE[need].label} · {wording.area_name(area, look.areas)} · "
        f"{wording.group_name(group)}"
        for need, area, group in before
        # A need that has left the package since is no gap that was closed.
        if (need, area, group) not in look.by_key and need in BY_CODE
    ]


@require_GET
def heat(request: Request) -> HttpResponse:
    form = asked(request)
    look = looking.look(form.chosen_year, form.assumed)
    step = request.GET.get("step", Step.ARRIVAL)
    needs = [need for need in PACKAGE if need.step == step]
    context = frame(request, form, look) | {
        "step": step,
        "steps": [(step, step.label) for step in Step],
        "rows": listing.squares(look, form.said("group"), needs),
        "areas": list(look.areas.values()),
        "kinds": list(Kind),
    }
    return show(request, HEAT, context)


@require_GET
def map_(request: Request) -> HttpResponse:
    form = asked(request)
    look = looking.look(form.chosen_year, form.assumed)
    need = BY_CODE.get(form.said("need"), PACKAGE[0])
    rows = listing.squares(look, form.said("group"), [need])
    squares = dict(zip(look.areas, rows[0][1], strict=True)) if rows else {}
    shapes = Area.objects.filter(level=1).order_by("code")
    context = frame(request, form, look) | {
        "need": need,
        "drawing": maps.drawing(shapes, squares) if squares else None,
        "areas": [(area, squares[code]) for code, area in look.areas.items()]
        if squares
        else [],
        "kinds": list(Kind),
    }
    return show(request, MAP, context)


@require_GET
def printed(request: Request) -> HttpResponse:
    form = asked(request)
    look = looking.look(form.chosen_year, form.assumed)
    plans = Plan.objects.in_force()
    rows = listing.rows(look, found(look, form), form.weights, plans)
    context = frame(request, form, look) | {"rows": rows[:100], "total": len(rows)}
    return show(request, PRINT, context)


@require_GET
def as_csv(request: Request) -> HttpResponse:
    form = asked(request)
    look = looking.look(form.chosen_year, form.assumed)
    rows = ranked(found(look, form), form.weights)
    text = files.table(look, rows, Plan.objects.in_force())
    return as_file(text, "text/csv; charset=utf-8", name_of(look, "csv"))


@require_GET
def as_geojson(request: Request) -> HttpResponse:
    form = asked(request)
    look = looking.look(form.chosen_year, form.assumed)
    rows = listing.squares(look, form.said("group"))
    # Only here with their shapes, which the other pages leave out.
    whole = {area.code: area for area in Area.objects.filter(level=1)}
    look.areas.update({code: whole[code] for code in look.areas})
    text = json.dumps(files.regions(look, rows))
    return as_file(text, "application/geo+json", name_of(look, "geojson"))


def name_of(look: Look, ending: str) -> str:
    return f"gaps-{look.year or 'now'}.{ending}"


@require_POST
@once
def keep(request: Request) -> HttpResponse:
    """Record what is found now, for the next year to be compared with."""
    seen(request)
    look = looking.look()
    if look.year is None:
        raise Refused(_("No figures have been prepared yet."))
    actions.keep(look.year, look.gaps, by=request.user)
    messages.success(request, _("This year’s gaps are saved."))
    return done(request, then="gaps:list")


def is_known(look: Look, kind: str, code: str, part: str) -> bool:
    return (
        kind in BY_CODE
        and code in (EVERYWHERE, *look.areas)
        and part in (EVERYBODY, *Group.values)
    )


@require_GET
def gap(request: Request, kind: str, code: str, part: str) -> HttpResponse:
    form = asked(request)
    look = looking.look(form.chosen_year, form.assumed)
    if not is_known(look, kind, code, part):
        raise NotAmong(see_gaps, Plan, {"need": kind, "area": code, "group": part})
    this = look.by_key.get((kind, code, part))
    context = frame(request, form, look) | {
        "gap": this,
        "need": BY_CODE[kind],
        "area": wording.area_name(code, look.areas),
        "group": wording.group_name(part),
        "place": [kind, code, part],
        "plans": Plan.objects.of(kind, code, part).for_list(),
        "brief": brief(request, this) if this else "",
        "tries": tries(request, this) if this else "",
        "others": [
            (wording.group_name(other.group), other)
            for other in look.at(kind, code)
            if other is not this
        ],
    }
    return show(request, GAP, context | (about(look, this) if this else {}))


def about(look: Look, this: Gap) -> dict[str, object]:
    """Build everything that is known of one gap, as text."""
    before = look.before
    return {
        "row": listing.rows(look, [this], Weights(), {})[0],
        "reasons": wording.reasons(this, look.assumed),
        "columns": [name for name, _cell in wording.groups_of(this)],
        "funnel": wording.funnel(this),
        "excluding": wording.excluding(this),
        "supplied": wording.supplied(this),
        "declined": wording.declined(this),
        "wait": wording.wait(this),
        "shares": wording.shares(this),
        "people": wording.bare(this.people),
        "people_note": wording.note(this.people, this.people_in(before)),
        "unmet": wording.bare(this.unmet),
        "unmet_note": wording.note(this.unmet, this.people_in(before, unmet=True)),
        "services": services(this),
    }


def services(this: Gap) -> str:
    """Build the link to the services themselves, as far as the reader may see them."""
    area = {"area": this.area} if this.area != EVERYWHERE else {}
    asked = {"what": this.need.code} | area
    return f"{reverse('directory:services')}?{urlencode(asked)}"


def tries(request: Request, this: Gap) -> str:
    """Get where one simulates what more places would change, while some room offers
    that."""
    # By the name of the address: this room does not know the rooms of costs and briefs,
    # which may be missing.
    url = navigation.address(TRIES)
    if not url or request.user.roles.isdisjoint(WRITERS):
        return ""
    area = {"area": this.area} if this.area != EVERYWHERE else {}
    return f"{url}?{urlencode({'type': this.need.code} | area)}"


def brief(request: Request, this: Gap) -> str:
    """Get where to begin a brief about a gap, while some room offers that."""
    url = navigation.address(BRIEF)
    if not url or request.user.roles.isdisjoint(WRITERS):
        return ""
    return f"{url}?{urlencode({'about': UNMET, 'gap': '.'.join(this.key)})}"


@require_http_methods(["GET", "POST"])
@once
def plan(request: Request, kind: str, code: str, part: str) -> HttpResponse:
    """Record who closes a gap, by when, and what it costs."""
    look, place = looking.look(), [kind, code, part]
    this = look.by_key.get((kind, code, part))
    if this is None or not holds(request.user, PLANNERS):
        raise NotAmong(plan_gaps, Plan, {"need": kind, "area": code, "group": part})
    latest = Plan.objects.of(*this.key).for_list().first()
    owners = Organisation.objects.admitted().order_by("name")
    before = latest or Plan(status=Plan.Status.PLANNED)
    before.pk = None  # a new row: earlier plans stay
    form = PlanForm(posted(request), instance=before, owners=owners)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"status": Plan.Status(form.cleaned_data["status"])}
        actions.plan(this, by=request.user, **said)
        messages.success(request, _("Action recorded."))
        return done(request, then=reverse("gaps:gap", args=place))
    context = {
        "form": form,
        "need": this.need,
        "area": wording.area_name(code, look.areas),
        "group": wording.group_name(part),
        "place": place,
    }
    return show(request, PLAN, context, status=422 if form.is_bound else 200)
