"""A question that is not answered passes to the next team; nothing waits in silence."""

from datetime import datetime
from functools import partial

from django.utils import timezone

from amana.care.pending import actions as pending
from amana.care.requests import actions
from amana.care.requests.models import Enquiry
from amana.trust.vault import heartbeat
from amana.turns import run_in_turn


def chase(now: datetime | None = None) -> int:
    """Continue from each team whose time is over; return how many questions did.

    Their supervisors are notified, and the sender. Two runs at once do no harm."""
    moment = now or timezone.now()
    pending.carry_out_due(moment)  # who has declined in time has answered
    late = Enquiry.objects.lapsing(moment).order_by("due_at", "pk")
    went_on = run_in_turn(partial(actions.lapse, enquiry) for enquiry in list(late))
    actions.destroy_left_behind()
    if not heartbeat.is_in_doubt():  # only this deletes what no one waits for
        actions.delete_old()
    return went_on
