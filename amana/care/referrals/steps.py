"""What can be done next, as data: one button, one form and one action for each verb.

A page offers exactly the steps that `states.NEXT` allows now, the likely one first."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.referrals import actions, forms
from amana.care.referrals.models import Referral
from amana.care.referrals.states import ReferralStatus

S = ReferralStatus
Side = Literal["recipient", "sender"]
Kind = Literal["primary", "plain", "quiet", "danger"]


@dataclass(frozen=True)
class ReferralStep:
    """One verb, as a person meets it."""

    code: str
    side: Side
    to: ReferralStatus
    act: Callable[..., Referral]
    label: str | Promise
    """On the button that leads to the question."""
    question: str | Promise
    means: str | Promise
    """What happens then, in one sentence."""
    form: type[forms.ReferralNoteForm] = forms.ReferralNoteForm
    only_from: frozenset[ReferralStatus] = frozenset()
    not_from: frozenset[ReferralStatus] = frozenset()
    kind: Kind = "plain"

    @property
    def first_kind(self) -> Kind:
        """As the first of those on offer; what takes something away is never urged."""
        return "danger" if self.kind == "danger" else "primary"

    def allowed(self, status: ReferralStatus) -> bool:
        return (
            self.to in status.next
            and (not self.only_from or status in self.only_from)
            and status not in self.not_from
        )


STEPS: tuple[ReferralStep, ...] = (
    ReferralStep(
        "accept",
        "recipient",
        S.ACCEPTED,
        actions.accept,
        _("Accept"),
        _("Accept this referral?"),
        _("The sender is notified. Your next task is to contact the person."),
        forms.AcceptForm,
    ),
    ReferralStep(
        "receive",
        "recipient",
        S.RECEIVED,
        actions.acknowledge,
        _("Acknowledge and answer later"),
        _("Acknowledge this referral?"),
        _(
            "The sender sees that it has arrived. The deadline for your answer does "
            "not change."
        ),
        forms.PlainStepForm,
    ),
    ReferralStep(
        "appointment",
        "recipient",
        S.APPOINTMENT,
        actions.make_appointment,
        _("Make an appointment"),
        _("When and where?"),
        _("The sender sees it at once and can prepare the person."),
        forms.AppointmentForm,
    ),
    ReferralStep(
        "attended",
        "recipient",
        S.ATTENDED,
        actions.record_attendance,
        _("The person came"),
        _("Did the person come?"),
        _("Your next task is to report on progress."),
        forms.AttendedForm,
    ),
    ReferralStep(
        "start",
        "recipient",
        S.STARTED,
        actions.start_service,
        _("Service started"),
        _("Has the service started?"),
        _("You report on progress until the service ends."),
        # From "started" to "started" is a progress report: no second start.
        not_from=frozenset({S.STARTED}),
    ),
    ReferralStep(
        "complete",
        "recipient",
        S.COMPLETED,
        actions.complete_service,
        _("Completed"),
        _("Is the service completed?"),
        _("The sender then asks the person whether it helped."),
    ),
    ReferralStep(
        "report",
        "recipient",
        S.STARTED,
        actions.report_progress,
        _("Report progress"),
        _("What progress is there?"),
        _("The sender sees your report. The next one is due later."),
        only_from=frozenset({S.STARTED}),
    ),
    ReferralStep(
        "partly",
        "recipient",
        S.PARTLY,
        actions.record_partly_met,
        _("Completed in part"),
        _("Was a part of the need met?"),
        _("The sender asks the person, and finds help for the rest."),
    ),
    ReferralStep(
        "no_show",
        "recipient",
        S.NO_SHOW,
        actions.record_no_show,
        _("Did not come"),
        _("Did the person not come?"),
        _(
            "This is no one’s fault. The sender is notified, and checks that the "
            "person is safe."
        ),
    ),
    ReferralStep(
        "unreachable",
        "recipient",
        S.UNREACHABLE,
        actions.record_failed_attempt,
        _("Could not be reached"),
        _("Did an attempt to reach the person fail?"),
        _("The attempt is recorded, and the sender is notified."),
    ),
    ReferralStep(
        "waitlist",
        "recipient",
        S.WAITLISTED,
        actions.add_to_waiting_list,
        _("Put on waiting list"),
        _("Is there no place yet?"),
        _("The sender is notified and may ask other services too. You confirm later."),
    ),
    ReferralStep(
        "redirect",
        "recipient",
        S.REDIRECTED,
        actions.redirect,
        _("Suggest another service"),
        _("Which service may be able to help?"),
        _(
            "Nothing is passed on. The sender asks the person whether they want it. "
            "What was shared with you can no longer be opened."
        ),
        forms.RedirectForm,
    ),
    ReferralStep(
        "decline",
        "recipient",
        S.DECLINED,
        actions.decline,
        _("Decline"),
        _("Why can’t you take this referral?"),
        _(
            "The sender is notified and chooses another service. What was shared "
            "with you can no longer be opened."
        ),
        forms.ReferralDeclineForm,
    ),
    ReferralStep(
        "discontinue",
        "recipient",
        S.DISCONTINUED,
        actions.discontinue_service,
        _("Ended early"),
        _("Why did it end?"),
        _("The sender is notified, and asks the person."),
        forms.DiscontinueForm,
    ),
    ReferralStep(
        "confirm",
        "sender",
        S.CONFIRMED,
        actions.confirm,
        _("Record the person’s answer"),
        _("Did it help?"),
        _("Ask only if it is safe. Their answer closes the referral."),
        forms.PersonConfirmationForm,
    ),
    ReferralStep(
        "unasked",
        "sender",
        S.UNCONFIRMED,
        actions.close_unasked,
        _("The person could not be asked"),
        _("Why was the person not asked?"),
        _("The referral is closed with what the service reported."),
        forms.UnaskedForm,
    ),
    ReferralStep(
        "recall",
        "sender",
        S.RECALLED,
        actions.recall,
        _("Recall"),
        _("Recall this referral?"),
        _(
            "What was shared can no longer be opened. The service is notified. If it "
            "does not use Amana, call it."
        ),
        forms.PlainStepForm,
        kind="danger",
    ),
)
BY_CODE = {step.code: step for step in STEPS}

FIRST: dict[ReferralStatus, str] = {
    S.APPOINTMENT: "attended",
    S.STARTED: "report",
    S.UNREACHABLE: "appointment",
}
"""The likely step, where it isn't the first in the order above."""


def list_possible_steps(
    referral: Referral, sides: Collection[Side]
) -> list[ReferralStep]:
    """List the steps that those who speak for these sides can take now, the likely one
    first."""
    status = referral.state
    steps = [s for s in STEPS if s.side in sides and s.allowed(status)]
    first = FIRST.get(status, "")
    return sorted(steps, key=lambda step: step.code != first)
