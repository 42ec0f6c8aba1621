"""Ask houses for what was needed at a meeting."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import need_kinds
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case
from amana.care.consent import actions as consents
from amana.care.consent import consent_questions
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.care.meetings import screenings
from amana.care.meetings.models import Meeting
from amana.care.meetings.sheet import MeetingAnswers
from amana.care.referrals import actions as referrals
from amana.care.referrals.forms import HandoverForm
from amana.care.requests import actions as requests
from amana.care.requests.forms import AskingOrderForm
from amana.care.requests.states import AskingOrder
from amana.care.screening.models import Screening
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.errors import Refused
from amana.trust.access.models.organisations import Team, User

LONGEST_AGO = timedelta(days=60)
"""What a device says of a time before that is not believed."""


MOST_OFFSET = timedelta(minutes=15)
"""A device whose clock is further from ours says nothing of when; a sender could give
an old answer any time by it."""


LONGEST_ANSWER = timedelta(hours=72)
"""An older yes or no is asked again; an unfinished meeting has the same time."""


PURPOSE = Consent.Purpose.REFERRAL


@dataclass
class ReceivedMeeting:
    """What became of a meeting: its case, and what could not be done, in sentences."""

    meeting: Meeting
    left: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    """Who may be the same person, for `by` alone: a note says no reference."""
    state: Literal["taken", "known", "waits"] = "taken"

    @property
    def case(self) -> Case | None:
        return self.meeting.case

    @property
    def screening(self) -> Screening | None:
        """Where it was one, and not a first meeting."""
        return screenings.find_made(self.meeting)


def compute_answer_time(ms: float | None, meeting: Meeting) -> datetime | None:
    """Compute when it was answered, by our clock: the device's may be a little wrong,
    by as much as when it sent this. None where that can't be, or can't be known."""
    if ms is None or abs(meeting.offset) > MOST_OFFSET:
        return None
    received = meeting.received_at
    try:
        said = datetime.fromtimestamp(ms / 1000, tz=received.tzinfo) + meeting.offset
    except (OverflowError, ValueError, OSError):
        return None
    return said if received - LONGEST_AGO <= said <= received else None


def format_undone_parts(left: list[str]) -> str:
    heading = _("From a meeting without a network. This could not be done:")
    return "\n".join([heading, *(f"– {sentence}" for sentence in left)])


def record_answer_and_send_request(
    case: Case, sheet: MeetingAnswers, taken: ReceivedMeeting, *, by: User
) -> None:
    """Record the consent that was given or refused, and send the first request."""
    need = _need_asked(case, sheet, by=by)
    if need is None or not sheet.services:
        return
    services = _services(sheet.services, by=by)
    at = _require_answer_time(sheet, taken)
    request = MeetingRequest(case, need, services, sheet, taken, at, by)
    if not sheet.agreed:
        request.record_refusal()
        return
    # A refusal counts in any case, but nothing is sent before people have compared the
    # cases (ADR 48).
    if taken.alike:
        raise Refused(
            _(
                "Not sent: this person may be known already. Compare the cases first, "
                "then ask."
            )
        )
    request.send()


def _require_answer_time(sheet: MeetingAnswers, taken: ReceivedMeeting) -> datetime:
    """Compute when it was answered, and require that this is known and not long ago."""
    at = compute_answer_time(sheet.answered_at, taken.meeting)
    if at is None:
        raise Refused(
            _("It is not certain when this was answered. Ask the person again.")
        )
    if timezone.now() - at > LONGEST_ANSWER:
        raise Refused(_("This was too long ago. Ask the person again."))
    return at


@dataclass(frozen=True)
class MeetingRequest:
    """What the person was asked at the meeting, about which services, and when."""

    case: Case
    need: Need
    services: list[Service]
    sheet: MeetingAnswers
    taken: ReceivedMeeting
    at: datetime
    by: User

    @property
    def teams(self) -> list[Team]:
        by_pk = {service.team_id: service.team for service in self.services}
        return list(by_pk.values())

    def record_refusal(self) -> None:
        for team in self.teams:
            consents.refuse(
                self.case,
                recipient=team,
                purpose=PURPOSE,
                language=self.sheet.language,
                need=self.need,
                asked_at=self.at,
                asked_by=self.taken.meeting.met_by,
                by=self.by,
            )

    def send(self) -> None:
        """Record the consent, and ask what can be asked now: one service by a referral,
        several in the order that was agreed."""
        order, handover = self.sheet.order, self.sheet.handover
        agreed = self.record_consent(order, handover)
        open_now = [
            service
            for service in self.services
            if not _is_left_out(service, self.need, self.taken)
        ]
        if not open_now:
            raise Refused(_("None of the services that were chosen can be asked now."))
        note, with_whom = handover.cleaned_data["note"], handover.handover()
        if len(self.services) == 1:
            [service], [consent] = self.services, agreed
            consent.case = self.case
            referrals.send(
                self.need,
                to=service,
                consent=consent,
                note=note,
                handover=with_whom,
                by=self.by,
            )
            return
        requests.ask(
            self.need,
            services=open_now,
            agreed=agreed,
            order=AskingOrder(order.cleaned_data["order"]),
            note=note,
            handover=with_whom,
            by=self.by,
        )

    def record_consent(
        self, order: AskingOrderForm, handover: HandoverForm
    ) -> list[Consent]:
        asked = consent_questions.open_question(
            self.case,
            recipients=self.teams,
            purpose=PURPOSE,
            need=self.need,
            by=self.by,
        )
        form = ConsentForm(asked, self.sheet.posted)
        if not all([form.is_valid(), order.is_valid(), handover.is_valid()]):
            raise Refused(_not_agreed(form))
        return consents.give_in_order(
            self.case,
            recipients=self.teams,
            need=self.need,
            purpose=PURPOSE,
            asked_at=self.at,
            asked_by=self.taken.meeting.met_by,
            by=self.by,
            **form.said(),
        )


def _is_left_out(service: Service, need: Need, taken: ReceivedMeeting) -> bool:
    """Check whether it can't be asked any more; the others on the list still are."""
    why = referrals.describe_obstacle(service, need)
    if why:
        taken.left.append(f"{service.called}: {why}")
    return bool(why)


def _need_asked(case: Case, sheet: MeetingAnswers, *, by: User) -> Need | None:
    wanted = sheet.need_asked
    if wanted is None:
        return None
    needs = list(case.needs.select_related("case__team__organisation").order_by("pk"))
    need_kinds.learn(needs, by=by)
    return next((need for need in needs if need.type == wanted.type), None)


def _services(pks: list[int], *, by: User) -> list[Service]:
    rows = Service.objects.select_related("organisation", "team__organisation")
    seen = see_service.among(rows.filter(pk__in=pks), by).in_bulk()
    if set(pks) - seen.keys():
        raise Refused(
            _(
                "A service that was chosen is no longer listed, so no service was "
                "asked. Choose again, and ask the person."
            )
        )
    return [seen[pk] for pk in pks]


def _not_agreed(form: ConsentForm) -> str:
    said = [str(error) for errors in form.errors.values() for error in errors]
    again = _("Nothing was sent. Ask the person again.")
    return " ".join([*said, again])
