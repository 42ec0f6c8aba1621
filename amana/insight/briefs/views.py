"""Briefs for those who write, review and publish them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.forms import BoundField
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.design.mechanism.paper import as_html
from amana.design.mechanism.paper.catalogue import SHAPES
from amana.insight.briefs import actions, figures, printing, releasing
from amana.insight.briefs.findings import Noted, noted
from amana.insight.briefs.forms import BeginForm, PublishForm, ReportForm, SectionForm
from amana.insight.briefs.models import Brief, Kind, State
from amana.insight.briefs.parts import (
    CRITERIA,
    OPTIONS,
    Section,
)
from amana.insight.briefs.rules import (
    READERS,
    WRITERS,
    follow_brief,
    publish_brief,
    see_brief,
    write_brief,
)
from amana.insight.briefs.starting import Beginning, gap_of
from amana.insight.briefs.texts import LANGUAGES, Text, text_of
from amana.insight.costing.models import Scenario
from amana.insight.costing.rules import read_costs
from amana.insight.release.rules import PROPOSERS
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAmong, holds
from amana.ui import languages
from amana.ui.http import as_file, done, show
from amana.ui.languages import offered
from amana.ui.lists import Part, Sort, in_parts
from amana.ui.once import once, unless_done
from amana.ui.paging import page

LIST, NEW, ONE = "briefs/list.html", "briefs/new.html", "briefs/brief.html"
EDIT, LOOK = "briefs/edit.html", "briefs/look.html"
FORMATS = ("pdf", "docx")
LISTED = in_parts(
    Sort("newest", gettext_lazy("Latest first"), ("-pk",)),
    Part(
        "to-review",
        gettext_lazy("Waiting for review"),
        lambda: Q(pk__in=Brief.objects.waiting().values("pk")),
    ),
)


def reader_language() -> str:
    mine = languages.base(get_language() or "")
    return mine if mine in LANGUAGES else LANGUAGES[0]


def found(request: Request, pk: int) -> Brief:
    there = Brief.objects.exclude(state=State.AWAY)
    return see_brief.find(there, request.user, pk=pk)


def spoken(brief: Brief, language: str) -> str:
    if language not in LANGUAGES:
        raise NotAmong(see_brief, Brief, {"pk": brief.pk, "language": language})
    return language


@require_GET
def briefs(request: Request) -> HttpResponse:
    """List all that are being written, and those that are published."""
    if not holds(request.user, READERS):
        raise NotAmong(see_brief, Brief, {})
    there = Brief.objects.exclude(state=State.AWAY).with_title(reader_language())
    wanted = LISTED.read(request.GET, None, here=request.path)
    seen = see_brief.among(there, request.user).filter(wanted.where())
    context = {
        "wanted": wanted,
        "page": page(seen, request, key=wanted.key),
        "may_write": holds(request.user, WRITERS),
    }
    return show(request, LIST, context)


@require_http_methods(["GET", "POST"])
@once
def new(request: Request) -> HttpResponse:
    """Begin a brief: “Write a brief about this”. `?about=` an indicator, `&gap=` a
    gap."""
    if not holds(request.user, WRITERS):
        raise NotAmong(write_brief, Brief, {})
    form = BeginForm(posted(request), initial=request.GET.dict())
    if form.is_valid():
        said = form.cleaned_data
        scenario = tried(request, said)
        gap = said["gap"] or (gap_of(scenario) if scenario else "")
        beginning = Beginning(said["about"], gap, scenario)
        begun = actions.begin(beginning, year=said["year"], by=request.user)
        return done(request, then=reverse("briefs:brief", args=[begun.pk]))
    context = {
        "form": form,
        "title": _("Write a brief"),
        "lead": _(
            "Amana drafts it in every language from figures that may be shown. You "
            "then complete it, section by section."
        ),
    }
    return show(request, NEW, context, status=422 if form.is_bound else 200)


def tried(request: Request, said: dict[str, Any]) -> Scenario | None:
    """Find the simulation that the brief is to report, if there is one."""
    if not said["scenario"]:
        return None
    kept = Scenario.objects.for_list()
    return read_costs.find(kept, request.user, pk=said["scenario"])


@require_http_methods(["GET", "POST"])
@once
def new_report(request: Request) -> HttpResponse:
    """Begin a report of a release that two people signed."""
    if not holds(request.user, WRITERS):
        raise NotAmong(write_brief, Brief, {})
    form = ReportForm(posted(request))
    if form.is_valid():
        release = form.cleaned_data["release"]
        begun = actions.begin_report(release, by=request.user)
        return done(request, then=reverse("briefs:brief", args=[begun.pk]))
    context = {
        "form": form,
        "title": _("Write a yearly report"),
        "lead": _(
            "It uses the tables of a release signed by two people, the "
            "recommendations, and what was done."
        ),
    }
    return show(request, NEW, context, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class Row:
    """A section on the page of a brief: how complete its text is in a language."""

    section: Section
    url: str
    must: int
    look: int


@require_GET
def brief(request: Request, pk: int, language: str = "") -> HttpResponse:
    """Show its sections, what has to be corrected, and how it is published."""
    one = found(request, pk)
    language = spoken(one, language or reader_language())
    text = text_of(one)
    marks = [] if one.is_published else noted(text)
    return show(request, ONE, about(request, one, text, marks, language))


def about(
    request: Request, one: Brief, text: Text, marks: list[Noted], language: str
) -> dict[str, object]:
    blocked = {mark.language for mark in marks if mark.finding.sure}
    # A fault in what all languages share, such as a score, blocks each of them.
    ready = [] if "" in blocked else [x for x in LANGUAGES if x not in blocked]
    unsure = any(not mark.finding.sure for mark in marks)
    here = [mark for mark in marks if mark.language in ("", language)]
    missing = [] if one.is_published else releasing.unreleased(text)
    may_write = write_brief.permits(request.user, one)
    may_publish = bool(ready) and publish_brief.permits(request.user, one)
    anew = not one.is_published and releasing.to_ask_anew(text)
    waits = anew and not holds(request.user, PROPOSERS)
    return {
        "brief": one,
        "title": text.said("title", language),
        "language": language,
        "languages": [
            (name, reverse("briefs:brief_in", args=[one.pk, code]), code == language)
            for code, name in offered()
        ],
        "rows": [row(one, section, here, language) for section in one.sections],
        "must": [mark for mark in here if mark.finding.sure],
        "unsure": [mark for mark in here if not mark.finding.sure],
        "missing": releasing.titles(missing),
        "with_it": releasing.titles(releasing.going_out(text)),
        "waiting": text.waiting,
        "releases": releasing.cited(text),
        "may_write": may_write,
        "may_publish": may_publish and not missing,
        "may_ask": may_write and bool(ready) and not waits,
        "anew": anew,
        "may_follow": follow_brief.permits(request.user, one),
        "may_report": one.kind == Kind.REPORT and holds(request.user, WRITERS),
        "ready": [languages.name(code) for code in ready],
        "form": PublishForm(ready, unsure, text.latest),
        "changed": changes(one, text),
        "public": public_page(one) if one.is_published else "",
    }


def changes(one: Brief, text: Text) -> list[figures.Changed]:
    """List the figures that are counted differently today. Of a report none: its
    release is restated, and shows it itself."""
    if not one.is_published or one.kind == Kind.REPORT:
        return []
    return figures.changed(text.figures, one.year)


def public_page(one: Brief) -> str:
    if one.kind == Kind.REPORT:
        return reverse("briefs:report_edition", args=[one.year, one.edition])
    return reverse("briefs:asked_one", args=[one.pk])


def row(one: Brief, section: Section, marks: list[Noted], language: str) -> Row:
    mine = [mark for mark in marks if mark.section is section]
    must = sum(mark.finding.sure for mark in mine)
    url = reverse("briefs:edit", args=[one.pk, language, section.code])
    return Row(section, url, must, len(mine) - must)


@require_http_methods(["GET", "POST"])
@once
def edit(request: Request, pk: int, language: str, part: str) -> HttpResponse:
    """Edit one section in one language."""
    one = write_brief.find(Brief.objects.all(), request.user, pk=pk)
    section = one.section(part)
    if section is None:
        raise NotAmong(write_brief, Brief, {"pk": pk, "part": part})
    text = text_of(one)
    form = SectionForm(section, text, spoken(one, language), posted(request))
    if form.is_valid():
        was = form.cleaned_data["was"]
        actions.write(one, part, language, form.said(), was=was, by=request.user)
        return done(request, then=next_page(request, one, section, language))
    context = {
        "brief": one,
        "section": section,
        "form": form,
        "title": text.said("title", language),
        "language": language,
        "options": options(form) if part == "options" else [],
        "marks": [
            mark
            for mark in noted(text)
            if mark.section is section and mark.language in ("", language)
        ],
        "figures": [
            (f"{{{name}}}", safe.title, safe.words)
            for name, safe in text.figures.items()
        ],
    }
    return show(request, EDIT, context, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class Option:
    title: str
    name: BoundField
    scores: list[tuple[BoundField, BoundField]]


def options(form: SectionForm) -> list[Option]:
    """List each option with its scores and reasons, side by side."""
    return [
        Option(
            str(title),
            form[code],
            [
                (form[f"{code}_{criterion}"], form[f"{code}_{criterion}_why"])
                for criterion in CRITERIA
            ],
        )
        for code, title in OPTIONS.items()
    ]


def next_page(request: Request, one: Brief, section: Section, language: str) -> str:
    """Choose the next section, or the page of all of them."""
    place = one.sections.index(section) + 1
    if "on" in request.POST and place < len(one.sections):
        following = one.sections[place].code
        return reverse("briefs:edit", args=[one.pk, language, following])
    return reverse("briefs:brief_in", args=[one.pk, language])


@require_GET
def look(request: Request, pk: int, language: str) -> HttpResponse:
    """Show the brief as it will be read, its figures filled in."""
    one = found(request, pk)
    text = text_of(one)
    document = printing.document(text, spoken(one, language))
    with override(language):
        body = as_html.article(document)
    context = {"brief": one, "body": body, "language": language, "chart": text.chart}
    return show(request, LOOK, context)


@require_GET
def file(request: Request, pk: int, language: str, format: str) -> HttpResponse:
    one = found(request, pk)
    return kept(text_of(one), spoken(one, language), format, by=request.user.pk)


def kept(
    text: Text, language: str, format: str, address: str = "", *, by: int | None
) -> HttpResponse:
    """Build the file; `plain` is the version in plain language."""
    match format:
        case "pdf":
            made = printing.pdf(text, language, address, by=by).pdf
        case "plain":
            made = SHAPES["pdf"].made(printing.plain_language(text, language), by=by)
        case "docx":
            document = printing.document(text, language, address)
            made = SHAPES["docx"].made(document, by=by)
        case _:
            raise NotAmong(see_brief, Brief, {"format": format})
    ending = "docx" if format == "docx" else "pdf"
    brief, plain = text.brief, "-plain" if format == "plain" else ""
    name = f"{brief.kind}-{brief.pk}-{language}{plain}"
    return as_file(made, SHAPES[ending].media_type, f"{name}.{ending}")


@require_POST
@once
def ask(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    actions.ask_for_a_look(one, by=request.user)
    return done(request, then=reverse("briefs:brief", args=[pk]))


@require_POST
@unless_done
def publish(request: Request, pk: int) -> HttpResponse:
    """Publish the brief; its pages are counted before a transaction begins."""
    one = found(request, pk)
    publish_brief.require(request.user, one)
    asked = request.POST.getlist("languages")
    wanted = [language for language in LANGUAGES if language in asked]
    too_long = printing.too_long(text_of(one), wanted, by=request.user.pk)
    return let_out(request, one, too_long)


@once
def let_out(request: Request, one: Brief, too_long: bool) -> HttpResponse:
    actions.publish(
        one,
        request.POST.getlist("languages"),
        seen=seen(request),
        too_long=too_long,
        looked="looked" in request.POST,
        by=request.user,
    )
    return done(request, then=reverse("briefs:brief", args=[one.pk]))


def seen(request: Request) -> int:
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() else 0


@require_POST
@once
def put_away(request: Request, pk: int) -> HttpResponse:
    actions.put_away(found(request, pk), by=request.user)
    return done(request, then="briefs:briefs")


@require_POST
@once
def go_on(request: Request, pk: int) -> HttpResponse:
    begun = actions.go_on(found(request, pk), year=figures.years()[0], by=request.user)
    return done(request, then=reverse("briefs:brief", args=[begun.pk]))
