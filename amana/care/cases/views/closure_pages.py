"""The end of the work, with a second person's review; and its reopening."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amana.care.cases import actions, sections
from amana.care.cases.actions.closures import has_other_supervisor
from amana.care.cases.forms import CloseForm, SendBackForm
from amana.care.cases.models import Case, Closure
from amana.care.cases.opened_records import build_written, map_names
from amana.care.cases.rules import supervise_case
from amana.care.cases.views.case_lookup import case_seen, find_cases
from amana.care.pending.models import TO_UNDO
from amana.errors import Changed, Refused
from amana.trust.access.http import Request
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.keys import Locked
from amana.ui.http import done, show
from amana.ui.once import apply_once

CLOSE = "cases/close.html"


@require_http_methods(["GET", "POST"])
def close(request: Request, pk: UUID) -> HttpResponse:
    """Propose to end the work, or end it: supervisors do, and workers who have none."""
    case = case_seen(request, pk)
    if request.method == "GET":
        return show_close(request, case, None)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return show_close(request, case, form, status=422)
    try:
        return end(request, case, form)
    except Locked:
        raise
    except Refused as no:
        # Outside of what was rolled back, so that reading the proposal is logged.
        form.add_error(None, str(no))
        return show_close(request, case, form, status=409)


@apply_once
def end(request: Request, case: Case, form: CloseForm) -> HttpResponse:
    by, due_at = request.user, timezone.now() + TO_UNDO
    if decides(request, case):
        actions.decide_to_close(case, due_at=due_at, by=by, **form.cleaned_data)
    else:
        actions.propose_closure(case, by=by, **form.cleaned_data)
    return done(request, then=reverse("cases:case", args=[case.pk]))


def decides(request: Request, case: Case) -> bool:
    """Ask whether one's decision ends the work: a supervisor's does, and that of a
    worker who has none."""
    if supervise_case.permits(request.user, case):
        return True
    return not has_other_supervisor(case, request.user)


def show_close(
    request: Request,
    case: Case,
    form: CloseForm | None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    waiting = case.closures.waiting().select_related("proposed_by").first()
    proposed = proposal(request, case, waiting) if waiting else {}
    initial = {
        "reason": proposed.get("reason", ""),
        "checklist": proposed.get("checklist", []),
        "left_open": proposed.get("left_open", ""),
        "words": proposed.get("words", ""),
    }
    context = {
        "case": case,
        "form": form or CloseForm(initial=initial),
        "decides": decides(request, case),
        "waiting": waiting,
        "proposed": proposed,
        "send_back_form": SendBackForm(),
        "undo": True,
        "takes_effect_at": timezone.now() + TO_UNDO,
        "open_needs": case.needs.unsettled().order_by("urgency", "pk"),
        "earlier": earlier(request, case),
        "afterwards": sections.list_later_steps(case, request.user),
    }
    return show(request, CLOSE, context | more, status=status)


def proposal(request: Request, case: Case, waiting: Closure) -> dict[str, object]:
    opened = documents.open_documents(
        case.pk,
        [Compartment.NEEDS],
        by=request.user,
        purpose="closure",
        names=[waiting.document],
    )
    return build_written(opened).of(waiting.document)


def earlier(request: Request, case: Case) -> list[tuple[Closure, str, str]]:
    """List the proposals that were sent back, with the reason and by whom."""
    declined = list(
        case.closures.filter(reviewed_at__isnull=False, agreed=False).order_by(
            "-reviewed_at"
        )
    )
    if not declined:
        return []
    opened = documents.open_documents(
        case.pk,
        [Compartment.NEEDS],
        by=request.user,
        purpose="closure",
        names=[closure.answer_document for closure in declined],
    )
    written = build_written(opened)
    names = map_names(closure.reviewed_by_id or 0 for closure in declined)
    return [
        (
            closure,
            str(written.of(closure.answer_document).get("words", "")),
            names.get(closure.reviewed_by_id or 0, ""),
        )
        for closure in declined
    ]


@require_POST
def send_back(request: Request, pk: UUID) -> HttpResponse:
    case = supervise_case.find(find_cases(), request.user, pk=pk)
    waiting = case.closures.waiting().first()
    if waiting is None:
        raise Changed(_("This proposal has already been reviewed."))
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return show_close(request, case, None, status=422, send_back_form=form)
    words = form.cleaned_data["words"]
    actions.decline_closure(waiting, words=words, by=request.user)
    return done(request, then=reverse("cases:case", args=[case.pk]))


@require_POST
def reopen(request: Request, pk: UUID) -> HttpResponse:
    case = case_seen(request, pk)
    actions.reopen(case, by=request.user)
    return done(request, then=reverse("cases:case", args=[case.pk]))
