"""One page of a case: its outcomes."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from amana.care.cases.models import Case
from amana.care.cases.rules import list_readable_parts, list_writable_parts
from amana.care.cases.views.case_lookup import case_worked_on
from amana.care.outcomes import actions, sealed
from amana.care.outcomes.forms import OutcomesForm
from amana.care.outcomes.questions import list_parts, map_asked
from amana.errors import Changed, Refused
from amana.trust.access.http import Request
from amana.trust.vault.keys import Locked
from amana.ui.http import done, show

ANSWERS = "outcomes/answers.html"


@require_http_methods(["GET", "POST"])
def answers(request: Request, pk: UUID) -> HttpResponse:
    case = case_worked_on(request, pk)
    form = form_of(request, case)
    if not form.is_bound:
        return show(request, ANSWERS, {"case": case, "form": form})
    status = 422
    if form.is_valid():
        try:
            actions.record_answers(
                case, form.answers, shown=form.stood, by=request.user
            )
        except Locked:
            raise
        except Changed as no:
            # Built again, because the old form carries what was shown before: with it
            # the same answer would be refused again and again.
            form = form_of(request, case, said=form.answers)
            form.add_error(None, str(no))
            status = 409
        except Refused as no:
            form.add_error(None, str(no))
            status = 409
        else:
            return done(request, then=reverse("cases:case", args=[case.pk]))
    return show(request, ANSWERS, {"case": case, "form": form}, status=status)


def form_of(
    request: Request, case: Case, *, said: Mapping[str, str] | None = None
) -> OutcomesForm:
    """Build the form with the recorded answers, as far as the reader may read them.
    `said`: what was typed is shown over what is recorded by now, to be checked
    again."""
    written = list_writable_parts(request.user, case)
    reads = written & list_readable_parts(request.user, case)
    asked = [
        item
        for item in map_asked(case, by=request.user).values()
        if item.question.part in written
    ]
    parts = list_parts(asked) & reads
    kept = sealed.open_answers(case, parts, by=request.user, purpose="what came of it")
    now = {
        key: said
        for document in kept.values()
        for key, said in document.answers.items()
    }
    form = OutcomesForm(asked, request.POST or None, now=now, reads=reads)
    if said is None:
        return form
    return OutcomesForm(asked, {**form.initial, **said}, now=now, reads=reads)
