"""Look, file, publish, put away."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from amana.design.mechanism.documents.document_catalogue import SHAPES
from amana.insight.briefs import actions, cited_figures, printing
from amana.insight.briefs.models import Brief
from amana.insight.briefs.rules import publish_brief, see_brief
from amana.insight.briefs.texts import LANGUAGES, BriefText, load_text
from amana.insight.briefs.views.brief_pages import LOOK, found, require_language
from amana.printing import as_html
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, send_file, show
from amana.ui.once import answer_unless_done, apply_once


@require_GET
def look(request: Request, pk: int, language: str) -> HttpResponse:
    """Show the brief as it will be read, its figures filled in."""
    one = found(request, pk)
    text = load_text(one)
    document = printing.build_document(text, require_language(one, language))
    with override(language):
        body = as_html.render_article(document)
    context = {"brief": one, "body": body, "language": language, "chart": text.chart}
    return show(request, LOOK, context)


@require_GET
def file(request: Request, pk: int, language: str, format: str) -> HttpResponse:
    one = found(request, pk)
    return build_file(
        load_text(one), require_language(one, language), format, by=request.user.pk
    )


def build_file(
    text: BriefText, language: str, format: str, address: str = "", *, by: int | None
) -> HttpResponse:
    """Build the file; `plain` is the version in plain language."""
    match format:
        case "pdf":
            made = printing.write_pdf(text, language, address, by=by).pdf
        case "plain":
            made = SHAPES["pdf"].made(
                printing.build_plain_document(text, language), by=by
            )
        case "docx":
            document = printing.build_document(text, language, address)
            made = SHAPES["docx"].made(document, by=by)
        case _:
            raise NotAccessible(see_brief, Brief, {"format": format})
    ending = "docx" if format == "docx" else "pdf"
    brief, plain = text.brief, "-plain" if format == "plain" else ""
    name = f"{brief.kind}-{brief.pk}-{language}{plain}"
    return send_file(made, SHAPES[ending].media_type, f"{name}.{ending}")


@require_POST
@apply_once
def ask(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    actions.request_review(one, by=request.user)
    return done(request, then=reverse("briefs:brief", args=[pk]))


@require_POST
@answer_unless_done
def publish(request: Request, pk: int) -> HttpResponse:
    """Publish the brief; its pages are counted before a transaction begins."""
    one = found(request, pk)
    publish_brief.require(request.user, one)
    asked = request.POST.getlist("languages")
    wanted = [language for language in LANGUAGES if language in asked]
    too_long = printing.is_too_long(load_text(one), wanted, by=request.user.pk)
    return let_out(request, one, too_long)


@apply_once
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
@apply_once
def put_away(request: Request, pk: int) -> HttpResponse:
    actions.discard_brief(found(request, pk), by=request.user)
    return done(request, then="briefs:briefs")


@require_POST
@apply_once
def go_on(request: Request, pk: int) -> HttpResponse:
    begun = actions.begin_next_edition(
        found(request, pk), year=cited_figures.list_years()[0], by=request.user
    )
    return done(request, then=reverse("briefs:brief", args=[begun.pk]))
