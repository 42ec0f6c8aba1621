"""Changes we asked for: the published briefs, for all, at addresses that stay."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET

from amana.insight.briefs import printing, releasing
from amana.insight.briefs.models import Brief, BriefState, Passage
from amana.insight.briefs.texts import BriefText, load_text
from amana.insight.briefs.views import build_file, get_reader_language
from amana.printing import as_html
from amana.trust.access.http import slow_down
from amana.ui import languages
from amana.ui.http import show
from amana.ui.paging import find_page

ASKED, ASKED_ONE = "briefs/asked.html", "briefs/asked_one.html"
REPORTS, REPORT_ONE = "briefs/reports.html", "briefs/report.html"


@login_not_required
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    shown = find_page(Brief.objects.briefs().in_force(), request, key=("-pk",))
    return show(request, ASKED, {"page": shown, "titled": list_with_titles(shown)})


def list_with_titles(briefs: Iterable[Brief]) -> list[tuple[Brief, str]]:
    """List each brief with its title."""
    there = list(briefs)
    titles: dict[tuple[int, str], Passage] = {
        (passage.brief_id, passage.language): passage
        for passage in Passage.objects.filter(brief__in=there, part="title").order_by(
            "pk"
        )
    }
    found = []
    for brief in there:
        # In a language in which it was published: the others were not reviewed.
        language = choose_language(brief)
        text = BriefText(brief, {("title", language): titles[brief.pk, language]})
        found.append((brief, text.said("title", language)))
    return found


def get_published(pk: int, language: str) -> tuple[Brief, str]:
    """Get a published brief, in the language that was asked for or else in the
    reader's, if there is. Raises `Http404`."""
    brief = Brief.objects.briefs().published().filter(pk=pk).first()
    if brief is None or (language and language not in brief.languages):
        raise Http404
    return brief, language or choose_language(brief)


def choose_language(brief: Brief) -> str:
    mine = get_reader_language()
    return mine if mine in brief.languages else str(brief.languages[0])


@login_not_required
@require_GET
def one(request: HttpRequest, pk: int, language: str = "") -> HttpResponse:
    brief, language = get_published(pk, language)
    text = load_text(brief)
    with override(language):
        body = as_html.render_article(printing.build_document(text, language))
    newer = Brief.objects.filter(replaces=brief, state=BriefState.PUBLISHED).first()
    context = {
        "brief": brief,
        "title": text.said("title", language),
        "body": body,
        "chart": text.chart,
        "releases": releasing.list_cited_releases(text),
        "restated": releasing.find_restatement(text),
        "language": language,
        "newer": reverse("briefs:asked_one", args=[newer.pk]) if newer else "",
        "others": [
            (
                languages.format_language(code),
                reverse("briefs:asked_in", args=[pk, code]),
            )
            for code in brief.languages
            if code != language
        ],
    }
    return show(request, ASKED_ONE, context)


@login_not_required
@require_GET
def file(request: HttpRequest, pk: int, language: str, format: str) -> HttpResponse:
    slow_down(request, "figures")
    brief, language = get_published(pk, language)
    return build_file(load_text(brief), language, format, by=None)


# --- the report of a year


@login_not_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    there = Brief.objects.reports().in_force().order_by("-year")
    return show(request, REPORTS, {"titled": list_with_titles(there)})


@login_not_required
@require_GET
def report(request: HttpRequest, year: int, number: int = 0) -> HttpResponse:
    """Show the latest edition of a year, or the one that is cited."""
    found = get_edition(year, number)
    language = choose_language(found)
    text = load_text(found)
    address = build_edition_url(request, found)
    with override(language):
        body = as_html.render_article(printing.build_document(text, language, address))
    latest = get_edition(year)
    context = {
        "brief": found,
        "title": text.said("title", language),
        "body": body,
        "language": language,
        "address": address,
        "restated": releasing.find_restatement(text),
        "newer": "" if latest == found else reverse("briefs:report", args=[year]),
        "number": found.edition,
    }
    return show(request, REPORT_ONE, context)


@login_not_required
@require_GET
def report_file(
    request: HttpRequest, year: int, number: int, language: str, format: str
) -> HttpResponse:
    slow_down(request, "figures")
    found = get_edition(year, number)
    # A language in which it was not published was not reviewed.
    if language not in found.languages:
        raise Http404
    return build_file(
        load_text(found), language, format, build_edition_url(request, found), by=None
    )


def get_edition(year: int, number: int = 0) -> Brief:
    """Get an edition by its number; without one, the latest. Raises `Http404`."""
    there = Brief.objects.reports().published().filter(year=year)
    editions = list(there.order_by("published_at", "pk"))
    if not editions or number > len(editions):
        raise Http404
    return editions[number - 1]


def build_edition_url(request: HttpRequest, found: Brief) -> str:
    """Build the address of exactly this edition."""
    there = reverse("briefs:report_edition", args=[found.year, found.edition])
    return request.build_absolute_uri(there)
