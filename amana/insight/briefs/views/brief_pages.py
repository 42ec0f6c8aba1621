"""Briefs: the list, a new one, one brief and its parts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.forms import BoundField
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.insight.briefs import actions, cited_figures, releasing
from amana.insight.briefs.findings import NotedFinding, list_findings
from amana.insight.briefs.forms import BeginForm, PublishForm, ReportForm, SectionForm
from amana.insight.briefs.models import Brief, BriefKind, BriefState
from amana.insight.briefs.parts import CRITERIA, OPTIONS, BriefSection
from amana.insight.briefs.rules import (
    READERS,
    WRITERS,
    follow_brief,
    publish_brief,
    see_brief,
    write_brief,
)
from amana.insight.briefs.starting import BriefSubject, find_gap_key
from amana.insight.briefs.texts import LANGUAGES, BriefText, load_text
from amana.insight.costing.models import Scenario
from amana.insight.costing.rules import read_costs
from amana.insight.release.rules import PROPOSERS
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui import languages
from amana.ui.http import done, show
from amana.ui.languages import list_languages
from amana.ui.lists import ListSort, NumberedPart, build_parts_list
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LIST, NEW, ONE = "briefs/list.html", "briefs/new.html", "briefs/brief.html"


EDIT, LOOK = "briefs/edit.html", "briefs/look.html"


FORMATS = ("pdf", "docx")


LISTED = build_parts_list(
    ListSort("newest", gettext_lazy("Latest first"), ("-pk",)),
    NumberedPart(
        "to-review",
        gettext_lazy("Waiting for review"),
        lambda: Q(pk__in=Brief.objects.waiting().values("pk")),
    ),
)


def get_reader_language() -> str:
    mine = languages.get_base_code(get_language() or "")
    return mine if mine in LANGUAGES else LANGUAGES[0]


def found(request: Request, pk: int) -> Brief:
    there = Brief.objects.exclude(state=BriefState.AWAY)
    return see_brief.find(there, request.user, pk=pk)


def require_language(brief: Brief, language: str) -> str:
    if language not in LANGUAGES:
        raise NotAccessible(see_brief, Brief, {"pk": brief.pk, "language": language})
    return language


@require_GET
def briefs(request: Request) -> HttpResponse:
    """List all that are being written, and those that are published."""
    if not has_role(request.user, READERS):
        raise NotAccessible(see_brief, Brief, {})
    there = Brief.objects.exclude(state=BriefState.AWAY).with_title(
        get_reader_language()
    )
    wanted = LISTED.read(request.GET, None, here=request.path)
    seen = see_brief.among(there, request.user).filter(wanted.where())
    context = {
        "wanted": wanted,
        "page": find_page(seen, request, key=wanted.key),
        "may_write": has_role(request.user, WRITERS),
    }
    return show(request, LIST, context)


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    """Begin a brief: “Write a brief about this”. `?about=` an indicator, `&gap=` a
    gap."""
    if not has_role(request.user, WRITERS):
        raise NotAccessible(write_brief, Brief, {})
    form = BeginForm(posted(request), initial=request.GET.dict())
    if form.is_valid():
        said = form.cleaned_data
        scenario = tried(request, said)
        gap = said["gap"] or (find_gap_key(scenario) if scenario else "")
        beginning = BriefSubject(said["about"], gap, scenario)
        begun = actions.begin_brief(beginning, year=said["year"], by=request.user)
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
@apply_once
def new_report(request: Request) -> HttpResponse:
    """Begin a report of a release that two people signed."""
    if not has_role(request.user, WRITERS):
        raise NotAccessible(write_brief, Brief, {})
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
class SectionRow:
    """A section on the page of a brief: how complete its text is in a language."""

    section: BriefSection
    url: str
    must: int
    look: int


@require_GET
def brief(request: Request, pk: int, language: str = "") -> HttpResponse:
    """Show its sections, what has to be corrected, and how it is published."""
    one = found(request, pk)
    language = require_language(one, language or get_reader_language())
    text = load_text(one)
    marks = [] if one.is_published else list_findings(text)
    return show(request, ONE, about(request, one, text, marks, language))


def about(
    request: Request,
    one: Brief,
    text: BriefText,
    marks: list[NotedFinding],
    language: str,
) -> dict[str, object]:
    blocked = {mark.language for mark in marks if mark.finding.sure}
    # A fault in what all languages share, such as a score, blocks each of them.
    ready = [] if "" in blocked else [x for x in LANGUAGES if x not in blocked]
    unsure = any(not mark.finding.sure for mark in marks)
    here = [mark for mark in marks if mark.language in ("", language)]
    missing = [] if one.is_published else releasing.list_unreleased(text)
    may_write = write_brief.permits(request.user, one)
    may_publish = bool(ready) and publish_brief.permits(request.user, one)
    anew = not one.is_published and releasing.needs_new_proposal(text)
    waits = anew and not has_role(request.user, PROPOSERS)
    return {
        "brief": one,
        "title": text.said("title", language),
        "language": language,
        "languages": [
            (name, reverse("briefs:brief_in", args=[one.pk, code]), code == language)
            for code, name in list_languages()
            if code in LANGUAGES
        ],
        "rows": [build_row(one, section, here, language) for section in one.sections],
        "must": [mark for mark in here if mark.finding.sure],
        "unsure": [mark for mark in here if not mark.finding.sure],
        "missing": releasing.format_titles(missing),
        "with_it": releasing.format_titles(releasing.list_going_out(text)),
        "waiting": text.waiting,
        "releases": releasing.list_cited_releases(text),
        "may_write": may_write,
        "may_publish": may_publish and not missing,
        "may_ask": may_write and bool(ready) and not waits,
        "anew": anew,
        "may_follow": follow_brief.permits(request.user, one),
        "may_report": one.kind == BriefKind.REPORT and has_role(request.user, WRITERS),
        "ready": [languages.format_language(code) for code in ready],
        "form": PublishForm(ready, unsure, text.latest),
        "changed": list_changes(one, text),
        "public": build_public_url(one) if one.is_published else "",
    }


def list_changes(one: Brief, text: BriefText) -> list[cited_figures.ChangedFigure]:
    """List the figures that are counted differently today. Of a report none: its
    release is restated, and shows it itself."""
    if not one.is_published or one.kind == BriefKind.REPORT:
        return []
    return cited_figures.list_changed(text.figures, one.year)


def build_public_url(one: Brief) -> str:
    if one.kind == BriefKind.REPORT:
        return reverse("briefs:report_edition", args=[one.year, one.edition])
    return reverse("briefs:asked_one", args=[one.pk])


def build_row(
    one: Brief, section: BriefSection, marks: list[NotedFinding], language: str
) -> SectionRow:
    mine = [mark for mark in marks if mark.section is section]
    must = sum(mark.finding.sure for mark in mine)
    url = reverse("briefs:edit", args=[one.pk, language, section.code])
    return SectionRow(section, url, must, len(mine) - must)


@require_http_methods(["GET", "POST"])
@apply_once
def edit(request: Request, pk: int, language: str, part: str) -> HttpResponse:
    """Edit one section in one language."""
    one = write_brief.find(Brief.objects.all(), request.user, pk=pk)
    section = one.section(part)
    if section is None:
        raise NotAccessible(write_brief, Brief, {"pk": pk, "part": part})
    text = load_text(one)
    form = SectionForm(section, text, require_language(one, language), posted(request))
    if form.is_valid():
        was = form.cleaned_data["was"]
        actions.write_section(
            one, part, language, form.said(), was=was, by=request.user
        )
        return done(request, then=next_page(request, one, section, language))
    context = {
        "brief": one,
        "section": section,
        "form": form,
        "title": text.said("title", language),
        "language": language,
        "options": list_options(form) if part == "options" else [],
        "marks": [
            mark
            for mark in list_findings(text)
            if mark.section is section and mark.language in ("", language)
        ],
        "figures": [
            (f"{{{name}}}", safe.title, safe.words)
            for name, safe in text.figures.items()
        ],
    }
    return show(request, EDIT, context, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class EditionOption:
    title: str
    name: BoundField
    scores: list[tuple[BoundField, BoundField]]


def list_options(form: SectionForm) -> list[EditionOption]:
    """List each option with its scores and reasons, side by side."""
    return [
        EditionOption(
            str(title),
            form[code],
            [
                (form[f"{code}_{criterion}"], form[f"{code}_{criterion}_why"])
                for criterion in CRITERIA
            ],
        )
        for code, title in OPTIONS.items()
    ]


def next_page(
    request: Request, one: Brief, section: BriefSection, language: str
) -> str:
    """Choose the next section, or the page of all of them."""
    place = one.sections.index(section) + 1
    if "on" in request.POST and place < len(one.sections):
        following = one.sections[place].code
        return reverse("briefs:edit", args=[one.pk, language, following])
    return reverse("briefs:brief_in", args=[one.pk, language])
