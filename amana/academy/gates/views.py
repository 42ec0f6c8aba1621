"""Who coordinates sees who lacks what their role asks for, and decides for them."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.gates import actions, labels, requirement_status
from amana.academy.gates.forms import ExceptionForm
from amana.academy.gates.models import RequirementException
from amana.academy.gates.requirement_status import RequirementStatus
from amana.academy.gates.rules import decide_for
from amana.design.mechanism.sections import find_certificate_name
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once

LATENESS = {
    requirement_status.RequirementState.LACKS: 0,
    requirement_status.RequirementState.GRACE: 1,
    requirement_status.RequirementState.ENDING: 2,
    requirement_status.RequirementState.ALLOWED: 3,
    requirement_status.RequirementState.STOPPED: 4,
    requirement_status.RequirementState.HELD: 5,
}
SHOWN = 100


@require_GET
def people(request: Request) -> HttpResponse:
    """Show first those for whom something is to be decided."""
    if not has_role(request.user, [Role.COORDINATOR]):
        raise NotAccessible(decide_for, User, {})
    found = sorted(requirement_status.list_standings(), key=get_urgency)
    titles = {
        code: find_certificate_name(code)
        for code in {place.requirement.certificate for place in found}
    }
    holding, asked = requirement_status.count_certified()
    context = {
        "lines": [describe_line(place, titles) for place in found[:SHOWN]],
        "holding": holding,
        "asked": asked,
        "more": max(0, len(found) - SHOWN),
    }
    return show(request, "gates/people.html", context)


def get_urgency(one: RequirementStatus) -> tuple[bool, int]:
    return not one.in_role, LATENESS[one.kind]


def describe_line(one: RequirementStatus, titles: dict[str, str]) -> dict[str, object]:
    label, tone = labels.format_state(one)
    return {
        "one": one,
        "title": titles[one.requirement.certificate],
        "state": label,
        "tone": tone,
        "waits": one.membership.confirmed_at is None,
    }


@require_http_methods(["GET", "POST"])
@apply_once
def decide(request: Request, pk: int, code: str) -> HttpResponse:
    """Decide until when a person continues without a certificate, or no longer."""
    may = decide_for.among(User.objects.all(), request.user)
    places = Membership.objects.filter(ended_at=None, user__in=may)
    place = places.select_related("user", "team__organisation").filter(pk=pk).first()
    if place is None:
        raise NotAccessible(decide_for, Membership, {"pk": pk})
    asked = requirement_status.find_requirements(place.team, certificate=code).first()
    if asked is None:
        raise NotAccessible(decide_for, Membership, {"certificate": code})
    form = ExceptionForm(posted(request))
    if form.is_valid():
        record_decision(place, code, form, by=request.user)
        return done(request, then="gates:people")
    context = {
        "form": form,
        "place": place,
        "certificate": find_certificate_name(code),
        "line": describe_line(
            next(requirement_status.iterate_standings([place], [asked])),
            {code: find_certificate_name(code)},
        ),
        "title": _("Decide"),
    }
    status = 422 if form.is_bound else 200
    return show(request, "gates/decide.html", context, status=status)


def record_decision(
    place: Membership, code: str, form: ExceptionForm, *, by: User
) -> None:
    reason = RequirementException.Reason(form.cleaned_data["reason"])
    if form.cleaned_data["what"] == "stop":
        actions.end_role(place.user, place.team, code, reason=reason, by=by)
    else:
        until = form.until_the_end_of_the_day
        actions.allow_role(
            place.user, place.team, code, until=until, reason=reason, by=by
        )
