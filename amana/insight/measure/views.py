"""Show figures: the most relevant first, one by one, agencies compared, how equally
groups are treated, and numbers of the country."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from amana.insight.facts.kinds import KINDS
from amana.insight.measure import (
    actions,
    agencies,
    country,
    figure_files,
    figure_years,
    group_comparisons,
    labels,
    times,
)
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_questions import (
    FigureForm,
    FigureQuestion,
    read_question,
)
from amana.insight.measure.figure_view import FigureView, format_year
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.forms import CountryNumberForm
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.mattering import build_default_look, list_relevant_codes
from amana.insight.measure.models import CountryNumber, ProtectedTable
from amana.insight.measure.rules import READERS, SAYERS, read_figures
from amana.trust.access.http import Request
from amana.trust.access.models import Role, User
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui import navigation
from amana.ui.http import done, send_file, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

HOME, FIGURE, NONE = "measure/home.html", "measure/figure.html", "measure/none.html"
AGENCIES, ALIKE = "measure/agencies.html", "measure/alike.html"
COUNTRY = "measure/country.html"

METHODS: Mapping[Measure, str | Promise] = {
    Measure.SHARE: lazy("A share, with its Wilson confidence interval (95 %)."),
    Measure.DISTRIBUTION: lazy(
        "Shares, each with its Wilson confidence interval (95 %)."
    ),
    Measure.MEAN: lazy("A mean, with Student’s confidence interval (95 %)."),
    Measure.MEDIAN: lazy(
        "A median, interpolated within time bands, with the confidence interval "
        "of its order statistics (95 %)."
    ),
    Measure.RATE: lazy("A rate, with Byar’s confidence interval (95 %)."),
    Measure.COUNT: lazy("A count, rounded to 5."),
    Measure.TOTAL: lazy("A sum."),
    Measure.RATIO: lazy("One sum or count divided by another, without an interval."),
}


def require_reader(request: Request) -> None:
    if not has_role(request.user, READERS):
        raise NotAccessible(read_figures, ProtectedTable, {})


def read_year(request: Request) -> FigureYear | None:
    known = figure_years.list_years()
    if not known:
        return None
    # A year that is not known falls back to the usual one: links are kept, and years
    # are added.
    wanted = parse_small_int(request.GET.get("year", ""))
    return figure_years.load_year(
        wanted if wanted in known else figure_years.choose_default_year(known)
    )


@dataclass(frozen=True)
class IndicatorSection:
    title: str
    looks: list[FigureView]


@require_GET
def home(request: Request) -> HttpResponse:
    require_reader(request)
    year = read_year(request)
    if year is None:
        return show(request, NONE)
    group = request.GET.get("group", "")
    group = group if group in labels.GROUPS else ""
    context = {
        "year": year,
        "when": format_year(year),
        "years": figure_years.list_years(),
        "and_group": f"&group={group}" if group else "",
        "tabs": [
            (title, f"?year={year.number}&group={code}", code == group)
            for code, title in (("", _("Most relevant to you")), *labels.GROUPS.items())
        ],
        "sections": list(iterate_sections(request.user, group, year)),
        "may_say": has_role(request.user, SAYERS),
    }
    return show(request, HOME, context)


def iterate_sections(
    user: User, group: str, year: FigureYear
) -> Iterator[IndicatorSection]:
    """Yield what matters to a user, in its groups; or all of one group."""
    known = load_library()
    chosen = [
        c for c, indicator in known.items() if indicator.group == group
    ] or list_relevant_codes(user)
    for code, title in labels.GROUPS.items():
        looks = [
            build_default_look(known[c], part, year)
            for c in chosen
            if known[c].group == code
            for part in (known[c].parts.values() if group else [known[c].part()])
        ]
        if looks:
            yield IndicatorSection(str(title), looks)


def read_look(
    request: Request, code: str, part: str
) -> tuple[FigureView, FigureForm] | None:
    """Read which figure is asked for, in which year and how closely; None without any
    protected table."""
    indicator = load_library().get(code)
    if indicator is None or (part and part not in indicator.parts):
        raise NotAccessible(read_figures, ProtectedTable, {})
    year = read_year(request)
    if year is None:
        return None
    definition = Definition(indicator, indicator.part(part))
    form = FigureForm(
        request.GET, figure_years.list_years(), year.number, definition.part
    )
    asked = read_question(form, year.number, definition.part)
    found = figure_years.load_year(asked.year) or year
    return FigureView(definition, found, asked), form


@require_GET
def figure(request: Request, code: str, part: str = "") -> HttpResponse:
    require_reader(request)
    asked = read_look(request, code, part)
    if asked is None:
        return show(request, NONE)
    look, form = asked
    definition = look.definition
    context = {
        "look": look,
        "times": times.compare_periods(look),
        "form": form,
        "here": f"?year={look.year.number}",
        "asked": f"?{look.question.query}",
        "definition": definition,
        "kicker": f"{definition.code} · {format_year(look.year)}",
        "parts": list_parts(definition, look.question),
        "can_compare": agencies.can_compare(definition),
        "part": definition.part.name,
        "arises": KINDS[definition.part.chosen.kind].arises,
        "method": METHODS[definition.part.measure],
        "may_say": has_role(request.user, SAYERS),
        "brief": get_brief_url(request, definition.code, look.year.number),
    }
    return show(request, FIGURE, context)


def get_brief_url(request: Request, code: str, year: int) -> str:
    """Get where to begin a brief about an indicator, while some room offers that."""
    # By the name of the address: this room does not know the room of briefs, which may
    # be missing.
    url = navigation.get_address("briefs:new")
    if not url or not has_role(request.user, (Role.ANALYST, Role.COORDINATOR)):
        return ""
    return f"{url}?{urlencode({'about': code, 'year': year})}"


def list_parts(
    definition: Definition, asked: FigureQuestion
) -> list[tuple[str, str, str, bool]]:
    """List the figures of an indicator, where it has several."""
    parts = definition.indicator.parts
    return [
        (
            name,
            labels.format_text(part.title),
            f"{reverse('measure:part', args=[definition.code, name])}?{asked.query}",
            part is definition.part,
        )
        for name, part in parts.items()
        if len(parts) > 1
    ]


@require_GET
def figure_file(request: Request, code: str, part: str) -> HttpResponse:
    require_reader(request)
    asked = read_look(request, code, part)
    if asked is None:
        raise NotAccessible(read_figures, ProtectedTable, {})
    look, _form = asked
    name = f"{look.definition.code}-{look.question.year}.csv"
    return send_file(figure_files.write_table(look), "text/csv; charset=utf-8", name)


@require_GET
def beside(request: Request, code: str, part: str) -> HttpResponse:
    """Show agencies compared with each other."""
    require_reader(request)
    asked = read_look(request, code, part)
    if asked is None:
        return show(request, NONE)
    look, _form = asked
    if not agencies.can_compare(look.definition):
        raise NotAccessible(read_figures, ProtectedTable, {})
    context = {
        "definition": look.definition,
        "when": format_year(look.year),
        "found": agencies.compare_agencies(look.definition, look.year),
        "part": look.definition.part.name,
        "years": figure_years.list_years(),
        "year": look.year,
    }
    return show(request, AGENCIES, context)


@require_GET
def fairness(request: Request) -> HttpResponse:
    """Show who is screened, believed, accepted, and who waits."""
    require_reader(request)
    year = read_year(request)
    if year is None:
        return show(request, NONE)
    asked = request.GET.get("by", "")
    dim = asked if asked in group_comparisons.DIMS else group_comparisons.DIMS[0]
    context = {
        "year": year,
        "years": figure_years.list_years(),
        "when": format_year(year),
        "dim": dim,
        "and_by": f"&by={dim}",
        "tabs": [
            (
                labels.label_dimension(split),
                f"?year={year.number}&by={split}",
                split == dim,
            )
            for split in group_comparisons.DIMS
        ],
        "found": group_comparisons.compare_groups(load_library(), year, dim),
    }
    return show(request, ALIKE, context)


@require_http_methods(["GET", "POST"])
@apply_once
def of_country(request: Request) -> HttpResponse:
    """Show and record numbers that no observation gives."""
    require_reader(request)
    form = CountryNumberForm(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        actions.record_country_number(
            CountryNumber.What(said["what"]),
            year=said["year"],
            number=said["number"],
            source=said["source"],
            by=request.user,
        )
        messages.success(request, _("Recorded."))
        return done(request, then=reverse("measure:country"))
    context = {
        "form": form,
        "said": CountryNumber.objects.order_by("what", "-year", "-said_at"),
        "smallest": country.get_smallest_group(),
        "may_say": has_role(request.user, SAYERS),
    }
    return show(request, COUNTRY, context, status=422 if form.is_bound else 200)
