"""Who coordinates sees who lacks what their role asks for, and decides for them."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.gates import actions, sentences, standing
from amana.academy.gates.forms import DecideForm
from amana.academy.gates.models import Decision
from amana.academy.gates.rules import decide_for
from amana.academy.gates.standing import Standing
from amana.design.mechanism.panels import certificate_name
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import NotAmong, holds
from amana.ui.http import done, show
from amana.ui.once import once

LATENESS = {
    standing.Kind.LACKS: 0,
    standing.Kind.GRACE: 1,
    standing.Kind.ENDING: 2,
    standing.Kind.ALLOWED: 3,
    standing.Kind.STOPPED: 4,
    standing.Kind.HELD: 5,
}
SHOWN = 100


@require_GET
def people(request: Request) -> HttpResponse:
    """Show first those for whom something is to be decided."""
    if not holds(request.user, [Role.COORDINATOR]):
        raise NotAmong(decide_for, User, {})
    found = sorted(standing.everybody(), key=urgency)
    titles = {
        code: certificate_name(code)
        for code in {place.requirement.certificate for place in found}
    }
    holding, asked = standing.counted()
    context = {
        "lines": [line(place, titles) for place in found[:SHOWN]],
        "holding": holding,
        "asked": asked,
        "more": max(0, len(found) - SHOWN),
    }
    return show(request, "gates/people.html", context)


def urgency(one: Standing) -> tuple[bool, int]:
    return not one.in_role, LATENESS[one.kind]


def line(one: Standing, titles: dict[str, str]) -> dict[str, object]:
    label, tone = sentences.state(one)
    return {
        "one": one,
        "title": titles[one.requirement.certificate],
        "state": label,
        "tone": tone,
        "waits": one.membership.confirmed_at is None,
    }


@require_http_methods(["GET", "POST"])
@once
def decide(request: Request, pk: int, code: str) -> HttpResponse:
    """Decide until when a person continues without a certificate, or no longer."""
    may = decide_for.among(User.objects.all(), request.user)
    places = Membership.objects.filter(ended_at=None, user__in=may)
    place = places.select_related("user", "team__organisation").filter(pk=pk).first()
    if place is None:
        raise NotAmong(decide_for, Membership, {"pk": pk})
    asked = standing.asked_of(place.team, certificate=code).first()
    if asked is None:
        raise NotAmong(decide_for, Membership, {"certificate": code})
    form = DecideForm(posted(request))
    if form.is_valid():
        keep(place, code, form, by=request.user)
        return done(request, then="gates:people")
    context = {
        "form": form,
        "place": place,
        "certificate": certificate_name(code),
        "line": line(
            next(standing.standings([place], [asked])),
            {code: certificate_name(code)},
        ),
        "title": _("Decide"),
    }
    status = 422 if form.is_bound else 200
    return show(request, "gates/decide.html", context, status=status)


def keep(place: Membership, code: str, form: DecideForm, *, by: User) -> None:
    reason = Decision.Reason(form.cleaned_data["reason"])
    if form.cleaned_data["what"] == "stop":
        actions.stop(place.user, place.team, code, reason=reason, by=by)
    else:
        until = form.until_the_end_of_the_day
        actions.allow(place.user, place.team, code, until=until, reason=reason, by=by)
