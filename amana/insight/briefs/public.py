"""What we asked for: the published briefs, for all readers, at addresses that stay."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET

from amana.design.mechanism.paper import as_html
from amana.insight.briefs import printing, releasing
from amana.insight.briefs.models import Brief, Passage, State
from amana.insight.briefs.texts import Text, text_of
from amana.insight.briefs.views import kept, reader_language
from amana.trust.access.http import slow_down
from amana.ui import languages
from amana.ui.http import show
from amana.ui.paging import page

ASKED, ASKED_ONE = "briefs/asked.html", "briefs/asked_one.html"
REPORTS, REPORT_ONE = "briefs/reports.html", "briefs/report.html"


@login_not_required
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    shown = page(Brief.objects.briefs().in_force(), request, key=("-pk",))
    return show(request, ASKED, {"page": shown, "titled": titled(shown)})


def titled(briefs: Iterable[Brief]) -> list[tuple[Brief, str]]:
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
        language = best_of(brief)
        text = Text(brief, {("title", language): titles[brief.pk, language]})
        found.append((brief, text.said("title", language)))
    return found


def published(pk: int, language: str) -> tuple[Brief, str]:
    """Get a published brief, in the language that was asked for or else in the
    reader's, if there is. Raises `Http404`."""
    brief = Brief.objects.briefs().published().filter(pk=pk).first()
    if brief is None or (language and language not in brief.languages):
        raise Http404
    return brief, language or best_of(brief)


def best_of(brief: Brief) -> str:
    mine = reader_language()
    return mine if mine in brief.languages else str(brief.languages[0])


@login_not_required
@require_GET
def one(request: HttpRequest, pk: int, language: str = "") -> HttpResponse:
    brief, language = published(pk, language)
    text = text_of(brief)
    with override(language):
        body = as_html.article(printing.document(text, language))
    newer = Brief.objects.filter(replaces=brief, state=State.PUBLISHED).first()
    context = {
        "brief": brief,
        "title": text.said("title", language),
        "body": body,
        "chart": text.chart,
        "releases": releasing.cited(text),
        "restated": releasing.restated(text),
        "language": language,
        "newer": reverse("briefs:asked_one", args=[newer.pk]) if newer else "",
        "others": [
            (languages.name(code), reverse("briefs:asked_in", args=[pk, code]))
            for code in brief.languages
            if code != language
        ],
    }
    return show(request, ASKED_ONE, context)


@login_not_required
@require_GET
def file(request: HttpRequest, pk: int, language: str, format: str) -> HttpResponse:
    slow_down(request, "figures")
    brief, language = published(pk, language)
    return kept(text_of(brief), language, format, by=None)


# --- the report of a year


@login_not_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    there = Brief.objects.reports().in_force().order_by("-year")
    return show(request, REPORTS, {"titled": titled(there)})


@login_not_required
@require_GET
def report(request: HttpRequest, year: int, number: int = 0) -> HttpResponse:
    """Show the latest edition of a year, or the one that is cited."""
    found = edition(year, number)
    language = best_of(found)
    text = text_of(found)
    address = cited(request, found)
    with override(language):
        body = as_html.article(printing.document(text, language, address))
    latest = edition(year)
    context = {
        "brief": found,
        "title": text.said("title", language),
        "body": body,
        "language": language,
        "address": address,
        "restated": releasing.restated(text),
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
    found = edition(year, number)
    # A language in which it was not published was not reviewed.
    if language not in found.languages:
        raise Http404
    return kept(text_of(found), language, format, cited(request, found), by=None)


def edition(year: int, number: int = 0) -> Brief:
    """Get an edition by its number; without one, the latest. Raises `Http404`."""
    there = Brief.objects.reports().published().filter(year=year)
    editions = list(there.order_by("published_at", "pk"))
    if not editions or number > len(editions):
        raise Http404
    return editions[number - 1]


def cited(request: HttpRequest, found: Brief) -> str:
    """Build the address of exactly this edition."""
    there = reverse("briefs:report_edition", args=[found.year, found.edition])
    return request.build_absolute_uri(there)
