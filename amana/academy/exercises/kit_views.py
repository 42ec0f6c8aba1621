"""The kit for play on paper: what there is to print, and each part as a page or PDF."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from amana.academy.cohorts.models import Cohort
from amana.academy.exercises import print_kit, rules
from amana.academy.exercises.shipped_scenarios import ShippedScenario, load_scenarios
from amana.design.pathway.pathway_model import choose_words
from amana.printing import as_html, print_process
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import send_file, show
from amana.ui.languages import format_language

KIT, PAGE = "scenarios/kit.html", "scenarios/kit_page.html"


def find_scenario(request: Request, code: str) -> ShippedScenario:
    """Find a scenario, for those who lead a cohort: it has what players must not
    read."""
    led = rules.open_exercise.among(Cohort.objects.standing(), request.user)
    found = load_scenarios().get(code)
    if found is None or not led.exists():
        raise NotAccessible(rules.open_exercise, Cohort, {"scenario": code})
    return found


@require_GET
def kit(request: Request, code: str) -> HttpResponse:
    """Show what can be printed, in each language of the scenario."""
    shipped = find_scenario(request, code)
    context = {
        "code": code,
        "title": choose_words(shipped.scenario.title, get_language() or "", "en"),
        "languages": [
            (
                language,
                format_language(language),
                print_kit.list_parts(shipped, language),
            )
            for language in shipped.scenario.languages
        ],
    }
    return show(request, KIT, context)


@require_GET
def printed(
    request: Request, code: str, language: str, part: str, format: str
) -> HttpResponse:
    """Show a part of the kit on a page, or send it as PDF."""
    shipped = find_scenario(request, code)
    known = {known.code for known in print_kit.list_parts(shipped, language)}
    if language not in shipped.scenario.languages or part not in known:
        raise NotAccessible(rules.open_exercise, Cohort, {"scenario": code})
    document = print_kit.build_kit(shipped, language, part)
    if format == "pdf":
        made = print_process.print_document(document, "pdf", by=request.user.pk)
        return send_file(made, "application/pdf", f"{code}-{part}-{language}.pdf")
    context = {
        "code": code,
        "title": document.title,
        "body": as_html.render_article(document),
        "pdf": reverse("scenarios:printed", args=[code, language, part, "pdf"]),
    }
    return show(request, PAGE, context)
