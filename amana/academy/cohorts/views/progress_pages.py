"""For those who lead a cohort: how far its learners are, messages to them, a report."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.cohorts import actions, cohort_progress, cohort_report
from amana.academy.cohorts.forms import MessageForm
from amana.academy.cohorts.models import Cohort, CohortMessage
from amana.academy.cohorts.rules import lead_its_cohort
from amana.academy.cohorts.views.cohort_pages import led
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.ui.http import done, send_file, show
from amana.ui.once import apply_once

PROGRESS, MESSAGES = "cohorts/progress.html", "cohorts/messages.html"
REPORT = "cohorts/report.html"


@never_cache
@require_GET
def progress(request: Request, pk: int) -> HttpResponse:
    """Show how far those learners are who share it."""
    cohort = led(request, pk)
    found = cohort_progress.load_cohort_progress(cohort)
    return show(request, PROGRESS, {"cohort": cohort, "found": found})


@never_cache
@require_GET
def progress_file(request: Request, pk: int) -> HttpResponse:
    cohort = led(request, pk)
    found = cohort_progress.load_cohort_progress(cohort)
    return send_table(cohort_progress.write_table(found), "progress")


def send_table(text: str, name: str) -> HttpResponse:
    # With a mark, by which spreadsheets know that it is UTF-8.
    return send_file(text.encode("utf-8-sig"), "text/csv", f"{name}.csv")


@never_cache
@require_http_methods(["GET", "POST"])
@apply_once
def messages(request: Request, pk: int) -> HttpResponse:
    """Show what was written to the cohort, and write to all or to one."""
    cohort = led(request, pk)
    seats = cohort.applications.taking_part().select_related("person")
    form = MessageForm(seats, posted(request), initial={"to": request.GET.get("to")})
    if form.is_valid():
        try:
            actions.send_message(cohort, **form.cleaned_data, by=request.user)
        except Refused as reason:
            form.add_error("text", str(reason))
        else:
            return done(request, then=reverse("cohorts:messages", args=[pk]))
    rows = CohortMessage.objects.filter(cohort=cohort).for_list()
    written = lead_its_cohort.among(rows, request.user)
    context = {"cohort": cohort, "form": form, "written": written}
    return show(request, MESSAGES, context, status=422 if form.is_bound else 200)


@require_GET
def report(request: Request, pk: int) -> HttpResponse:
    """Show the counts of a cohort, for who pays for it."""
    cohort = led(request, pk)
    content = load_content(cohort.version)
    context = {
        "cohort": cohort,
        "course": pages.format_text(content, content.title),
        "lines": cohort_report.list_report(cohort),
    }
    return show(request, REPORT, context)


@require_GET
def report_file(request: Request, pk: int) -> HttpResponse:
    cohort: Cohort = led(request, pk)
    lines = cohort_report.list_report(cohort)
    return send_table(cohort_report.write_table(lines), "report")
