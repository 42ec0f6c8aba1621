"""What was shared without consent: its page, the second person's answer, the
person's."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from amana.care.cases.fields import list_field_names
from amana.care.cases.rules import list_readable_parts, work_on_case
from amana.care.consent import vital_interests
from amana.care.consent.models import VitalInterest
from amana.care.consent.rules import (
    confirm_vital_interest,
    may_object_to_vital_interest,
    see_vital_interest,
)
from amana.care.consent.tasks import list_officers, list_second_people
from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.ui.http import done, show
from amana.ui.once import apply_once


def find_interest(user: User, pk: UUID) -> VitalInterest:
    along = ("case__team", "need", "told_by", "ended_by")
    interests = VitalInterest.objects.for_list().select_related(*along)
    return see_vital_interest.find(interests, user, pk=pk)


@require_GET
def page(request: Request, pk: UUID) -> HttpResponse:
    found = find_interest(request.user, pk)
    works = work_on_case.permits(request.user, found.case)
    may_confirm = confirm_vital_interest.permits(request.user, found)
    context = {
        "interest": found,
        "case": found.case,
        "words": vital_interests.open_danger(found, by=request.user),
        "shared": list_field_names(
            list_readable_parts(request.user, found.case), found.fields
        ),
        "may_decide": found.is_undecided and may_confirm,
        "no_second": found.is_undecided and not list_second_people(found),
        "officers": list_officers(found) if found.is_undecided else [],
        "may_tell": works and found.told_at is None,
        "may_ask": works and found.is_live,
        "may_object": found.is_live
        and may_object_to_vital_interest.permits(request.user, found),
        "referral": found.referrals.select_related("service").first(),
        "law": format_law(found),
    }
    return show(request, "consent/vital.html", context)


def format_law(interest: VitalInterest) -> str:
    """Format the provision by which it was shared, where it is still in the
    mechanism."""
    provision = vital_interests.find_provision(interest.case)
    if provision is None or provision.id != interest.provision:
        return ""
    return vital_interests.format_provision(provision)


@require_POST
@apply_once
def decide(request: Request, pk: UUID) -> HttpResponse:
    """Confirm it as the second person, or take it back."""
    found = find_interest(request.user, pk)
    answer = request.POST.get("answer")
    if answer == "confirm":
        vital_interests.confirm(found, by=request.user)
        messages.success(request, _("Confirmed. Your name is recorded with it."))
    elif answer == "reject":
        vital_interests.reject(found, by=request.user)
        messages.success(request, _("Withdrawn. The shared copy is deleted."))
    else:
        raise BadRequest("There is no such answer.")
    return done(request, then=reverse("consent:vital", args=[found.pk]))


@require_POST
@apply_once
def answer(request: Request, pk: UUID) -> HttpResponse:
    """Record that the person was informed, and whether she objects."""
    found = find_interest(request.user, pk)
    said = request.POST.get("answer")
    if said == "told":
        vital_interests.record_person_informed(found, by=request.user)
        messages.success(request, _("Saved: the person has been informed."))
    elif said == "objects":
        vital_interests.record_objection(found, by=request.user)
        messages.success(request, _("Withdrawn. The shared copy is deleted."))
    else:
        raise BadRequest("There is no such answer.")
    return done(request, then=reverse("consent:vital", args=[found.pk]))


@require_POST
@apply_once
def object_to(request: Request, pk: UUID) -> HttpResponse:
    """Record the objection of a person to a colleague of the team who doesn't see the
    case."""
    interests = VitalInterest.objects.for_list().select_related("case")
    found = may_object_to_vital_interest.find(interests, request.user, pk=pk)
    vital_interests.record_objection(found, by=request.user)
    messages.success(request, _("Withdrawn. The shared copy is deleted."))
    return done(request, then="consent:withdraw_for")
