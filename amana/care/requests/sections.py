"""What a case, the inbox and the list of what was sent show of requests for help."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import sections
from amana.care.cases.models import Case, Need, Urgency
from amana.care.cases.sections import CaseSection, TimelineEntry
from amana.care.cases.tabs import CaseTab
from amana.care.referrals import choosing, list_sections, waiting
from amana.care.referrals.choosing import ExcludedService
from amana.care.referrals.states import DeclineReason
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.rules import follow_request, see_enquiry
from amana.care.requests.states import EnquiryAnswer, HelpRequestStatus
from amana.trust.access.models import Team, User
from amana.trust.access.prepared import Worded, prepare_query
from amana.ui import badges

SHOWN = 25


@prepare_query(Case)
def find_case_requests(case: Case) -> QuerySet[HelpRequest]:
    of_case = HelpRequest.objects.filter(case=case)
    return of_case.select_related("sender", "asked_by").order_by("-sent_at", "-pk")


def list_requests(case: Case) -> list[HelpRequest]:
    """List every request of a case, with its questions; asked once a page."""
    requests = sections.list_things(case, find_case_requests)
    if requests and not requests[0].knows_its_questions:
        load_questions(requests)
    return requests


def load_questions(requests: list[HelpRequest]) -> list[HelpRequest]:
    by_request: dict[object, list[Enquiry]] = {request.pk: [] for request in requests}
    if requests:
        rows = Enquiry.objects.for_list().filter(request__in=list(by_request))
        for enquiry in rows:
            by_request[enquiry.request_id].append(enquiry)
    for request in requests:
        request.know(by_request[request.pk])
    return requests


def build_section(case: Case, user: User) -> dict[str, object]:
    return {"help_requests": [r for r in list_requests(case) if is_shown(r)]}


def is_shown(request: HelpRequest) -> bool:
    """Check whether something can still be done about it: an accepted one is a
    referral."""
    accepted = request.accepted
    return request.is_running and not (accepted and accepted.referral_id)


def iterate_entries(case: Case, user: User) -> Iterator[TimelineEntry]:
    for request in list_requests(case):
        url = reverse("requests:request", args=[request.pk])
        yield TimelineEntry(
            request.sent_at, _("Asked for help"), str(request.asked_by), url
        )
        for enquiry in request.in_order():
            words = {"service": enquiry.service.called, "answer": enquiry.state.label}
            if enquiry.answered_at:
                said = _("Request for help to %(service)s: %(answer)s") % words
                yield TimelineEntry(
                    enquiry.answered_at, said, enquiry.recipient.name, url
                )


def iterate_due(case: Case, user: User) -> Iterator[tuple[datetime, str, str]]:
    for request in list_requests(case):
        if request.state is not HelpRequestStatus.OPEN or request.due_at is None:
            continue
        url = reverse("requests:request", args=[request.pk])
        names = [enquiry.recipient.name for enquiry in request.asked_now]
        said = _("Waiting for %(team)s to reply") % {"team": names[0] if names else ""}
        if len(names) > 1:
            said = _("Waiting for %(count)s teams to reply") % {"count": len(names)}
        yield request.due_at, said, url


@dataclass(frozen=True)
class ReceivedRequest:
    """A request for help as a line of the inbox, among the referrals there."""

    enquiry: Enquiry

    @property
    def kind(self) -> str:
        return _("Request for help")

    @property
    def url(self) -> str:
        return reverse("requests:enquiry", args=[self.enquiry.pk])

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer; else a place is kept, or it was recalled."""
        return self.enquiry.status == EnquiryAnswer.ASKED

    @property
    def urgency(self) -> str:
        """By which it is ranked: what was answered waits for others."""
        return str(self.enquiry.request.urgency) if self.is_open else Urgency.U3.value

    @property
    def due_at(self) -> datetime | None:
        return self.enquiry.due_at if self.is_open else None

    @property
    def urgency_words(self) -> str:
        return str(Urgency(self.enquiry.request.urgency).label)

    @property
    def urgency_tone(self) -> str:
        return Urgency(self.enquiry.request.urgency).tone

    @property
    def lateness(self) -> str:
        is_late = self.due_at is not None and self.due_at < timezone.now()
        return "late" if is_late else "plain"

    @property
    def needed(self) -> str:
        return str(self.enquiry.request.needed)

    @property
    def service_name(self) -> str:
        return self.enquiry.service.called

    @property
    def sender(self) -> Team:
        return self.enquiry.request.sender

    @property
    def stands(self) -> str:
        return str(self.enquiry.state.label)

    @property
    def tone(self) -> str:
        return self.enquiry.tone


def load_received(user: User) -> list[ReceivedRequest]:
    """Load what one's teams have to answer, or keep a place for; and, for a day, what
    was recalled after they had accepted."""
    first = find_received.of(user, timezone.now()).first(SHOWN)
    return [ReceivedRequest(enquiry) for enquiry in first]


@prepare_query(User, datetime)
def find_received(user: User, now: datetime) -> QuerySet[Enquiry]:
    ours = see_enquiry.among(Enquiry.objects.for_inbox().received(now), user)
    return ours.order_by("request__urgency", "due_at", "pk")


@prepare_query(User)
def find_waiting(user: User) -> QuerySet[Enquiry]:
    return see_enquiry.among(Enquiry.objects.asked(), user)


def iterate_to_answer(user: User) -> Iterator[Worded]:
    """Yield the query that counts what a user's teams have to answer, for the inbox's
    badge."""
    yield find_waiting.of(user).some(badges.AT_MOST)


def load_sent(user: User) -> list[HelpRequest]:
    """Load what one follows and others have to answer, or what no one was named for."""
    return [
        r for r in load_questions(find_followed.of(user).first(SHOWN)) if is_shown(r)
    ]


@prepare_query(User)
def find_followed(user: User) -> QuerySet[HelpRequest]:
    ours = follow_request.among(HelpRequest.objects.running(), user)
    return ours.order_by("urgency", "due_at", "pk")


NOT_OFFERED = (
    EnquiryAnswer.WAITING,
    EnquiryAnswer.ASKED,
    EnquiryAnswer.DECLINED,
    EnquiryAnswer.LAPSED,
)


def iterate_left_out(need: Need) -> Iterator[ExcludedService]:
    """Yield those that are asked about a need now, and those that did not help: they
    are not offered for it again. An accepted one is a referral, and listed as such."""
    asked = Enquiry.objects.for_list().filter(
        request__need=need, referral=None, status__in=NOT_OFFERED
    )
    for enquiry in asked.order_by("-asked_at", "rank"):
        full = enquiry.decline_reason == DeclineReason.NO_CAPACITY
        yield ExcludedService(
            enquiry.service,
            enquiry.why or enquiry.state.label,
            no_room_at=enquiry.answered_at if full else None,
        )


def register() -> None:
    sections.PANELS.append(
        CaseSection(19, "requests/panel.html", build_section, CaseTab.REFERRALS)
    )
    sections.ENTRIES.append(iterate_entries)
    sections.DUE.append(iterate_due)
    sections.OVERVIEW.append(find_case_requests)
    choosing.ASKED_OTHERWISE.append(iterate_left_out)
    waiting.ALSO_TO_ANSWER.append(iterate_to_answer)
    list_sections.RECEIVED.append(load_received)
    list_sections.SENT.append(
        list_sections.ListSection("requests/sent.html", load_sent)
    )
