"""One step: what is to be done, how, and what it leaves. One decision at a time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.care.cases.rules import see_case, work_on_case
from amana.care.consent.models import Consent
from amana.care.consent.rules import read_disclosure
from amana.care.pathways import actions, gating, labels, run_history, sealed, status
from amana.care.pathways.forms import FinishStepForm
from amana.care.pathways.models import OpenTask, PathwayRun
from amana.care.pathways.rules import (
    OFFICES,
    choose_team,
    do_step,
    manage_course,
    place_course,
    see_course,
)
from amana.care.pathways.views.run_lookup import get_course_of_step
from amana.design.pathway.pathway_model import Do
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.vault.models import Disclosure
from amana.ui.http import done, show
from amana.ui.once import apply_once

STEP, OVER = "pathways/step.html", "pathways/over.html"


@require_http_methods(["GET", "POST"])
@apply_once
def step(request: Request, pk: UUID, step: str) -> HttpResponse:
    course = get_course_of_step(request, pk, step)
    due = find_due(course, step)
    # Only for GET: who posts has typed words, which the refusal of the action keeps.
    if due is None and request.method == "GET":
        return show(request, OVER, describe_past_step(request, course, step))
    what = get_step(course, step)
    decides = due is not None and actions.is_decision(course, due)
    if due is not None and gating.is_gate(what):
        return gate_step(request, course, due, what)
    form = FinishStepForm(
        request.POST or None,
        step=what,
        pack=course.version.pack,
        decides=decides,
        may_say=sealed.may_send_words(course.case, due.team if due else None),
        initial={"expected": course.length},
    )
    if form.is_bound and (due is None or form.is_valid()):
        given = form.data_given if due else {}
        row = actions.finish_step(
            course,
            step,
            data=given,
            said=form.cleaned_data.get("said", "") if due else "",
            ground=form.cleaned_data.get("ground", "") if due else "",
            invited=form.cleaned_data.get("invited", ()) if due else (),
            expected=form.cleaned_data["expected"] if due else None,
            by=request.user,
        )
        messages.success(request, describe_next(request, row.course))
        return done(request, then=choose_next_page(request, course))
    assert due is not None
    context = describe_step(request, course, due, what) | {
        "form": form,
        "decides": decides,
    }
    return show(request, STEP, context, status=422 if form.is_bound else 200)


def gate_step(
    request: Request, course: PathwayRun, due: OpenTask, what: Do
) -> HttpResponse:
    """Lead to the safety questions of the case: they alone do this step."""
    if request.method == "POST":
        raise Refused(
            _("The safety questions of the case complete this step. Answer them there.")
        )
    context = describe_step(request, course, due, what) | {"asks_gate": True}
    return show(request, STEP, context)


def find_due(course: PathwayRun, key: str) -> OpenTask | None:
    return course.dues.select_related("team__organisation").filter(key=key).first()


def get_step(course: PathwayRun, key: str) -> Do:
    """Return the step of this version; one that is gone has no words of its own."""
    found = status.get_pathway(course).steps.get(key.partition("@")[0])
    return (
        found
        if isinstance(found, Do)
        else Do(id=key, do={"": labels.format_bare_code(key)}, role="")
    )


def describe_past_step(
    request: Request, course: PathwayRun, key: str
) -> dict[str, object]:
    """Describe what became of a step that is not due; of the case, only to who sees
    it."""
    lines = [line for line in run_history.get_told(course).done if line.step == key]
    return {
        "course": course,
        "title": labels.format_step_of_course(course, key),
        "line": lines[-1] if lines else None,
        "told": run_history.get_told(course),
        "seen": see_course.permits(request.user, course),
    }


def describe_step(
    request: Request, course: PathwayRun, due: OpenTask, what: Do
) -> dict[str, object]:
    pack, user = course.version.pack, request.user
    own = see_case.permits(user, course.case)
    return {
        "course": course,
        "case": course.case,
        "due": due,
        "title": labels.format_title(due.key, pack),
        "how": labels.format_text(what.how, pack) if what.how else "",
        "role": labels.format_role(due.role, pack),
        "own": own,
        "links": list_links(request, course, what) if own else [],
        "shared": [] if own else list_shared(request, course),
        "may_do": do_step.permits(user, due),
        "may_choose": choose_team.permits(user, course),
        "may_name": course.case.restricted
        and due.needs in OFFICES
        and manage_course.permits(user, course),
        "may_place": place_course.permits(user, course)
        or manage_course.permits(user, course),
        # Another team decides without the case's page, so what was done before is shown
        # here.
        "done": [] if own else run_history.get_told(course).done,
    }


def list_links(request: Request, course: PathwayRun, what: Do) -> list[tuple[str, str]]:
    """List where the house does what the step asks for: once done there, the step is
    too."""
    case, version = course.case, course.version
    if not case.is_open or not work_on_case.permits(request.user, case):
        return []
    found = [
        (
            labels.format_text(instrument.title, version.pack),
            reverse("screening:in_case", args=[case.pk, version.pk, slug]),
        )
        for slug, instrument in version.pack.instruments.items()
        if slug == what.screening or (what.form and instrument.form == what.form)
    ]
    if gating.is_gate(what):
        found.append(
            (_("Ask the safety questions"), reverse("cases:gate", args=[case.pk]))
        )
    if what.form == "consent":
        found.append(
            (_("Ask what the person agrees to"), reverse("consent:ask", args=[case.pk]))
        )
    if what.form == "closure":
        found.append((_("Close the case"), reverse("cases:close", args=[case.pk])))
    return found


def list_shared(
    request: Request, course: PathwayRun
) -> list[tuple[str | Promise, str]]:
    """List what the person shares with a team of ours: all that who decides can
    read."""
    of_case = Disclosure.objects.filter(case=course.case_id).order_by("-made_at")
    return [
        (
            Consent.Purpose(disclosure.purpose).label,
            reverse("consent:disclosure", args=[disclosure.pk]),
        )
        for disclosure in read_disclosure.among(of_case, request.user)
    ]


def describe_next(request: Request, course: PathwayRun) -> str:
    """Describe what the case does now: the next step, or its end; to who still sees
    it."""
    if not see_course.permits(request.user, course):
        return _("Done")
    if course.ended_at:
        return _("Done. The pathway of this case has ended.")
    coming = course.dues.order_by("by_at", "pk").first()
    if coming is None:
        return _("Done. The case is now waiting.")
    return _("Done. Next: %(step)s") % {
        "step": labels.format_step_of_course(course, coming.key)
    }


def choose_next_page(request: Request, course: PathwayRun) -> str:
    if see_case.permits(request.user, course.case):
        return reverse("cases:case", args=[course.case_id])
    return reverse("pathways:due")
