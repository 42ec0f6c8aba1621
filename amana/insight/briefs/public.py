"""What we asked for: the briefs that are out, for anybody, at addresses that stay."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET

from amana.design.mechanism.paper import as_html
from amana.insight.briefs import printing
from amana.insight.briefs.models import Brief, State
from amana.insight.briefs.texts import text_of
from amana.insight.briefs.views import kept, reader_language
from amana.ui import languages
from amana.ui.http import show
from amana.ui.paging import page

ASKED, ASKED_ONE = "briefs/asked.html", "briefs/asked_one.html"


@login_not_required
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    there = Brief.objects.in_force().with_title(reader_language())
    return show(request, ASKED, {"page": page(there, request, key=("-pk",))})


def published(pk: int, language: str) -> tuple[Brief, str]:
    """In the language that was asked for; without one, in the reader's if there is."""
    brief = Brief.objects.published().filter(pk=pk).first()
    if brief is None or (language and language not in brief.languages):
        raise Http404
    mine = reader_language()
    return brief, language or (mine if mine in brief.languages else brief.languages[0])


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
    brief, language = published(pk, language)
    return kept(text_of(brief), language, format)
