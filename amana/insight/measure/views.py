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
    alike,
    country,
    files,
    looking,
    naming,
    times,
)
from amana.insight.measure.asking import AskForm, Question, question
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.forms import NumberForm
from amana.insight.measure.library.reading import library
from amana.insight.measure.looking import Year
from amana.insight.measure.mattering import matter_to, usual_look
from amana.insight.measure.models import CountryNumber, Sheet
from amana.insight.measure.reading import Look, year_in_words
from amana.insight.measure.rules import READERS, SAYERS, read_figures
from amana.insight.measure.telling import Definition
from amana.trust.access.http import Request
from amana.trust.access.models import Role, User
from amana.trust.access.rules import NotAmong, holds
from amana.ui import navigation
from amana.ui.http import as_file, done, show
from amana.ui.once import once
from amana.ui.typed import small_int

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


def seen(request: Request) -> None:
    if not holds(request.user, READERS):
        raise NotAmong(read_figures, Sheet, {})


def year_asked(request: Request) -> Year | None:
    known = looking.years()
    if not known:
        return None
    # A year that is not known falls back to the usual one: links are kept, and years
    # are added.
    wanted = small_int(request.GET.get("year", ""))
    return looking.year(wanted if wanted in known else looking.usual(known))


@dataclass(frozen=True)
class Section:
    title: str
    looks: list[Look]


@require_GET
def home(request: Request) -> HttpResponse:
    seen(request)
    year = year_asked(request)
    if year is None:
        return show(request, NONE)
    group = request.GET.get("group", "")
    group = group if group in naming.GROUPS else ""
    context = {
        "year": year,
        "when": year_in_words(year),
        "years": looking.years(),
        "and_group": f"&group={group}" if group else "",
        "tabs": [
            (title, f"?year={year.number}&group={code}", code == group)
            for code, title in (("", _("Most relevant to you")), *naming.GROUPS.items())
        ],
        "sections": list(sections(request.user, group, year)),
        "may_say": holds(request.user, SAYERS),
    }
    return show(request, HOME, context)


def sections(user: User, group: str, year: Year) -> Iterator[Section]:
    """Yield what matters to a user, in its groups; or all of one group."""
    known = library()
    chosen = [
        c for c, indicator in known.items() if indicator.group == group
    ] or matter_to(user)
    for code, title in naming.GROUPS.items():
        looks = [
            usual_look(known[c], part, year)
            for c in chosen
            if known[c].group == code
            for part in (known[c].parts.values() if group else [known[c].part()])
        ]
        if looks:
            yield Section(str(title), looks)


def look_asked(request: Request, code: str, part: str) -> tuple[Look, AskForm] | None:
    """Read which figure is asked for, in which year and how closely; None without any
    protected table."""
    indicator = library().get(code)
    if indicator is None or (part and part not in indicator.parts):
        raise NotAmong(read_figures, Sheet, {})
    year = year_asked(request)
    if year is None:
        return None
    definition = Definition(indicator, indicator.part(part))
    form = AskForm(request.GET, looking.years(), year.number, definition.part)
    asked = question(form, year.number, definition.part)
    found = looking.year(asked.year) or year
    return Look(definition, found, asked), form


@require_GET
def figure(request: Request, code: str, part: str = "") -> HttpResponse:
    seen(request)
    asked = look_asked(request, code, part)
    if asked is None:
        return show(request, NONE)
    look, form = asked
    definition = look.definition
    context = {
        "look": look,
        "times": times.beside(look),
        "form": form,
        "here": f"?year={look.year.number}",
        "asked": f"?{look.question.query}",
        "definition": definition,
        "kicker": f"{definition.code} · {year_in_words(look.year)}",
        "parts": parts_of(definition, look.question),
        "can_compare": agencies.can_compare(definition),
        "part": definition.part.name,
        "arises": KINDS[definition.part.chosen.kind].arises,
        "method": METHODS[definition.part.measure],
        "may_say": holds(request.user, SAYERS),
        "brief": brief(request, definition.code, look.year.number),
    }
    return show(request, FIGURE, context)


def brief(request: Request, code: str, year: int) -> str:
    """Get where to begin a brief about an indicator, while some room offers that."""
    # By the name of the address: this room does not know the room of briefs, which may
    # be missing.
    url = navigation.address("briefs:new")
    if not url or not holds(request.user, (Role.ANALYST, Role.COORDINATOR)):
        return ""
    return f"{url}?{urlencode({'about': code, 'year': year})}"


def parts_of(
    definition: Definition, asked: Question
) -> list[tuple[str, str, str, bool]]:
    """List the figures of an indicator, where it has several."""
    parts = definition.indicator.parts
    return [
        (
            name,
            naming.said(part.title),
            f"{reverse('measure:part', args=[definition.code, name])}?{asked.query}",
            part is definition.part,
        )
        for name, part in parts.items()
        if len(parts) > 1
    ]


@require_GET
def figure_file(request: Request, code: str, part: str) -> HttpResponse:
    seen(request)
    asked = look_asked(request, code, part)
    if asked is None:
        raise NotAmong(read_figures, Sheet, {})
    look, _form = asked
    name = f"{look.definition.code}-{look.question.year}.csv"
    return as_file(files.table(look), "text/csv; charset=utf-8", name)


@require_GET
def beside(request: Request, code: str, part: str) -> HttpResponse:
    """Show agencies compared with each other."""
    seen(request)
    asked = look_asked(request, code, part)
    if asked is None:
        return show(request, NONE)
    look, _form = asked
    if not agencies.can_compare(look.definition):
        raise NotAmong(read_figures, Sheet, {})
    context = {
        "definition": look.definition,
        "when": year_in_words(look.year),
        "found": agencies.compared(look.definition, look.year),
        "part": look.definition.part.name,
        "years": looking.years(),
        "year": look.year,
    }
    return show(request, AGENCIES, context)


@require_GET
def fairness(request: Request) -> HttpResponse:
    """Show who is screened, believed, accepted, and who waits."""
    seen(request)
    year = year_asked(request)
    if year is None:
        return show(request, NONE)
    asked = request.GET.get("by", "")
    dim = asked if asked in alike.DIMS else alike.DIMS[0]
    context = {
        "year": year,
        "years": looking.years(),
        "when": year_in_words(year),
        "dim": dim,
        "and_by": f"&by={dim}",
        "tabs": [
            (naming.dimension(split), f"?year={year.number}&by={split}", split == dim)
            for split in alike.DIMS
        ],
        "found": alike.compared(library(), year, dim),
    }
    return show(request, ALIKE, context)


@require_http_methods(["GET", "POST"])
@once
def of_country(request: Request) -> HttpResponse:
    """Show and record numbers that no observation gives."""
    seen(request)
    form = NumberForm(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        actions.say_number(
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
        "smallest": country.smallest(),
        "may_say": holds(request.user, SAYERS),
    }
    return show(request, COUNTRY, context, status=422 if form.is_bound else 200)
