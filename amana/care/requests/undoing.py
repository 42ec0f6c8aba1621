"""A declined request can be undone for ten minutes, unless it is an emergency."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Urgency
from amana.care.pending import actions as pending
from amana.care.pending.decision_kinds import KINDS, DecisionKind
from amana.care.pending.models import PendingDecision
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.models import Enquiry
from amana.care.requests.rules import answer_enquiry
from amana.care.requests.states import EnquiryAnswer
from amana.trust.access.models import User

DECLINE = "requests.decline"


def compute_effect_time(enquiry: Enquiry) -> datetime | None:
    """Compute when a decline takes effect; None: at once."""
    # In an emergency the next team is asked in the same moment (ADR 49); else the
    # decline waits no longer than the clock would.
    if enquiry.request.urgency == Urgency.U0:
        return None
    return pending.compute_due_at(latest=enquiry.due_at)


@transaction.atomic
def decide(
    enquiry: Enquiry, *, reason: DeclineReason, due_at: datetime, by: User
) -> PendingDecision:
    """Hold a decline back: the next team is not asked yet."""
    answer_enquiry.require(by, enquiry)
    if (
        enquiry.state not in {EnquiryAnswer.ASKED, EnquiryAnswer.ACCEPTED}
        or enquiry.referral_id
    ):
        raise enquiry.changed()
    choices: dict[str, object] = {"reason": str(reason)}
    return pending.hold_decision(
        DECLINE, enquiry, due_at=due_at, by=by, choices=choices
    )


def register() -> None:
    KINDS[DECLINE] = DecisionKind(
        label=_("You declined this request"),
        find=lambda id: Enquiry.objects.for_page().get(pk=id),
        state=lambda enquiry: f"{enquiry.status} {enquiry.request.status}",
        act=actions.decline,
        address=lambda enquiry: reverse("requests:enquiry", args=[enquiry.pk]),
    )
