"""What can be done next, as data: one button, one form and one action for each verb.

A page offers exactly the steps that `states.NEXT` allows now, the likely one first."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.referrals import actions, forms
from amana.care.referrals.models import Referral
from amana.care.referrals.states import Status

S = Status
Side = Literal["recipient", "sender"]
Kind = Literal["primary", "plain", "quiet", "danger"]


@dataclass(frozen=True)
class Step:
    """One verb, as a person meets it."""

    code: str
    side: Side
    to: Status
    act: Callable[..., Referral]
    label: str | Promise
    """On the button that leads to the question."""
    question: str | Promise
    means: str | Promise
    """What happens then, in one sentence."""
    form: type[forms.NoteForm] = forms.NoteForm
    only_from: frozenset[Status] = frozenset()
    not_from: frozenset[Status] = frozenset()
    kind: Kind = "plain"

    @property
    def first_kind(self) -> Kind:
        """As the first of those on offer; what takes something away is never urged."""
        return "danger" if self.kind == "danger" else "primary"

    def allowed(self, status: Status) -> bool:
        return (
            self.to in status.next
            and (not self.only_from or status in self.only_from)
            and status not in self.not_from
        )


STEPS: tuple[Step, ...] = (
    Step(
        "accept",
        "recipient",
        S.ACCEPTED,
        actions.accept,
        _("Accept"),
        _("Accept this referral?"),
        _("The sender is notified. Your next task is to contact the person."),
        forms.AcceptForm,
    ),
    Step(
        "receive",
        "recipient",
        S.RECEIVED,
        actions.receive,
        _("Acknowledge and answer later"),
        _("Acknowledge this referral?"),
        _(
            "The sender sees that it has arrived. The deadline for your answer does "
            "not change."
        ),
        forms.NothingForm,
    ),
    Step(
        "appointment",
        "recipient",
        S.APPOINTMENT,
        actions.make_appointment,
        _("Make an appointment"),
        _("When and where?"),
        _("The sender sees it at once and can prepare the person."),
        forms.AppointmentForm,
    ),
    Step(
        "attended",
        "recipient",
        S.ATTENDED,
        actions.attended,
        _("The person came"),
        _("Did the person come?"),
        _("Your next task is to report on progress."),
        forms.AttendedForm,
    ),
    Step(
        "start",
        "recipient",
        S.STARTED,
        actions.start,
        _("Service started"),
        _("Has the service started?"),
        _("You report on progress until the service ends."),
        # From "started" to "started" is a progress report: no second start.
        not_from=frozenset({S.STARTED}),
    ),
    Step(
        "complete",
        "recipient",
        S.COMPLETED,
        actions.complete,
        _("Completed"),
        _("Is the service completed?"),
        _("The sender then asks the person whether it helped."),
    ),
    Step(
        "report",
        "recipient",
        S.STARTED,
        actions.report,
        _("Report progress"),
        _("What progress is there?"),
        _("The sender sees your report. The next one is due later."),
        only_from=frozenset({S.STARTED}),
    ),
    Step(
        "partly",
        "recipient",
        S.PARTLY,
        actions.partly,
        _("Completed in part"),
        _("Was a part of the need met?"),
        _("The sender asks the person, and finds help for the rest."),
    ),
    Step(
        "no_show",
        "recipient",
        S.NO_SHOW,
        actions.no_show,
        _("Did not come"),
        _("Did the person not come?"),
        _(
            "This is no one’s fault. The sender is notified, and checks that the "
            "person is safe."
        ),
    ),
    Step(
        "unreachable",
        "recipient",
        S.UNREACHABLE,
        actions.unreachable,
        _("Could not be reached"),
        _("Did an attempt to reach the person fail?"),
        _("The attempt is recorded, and the sender is notified."),
    ),
    Step(
        "waitlist",
        "recipient",
        S.WAITLISTED,
        actions.waitlist,
        _("Put on waiting list"),
        _("Is there no place yet?"),
        _("The sender is notified and may ask other services too. You confirm later."),
    ),
    Step(
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
    Step(
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
        forms.DeclineForm,
    ),
    Step(
        "discontinue",
        "recipient",
        S.DISCONTINUED,
        actions.discontinue,
        _("Ended early"),
        _("Why did it end?"),
        _("The sender is notified, and asks the person."),
        forms.StopForm,
    ),
    Step(
        "confirm",
        "sender",
        S.CONFIRMED,
        actions.confirm,
        _("Record the person’s answer"),
        _("Did it help?"),
        _("Ask only if it is safe. Their answer closes the referral."),
        forms.ConfirmForm,
    ),
    Step(
        "unasked",
        "sender",
        S.UNCONFIRMED,
        actions.close_unasked,
        _("The person could not be asked"),
        _("Why was the person not asked?"),
        _("The referral is closed with what the service reported."),
        forms.UnaskedForm,
    ),
    Step(
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
        forms.NothingForm,
        kind="danger",
    ),
)
BY_CODE = {step.code: step for step in STEPS}

FIRST: dict[Status, str] = {
    S.APPOINTMENT: "attended",
    S.STARTED: "report",
    S.UNREACHABLE: "appointment",
}
"""The likely step, where it isn't the first in the order above."""


def possible(referral: Referral, sides: Collection[Side]) -> list[Step]:
    """List the steps that those who speak for these sides can take now, the likely one
    first."""
    status = referral.state
    steps = [s for s in STEPS if s.side in sides and s.allowed(status)]
    first = FIRST.get(status, "")
    return sorted(steps, key=lambda step: step.code != first)
