"""The person can't be asked, and a life is in danger: send the least that is needed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.care.cases import need_kinds
from amana.care.cases.fields import FIELDS
from amana.care.consent import vital_interests
from amana.care.consent.models import VitalInterest
from amana.care.referrals import actions
from amana.care.referrals.forms import VitalInterestForm
from amana.care.referrals.views.sending import need_of
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.rules import can_answer_in_amana
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui.http import done, show
from amana.ui.once import apply_once

VITAL = "referrals/vital.html"


@require_http_methods(["GET", "POST"])
@apply_once
@require_recent_unlock
def vital_interest(request: Request, need: UUID, service: int) -> HttpResponse:
    """Show when this is allowed and what will be sent, ask for the reason, and send
    it."""
    found = need_of(request, need)
    services = Service.objects.select_related("organisation", "team__organisation")
    asked_of = see_service.find(services, request.user, pk=service)
    actions.require_can_be_asked(found, asked_of)
    need_kinds.open_to_decide([found], by=request.user, purpose="referral")
    # Asked after `open_for`: what the sphere may receive depends on the exact kind of
    # the need, which is sealed until then.
    actions.require_takes_referrals(asked_of, found)
    if why_not := vital_interests.describe_obstacle(found, asked_of.team):
        raise Refused(why_not)
    form = VitalInterestForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        provision = vital_interests.find_provision(found.case)
        told = vital_interests.list_fields(asked_of.organisation.sphere)
        context = {
            "need": found,
            "case": found.case,
            "service": asked_of,
            "form": form,
            "law": vital_interests.format_provision(provision) if provision else "",
            "told": [FIELDS[key].label for key in told],
            "outside": not can_answer_in_amana(asked_of.team_id),
        }
        return show(request, VITAL, context, status=422 if form.is_bound else 200)
    referral = actions.send_in_vital_interest(
        found,
        to=asked_of,
        reason=VitalInterest.Reason(form.cleaned_data["reason"]),
        words=form.cleaned_data["words"],
        by=request.user,
    )
    messages.success(request, _("Sent. A second person has an hour to confirm it."))
    return done(request, then=reverse("referrals:sent_to", args=[referral.pk]))
