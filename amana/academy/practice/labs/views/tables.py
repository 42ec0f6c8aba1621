"""The home of both, and a table: its seats, its rounds, its breaks and its end."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.cohorts.models import Cohort
from amana.academy.courses.content import load_content
from amana.academy.practice.labs import actions, rules, shipped_cases, shipped_labs
from amana.academy.practice.labs.forms import ReasonForm
from amana.academy.practice.labs.models import Clinic, Lab
from amana.academy.practice.labs.table_status import get_now, load_lab
from amana.academy.practice.labs.table_stream import TABLES, build_key, read_news
from amana.academy.practice.labs.views.table_finding import (
    TABLE,
    build_table_context,
    find_seat,
    find_seated,
    find_table,
    finish,
)
from amana.trust.access.http import Request, posted
from amana.ui.http import answer_form, done, show
from amana.ui.once import apply_once
from amana.ui.streams import open_stream
from amana.ui.typed import parse_small_int

HOME, ASK, CONFIRM = "labs/home.html", "labs/ask.html", "labs/confirm.html"
PARTS = ("table", "talk", "speak", "latest")
"""Parts of a table's page that an open page asks for again by themselves."""


@require_GET
def home(request: Request) -> HttpResponse:
    """Show the clinics and tables of one's cohorts, and what can be begun."""
    cohorts = Cohort.objects.standing().for_list()
    mine = list(rules.take_part.among(cohorts, request.user)[:50])
    led = list(rules.open_lab.among(cohorts, request.user)[:50])
    open_labs = rules.see.among(Lab.objects.open().for_list(), request.user)[:50]
    # Closed ones too, while they are kept: their findings come at the end.
    clinics = rules.hear.among(Clinic.objects.for_list(), request.user)[:50]
    context = {
        "cohorts": mine,
        "labs": [(lab, load_lab(lab).title) for lab in open_labs],
        "clinics": [(clinic, get_clinic_title(clinic)) for clinic in clinics],
        "with_cases": [
            cohort
            for cohort in rules.open_case.among(cohorts, request.user)[:50]
            if load_content(cohort.version).clinics
        ],
        "offered": [
            (cohort, code, lab.title, lab.about)
            for cohort in led
            for code, lab in shipped_labs.load_labs(cohort.version).items()
        ],
    }
    return show(request, HOME, context)


def get_clinic_title(clinic: Clinic) -> str:
    """Get the title of the course's case; of a participant's own, the cohort's name."""
    cases = shipped_cases.load_cases(clinic.cohort.version) if clinic.case else {}
    case = cases.get(clinic.case)
    return case.title if case else clinic.cohort.name


@require_POST
@apply_once
def open_lab(request: Request, cohort: int, code: str) -> HttpResponse:
    found = rules.open_lab.find(Cohort.objects.for_list(), request.user, pk=cohort)
    lab = actions.open_lab(found, code, by=request.user)
    return done(request, then=reverse("labs:table", args=[lab.pk]))


# --- a table


@require_GET
@never_cache
def table(request: Request, pk: UUID) -> HttpResponse:
    """Show the table as one's seat sees it, or the part that has changed."""
    asked = request.GET.get("part", "")
    part = asked if asked in PARTS else "table"
    context = build_table_context(request, pk, request.GET.get("with", ""))
    return show(request, TABLE, context, part=part)


@require_GET
def stream(request: Request, pk: UUID) -> HttpResponseBase:
    """Send which parts of the page have changed; where the server can, the answer
    continues with what comes."""
    request.by_itself = True  # type: ignore[attr-defined]
    lab = find_table(request, pk)
    seat = find_seat(lab, request.user)
    # The browser's own header, on a connection that was cut, is newer than the page's.
    since = request.headers.get("Last-Event-ID", request.GET.get("since", ""))
    news = read_news(lab.pk, seat)
    missed = news.format_missed(since)
    return open_stream(TABLES, build_key(lab, seat), news.version, missed)


@require_POST
@apply_once
def take_seat(request: Request, pk: UUID) -> HttpResponse:
    lab = find_table(request, pk)
    actions.take_seat(lab, request.POST.get("party", ""), by=request.user)
    return finish(request, pk)


@require_POST
@apply_once
def go_on(request: Request, pk: UUID) -> HttpResponse:
    lab = rules.lead.find(Lab.objects.for_list(), request.user, pk=pk)
    to = parse_small_int(request.POST.get("to", "")) or 0
    actions.begin_round(lab, to=to, by=request.user)
    return finish(request, pk)


@require_POST
@apply_once
def call_break(request: Request, pk: UUID) -> HttpResponse:
    actions.call_break(find_table(request, pk), by=request.user)
    return finish(request, pk)


@require_POST
@apply_once
def resume(request: Request, pk: UUID) -> HttpResponse:
    actions.resume(find_table(request, pk), by=request.user)
    return finish(request, pk)


@require_http_methods(["GET", "POST"])
@apply_once
def walk_away(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, and what that means; then walk away for one's party."""
    lab = find_seated(request, pk)
    script = load_lab(lab)

    def act(asked: dict[str, str]) -> None:
        actions.walk_away(lab, why=asked["why"], by=request.user)

    seat = find_seat(lab, request.user)
    may = get_now(lab, script).may_walk_away(seat)
    party = script.parties.get(seat) if may else None
    return answer_form(
        request,
        ASK,
        ReasonForm(posted(request)),
        act,
        title=_("Walk away from the table"),
        back=reverse("labs:table", args=[pk]),
        lead=_("The negotiation ends for everyone, without an agreement.")
        if script.walk_away_ends
        else _("The negotiation is suspended until your party comes back."),
        party=party,
        label=_("Walk away"),
        kind="danger",
    )


@require_POST
@apply_once
def come_back(request: Request, pk: UUID) -> HttpResponse:
    actions.come_back(find_seated(request, pk), by=request.user)
    return finish(request, pk)


@require_http_methods(["GET", "POST"])
@apply_once
def break_down(request: Request, pk: UUID) -> HttpResponse:
    return confirm(
        request,
        pk,
        actions.break_down,
        question=_("End the negotiation without an agreement?"),
        yes=_("End without an agreement"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def close(request: Request, pk: UUID) -> HttpResponse:
    return confirm(
        request,
        pk,
        actions.close,
        question=_("Close the table, and begin the debrief?"),
        yes=_("Close the table"),
    )


@require_POST
@apply_once
def reopen(request: Request, pk: UUID) -> HttpResponse:
    lab = rules.lead.find(Lab.objects.for_list(), request.user, pk=pk)
    actions.reopen(lab, by=request.user)
    return finish(request, pk)


def confirm(
    request: Request,
    pk: UUID,
    act: Callable[..., None],
    *,
    question: str,
    yes: str,
) -> HttpResponse:
    """Ask those who lead before something that can't be undone; then do it."""
    lab = rules.lead.find(Lab.objects.for_list(), request.user, pk=pk)
    back = reverse("labs:table", args=[pk])
    if request.method == "POST":
        act(lab, by=request.user)
        return done(request, then=back)
    return show(
        request, CONFIRM, {"lab": lab, "question": question, "yes": yes, "back": back}
    )
