"""The tasks of those who work with people, answer for a team, and let others in.

Codes, dates and references; a name only from a card that the reader's own keys open.
"""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana import names
from amana.care.cases.models import (
    Case,
    Closure,
    DeadlineKind,
    FollowUp,
    Need,
    Transfer,
    Urgency,
)
from amana.care.cases.rules import (
    TAKERS,
    answer_transfer,
    supervise_case,
    work_on_case,
)
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.care.consent.rules import (
    confirm_vital_interest,
    destroy_copies,
    write_for_outsiders,
)
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.emergency_access.rules import OVERSEEING, review_emergency_access
from amana.care.meetings.models import Meeting
from amana.care.meetings.rules import take_meeting
from amana.care.pathways import labels as pathways
from amana.care.pathways.models import OpenTask
from amana.care.pathways.rules import DOERS, do_assigned_step, do_step_asked
from amana.care.referrals import calendars
from amana.care.referrals.models import Referral, ReferralQuerySet, ReferralStatus
from amana.care.referrals.rules import (
    answer_referral,
    filter_covered_referrals,
    follow_referral,
    watch_referral,
)
from amana.care.referrals.states import ReferralStage
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.rules import follow_request, see_enquiry
from amana.care.screening.models import Screening
from amana.care.screening.rules import (
    follow_screening,
    keep_screening,
    receive_screening,
)
from amana.design.directory.models import Service
from amana.design.directory.models.services import STALE_AFTER
from amana.design.directory.taxonomy import ServiceGroup
from amana.home.kinds import Questions, Task, TaskKind, TaskSection, compute_day
from amana.trust.access.models import (
    ADMINISTRATORS,
    ANSWERING,
    KEYHOLDERS,
    Membership,
    Organisation,
    Role,
    User,
)
from amana.trust.access.prepared import DynamicQuery, prepare_query
from amana.trust.access.rules import admit_organisation, find_team_ids
from amana.trust.exports.models import Export
from amana.trust.exports.rules import APPROVERS, approve_export, take_export
from amana.trust.vault.rules import confirm_in_team, confirm_membership

SERVICE_NAMES = tuple(f"service__{column}" for column in names.COLUMNS)

SOON = timedelta(hours=24)
"""What is due later than this isn't a task of today."""

ADMITTING = frozenset({*KEYHOLDERS, Role.ADMINISTRATOR, Role.COORDINATOR})
PLACES = (Role.FOCAL_POINT, Role.SUPERVISOR)


def list_team_ids(user: User, *roles: Role) -> list[int]:
    """List the teams in which to search for what is asked of a team; the rule decides
    what is found.
    """
    # Each team adds a question to the page's one statement (ADR 47), so their number
    # has a limit.
    return sorted({t for t, role in user.places if role in roles or not roles})[:50]


def get_icon(group: str) -> str:
    """Name the drawing of a group of kinds of help."""
    return ServiceGroup(group).icon


# --- my cases


def find_my_cases(user: User) -> QuerySet[Case]:
    return work_on_case.among(Case.objects.open(), user)


@prepare_query(User, datetime)
def find_needs_due(user: User, now: datetime) -> QuerySet[Need]:
    """Find needs for which no service has been found; without those of which a referral
    ended without a result, which `find_referrals_to_replace` names.
    """
    # Left out here, or the same need would be two tasks on one page.
    again = Referral.objects.to_replace().filter(need=OuterRef("pk"))
    due = Need.objects.open().filter(
        due_at__lte=now + SOON, case__in=find_my_cases(user)
    )
    shown = due.filter(~Exists(again)).select_related("case")
    return shown.only("group", "urgency", "due_at", "case__reference").order_by(
        "due_at", "pk"
    )


def build_need_task(need: Need) -> Task:
    return Task(
        need.due_at,
        _("Find a service: %(need)s") % {"need": need.needed},
        "",
        reverse("referrals:choose", args=[need.pk]),
        need.urgency,
        need.case_id,
        need.case.reference,
        icon=get_icon(need.group),
    )


@prepare_query(User)
def find_referrals_to_replace(user: User) -> QuerySet[Referral]:
    """Find what a service declined, or left unanswered: another has to be found."""
    nothing = follow_referral.among(select_referrals().to_replace(), user)
    return nothing.order_by("ended_at", "pk")


def build_replacement_task(referral: Referral) -> Task:
    why = referral.what_came_of_it or str(referral.stands)
    return Task(
        referral.need.due_at,
        _("Find another service: %(need)s") % {"need": referral.needed},
        f"{referral.service.called}: {why}",
        f"{reverse('referrals:choose', args=[referral.need_id])}?follows={referral.pk}",
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=get_icon(referral.need.group),
    )


@prepare_query(User, datetime)
def find_follow_ups_due(user: User, now: datetime) -> QuerySet[FollowUp]:
    due = FollowUp.objects.open().filter(due_at__lte=now + SOON)
    mine = due.filter(case__in=find_my_cases(user)).select_related("case")
    return mine.only("kind", "due_at", "case__reference", "case__urgency").order_by(
        "due_at", "pk"
    )


FOLLOW_UPS: dict[FollowUp.Kind, str | Promise] = {
    FollowUp.Kind.CONTACT: gettext_lazy("Speak with the person"),
    FollowUp.Kind.SAFETY: gettext_lazy("Review safety"),
    FollowUp.Kind.PLAN: gettext_lazy("Review the plan"),
    FollowUp.Kind.OTHER: gettext_lazy("Do what was planned"),
}


def build_follow_up_task(follow_up: FollowUp) -> Task:
    case = follow_up.case
    return Task(
        follow_up.due_at,
        str(FOLLOW_UPS[FollowUp.Kind(follow_up.kind)]),
        "",
        reverse("cases:follow_up", args=[follow_up.pk]),
        case.urgency,
        case.pk,
        case.reference,
        icon="speech",
    )


@prepare_query(User, datetime)
def find_reviews_due(user: User, now: datetime) -> QuerySet[Case]:
    """Find cases on which nothing else is planned."""
    quiet = Case.objects.open().filter(
        due_what=DeadlineKind.REVIEW.value, due_at__lte=now + SOON
    )
    mine = work_on_case.among(quiet, user).only("due_at", "urgency", "reference")
    return mine.order_by("due_at", "pk")


def build_review_task(case: Case) -> Task:
    return Task(
        case.due_at,
        _("Review the case"),
        "",
        reverse("cases:case", args=[case.pk]),
        Urgency.U3,
        case.pk,
        case.reference,
    )


# --- steps of the pathway


def find_steps_due(user: User, now: datetime) -> Questions:
    """Find steps of one's own cases, and those asked of each team; by their clocks."""
    yield find_own_steps.of(user, now)
    for team in list_team_ids(user):
        yield find_steps_asked.of(user, team, now)


def find_steps(now: datetime) -> QuerySet[OpenTask]:
    soon = OpenTask.objects.filter(by_at__lte=now + SOON, due_at__isnull=False)
    return soon.select_related("case", "course__version").order_by("by_at", "pk")


@prepare_query(User, datetime)
def find_own_steps(user: User, now: datetime) -> QuerySet[OpenTask]:
    return do_assigned_step.among(find_steps(now), user)


@prepare_query(User, int, datetime)
def find_steps_asked(user: User, team: int, now: datetime) -> QuerySet[OpenTask]:
    return do_step_asked.among(find_steps(now).filter(team=team, own=False), user)


def build_step_task(due: OpenTask) -> Task:
    return Task(
        due.due_at,
        pathways.format_step_of_course(due.course, due.key),
        "",
        reverse("pathways:step", args=[due.course_id, due.key]),
        due.case.urgency,
        due.case_id,
        due.case.reference,
        icon="mechanism",
    )


# --- referrals


def select_referrals() -> ReferralQuerySet:
    """Select referrals with only what a row shows: a service alone has sixty
    columns."""
    beside = ("service", "case", "need", "sender", "recipient")
    return Referral.objects.select_related(*beside).only(
        "due_at",
        "ended_at",
        "status",
        "stage",
        "urgency",
        "appointment_at",
        "decline_reason",
        "outcome",
        "unasked_reason",
        *SERVICE_NAMES,
        "need__group",
        "need__due_at",
        "case__reference",
        "sender__name",
        "recipient__name",
    )


def find_referrals_received(user: User, now: datetime) -> Questions:
    """Find referrals by team and stage, as the index has them: of thousands nothing is
    sorted.
    """
    for team in list_team_ids(user, *ANSWERING):
        yield find_referrals_to_answer.of(user, team)
        yield find_referrals_in_progress.of(user, team)


@prepare_query(User, int)
def find_referrals_to_answer(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(select_received_by(team).to_answer(), user)


@prepare_query(User, int)
def find_referrals_in_progress(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(select_received_by(team).in_progress(), user)


def select_received_by(team: int) -> ReferralQuerySet:
    return select_referrals().filter(recipient=team).order_by("due_at", "pk")


def build_received_task(referral: Referral) -> Task:
    if referral.stage == ReferralStage.ANSWER:
        title = _("Answer a referral: %(need)s") % {"need": referral.needed}
    else:
        title = f"{referral.turn_for('recipient')}: {referral.needed}"
    return Task(
        referral.due_at,
        title,
        f"{referral.service.called} · {referral.sender.name}",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        icon=get_icon(referral.need.group),
    )


@prepare_query(User)
def find_people_to_ask(user: User) -> QuerySet[Referral]:
    """Find those who have not been asked yet, although the service has reported how it
    ended.
    """
    ended = follow_referral.among(select_referrals().to_confirm(), user)
    return ended.order_by("due_at", "pk")


def build_person_task(referral: Referral) -> Task:
    title = _("Ask the person whether it helped: %(need)s")
    return build_sender_task(referral, title % {"need": referral.needed})


def find_asked_for_colleague(user: User, now: datetime) -> Questions:
    """Find the same for a colleague who is away, for whom one acts."""
    yield find_asked_as_stand_in.of(user, calendars.get_today())


@prepare_query(User, date)
def find_asked_as_stand_in(user: User, day: date) -> QuerySet[Referral]:
    ended = select_referrals().to_confirm().filter(filter_covered_referrals(user, day))
    return ended.order_by("due_at", "pk")


def build_stand_in_task(referral: Referral) -> Task:
    title = _("For a colleague who is away: ask the person whether it helped")
    return build_sender_task(referral, title)


def build_sender_task(referral: Referral, title: str) -> Task:
    return Task(
        referral.due_at,
        title,
        "",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=get_icon(referral.need.group),
    )


@prepare_query(User, datetime)
def find_referrals_late(user: User, now: datetime) -> QuerySet[Referral]:
    late = watch_referral.among(select_referrals().overdue(now), user)
    return late.order_by("due_at", "pk")


def build_late_task(referral: Referral) -> Task:
    return Task(
        referral.due_at,
        referral.turn,
        referral.service.called,
        reverse("referrals:late"),
        referral.urgency,
    )


# --- requests for help


@prepare_query(User)
def find_requests_received(user: User) -> QuerySet[Enquiry]:
    """Find requests for help that one of the user's teams has to answer."""
    asked = see_enquiry.among(Enquiry.objects.asked(), user)
    shown = asked.select_related("request", "service").only(
        "due_at",
        "request__group",
        "request__type",
        "request__urgency",
        *SERVICE_NAMES,
    )
    return shown.order_by("due_at", "pk")


def build_request_task(enquiry: Enquiry) -> Task:
    need = {"need": enquiry.request.needed}
    return Task(
        enquiry.due_at,
        _("Answer a request for help: %(need)s") % need,
        enquiry.service.called,
        reverse("requests:enquiry", args=[enquiry.pk]),
        enquiry.request.urgency,
        icon=get_icon(enquiry.request.group),
    )


@prepare_query(User)
def find_requests_waiting(user: User) -> QuerySet[HelpRequest]:
    """Find requests for help that the user follows, and that a team is asked."""
    waiting = follow_request.among(HelpRequest.objects.filter(status="open"), user)
    return waiting.only("due_at", "group", "type", "urgency").order_by("due_at", "pk")


def build_request_waiting_task(request: HelpRequest) -> Task:
    need = {"need": request.needed}
    return Task(
        request.due_at,
        _("Waiting for a reply to a request for help: %(need)s") % need,
        "",
        reverse("requests:request", args=[request.pk]),
        request.urgency,
        icon=get_icon(request.group),
    )


# --- appointments of today


def find_appointments_here(user: User, now: datetime) -> Questions:
    """Find people expected today by the teams for which one answers."""
    for team in list_team_ids(user, *ANSWERING):
        yield find_expected_by.of(user, team, *compute_day(now))


def find_appointments_of_mine(user: User, now: datetime) -> Questions:
    """Find where the people of one's own cases are expected today."""
    yield find_expected_elsewhere.of(user, *compute_day(now))


def select_expected(begins: datetime, ends: datetime) -> ReferralQuerySet:
    return (
        select_referrals()
        .filter(
            status=ReferralStatus.APPOINTMENT.value,
            appointment_at__gte=begins,
            appointment_at__lt=ends,
        )
        .order_by("appointment_at", "pk")
    )


@prepare_query(User, int, datetime, datetime)
def find_expected_by(
    user: User, team: int, begins: datetime, ends: datetime
) -> QuerySet[Referral]:
    return answer_referral.among(
        select_expected(begins, ends).filter(recipient=team), user
    )


@prepare_query(User, datetime, datetime)
def find_expected_elsewhere(
    user: User, begins: datetime, ends: datetime
) -> QuerySet[Referral]:
    return follow_referral.among(select_expected(begins, ends), user)


def build_appointment_here(referral: Referral) -> Task:
    return Task(
        referral.appointment_at,
        str(referral.needed),
        f"{referral.service.called} · {referral.sender.name}",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        icon=get_icon(referral.need.group),
    )


def build_appointment_of_mine(referral: Referral) -> Task:
    return Task(
        referral.appointment_at,
        str(referral.needed),
        referral.service.called,
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=get_icon(referral.need.group),
    )


# --- what others hand over


@prepare_query(User)
def find_transfers_offered(user: User) -> QuerySet[Transfer]:
    offered = answer_transfer.among(Transfer.objects.waiting(), user)
    shown = offered.select_related("origin").only("due_at", "origin__name")
    return shown.order_by("due_at", "pk")


def build_transfer_task(transfer: Transfer) -> Task:
    url = reverse("cases:transfer", args=[transfer.pk])
    title = _("Accept or decline a case transfer")
    return Task(transfer.due_at, title, transfer.origin.name, url)


@prepare_query(User)
def find_screenings_received(user: User) -> QuerySet[Screening]:
    handed = receive_screening.among(Screening.objects.handed(), user)
    shown = handed.select_related("origin").only("due_at", "origin__name")
    return shown.order_by("due_at", "pk")


def build_screening_task(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    about = screening.origin.name if screening.origin else ""
    return Task(screening.due_at, _("Continue a screening you received"), about, url)


@prepare_query(User)
def find_meetings_waiting(user: User) -> QuerySet[Meeting]:
    """Find what a device sent while no one of the team had unlocked."""
    mine = take_meeting.among(Meeting.objects.waiting(), user)
    shown = mine.select_related("team").only("received_at", "team__name")
    return shown.order_by("received_at", "pk")


def build_meeting_task(meeting: Meeting) -> Task:
    title = _("Open a meeting sent from a device")
    url = reverse("meetings:waiting")
    return Task(meeting.received_at, title, meeting.team.name, url)


@prepare_query(User)
def find_screenings_kept(user: User) -> QuerySet[Screening]:
    mine = keep_screening.among(Screening.objects.here(), user)
    shown = mine.select_related("team").only("due_at", "team__name")
    return shown.order_by("due_at", "pk")


def build_screening_kept_task(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    title = _("Decide who continues a screening")
    return Task(screening.due_at, title, screening.team.name, url)


@prepare_query(User)
def find_closures_proposed(user: User) -> QuerySet[Closure]:
    """Find closures that a supervisor has to review."""
    # From the few closures that wait to their cases: a team has thousands of these.
    case = Case.objects.filter(pk=OuterRef("case"))
    led = Closure.objects.waiting().filter(Exists(supervise_case.among(case, user)))
    shown = led.select_related("case").only("proposed_at", "case__reference")
    return shown.order_by("proposed_at", "pk")


def build_closure_task(closure: Closure) -> Task:
    return Task(
        closure.proposed_at,
        _("Review a case closure"),
        "",
        reverse("cases:case", args=[closure.case_id]),
        case=closure.case_id,
        reference=closure.case.reference,
        since=True,
    )


@prepare_query(User)
def find_accesses_to_review(user: User) -> QuerySet[EmergencyAccess]:
    waiting = EmergencyAccess.objects.to_review().select_related("case")
    shown = waiting.only("opened_at", "case__reference", "case__restricted")
    return review_emergency_access.among(shown, user).order_by("opened_at", "pk")


def build_access_review_task(access: EmergencyAccess) -> Task:
    return Task(
        access.review_by,
        _("Review an emergency access"),
        "",
        reverse("emergency_access:access", args=[access.pk]),
        Urgency.U1,
        # A restricted case is known to named people only, and who reviews need not be
        # one.
        reference="" if access.case.restricted else access.case.reference,
    )


@prepare_query(User, datetime)
def find_exports_to_decide(user: User, now: datetime) -> QuerySet[Export]:
    waiting = Export.objects.waiting(now).only("asked_at")
    return approve_export.among(waiting, user).order_by("asked_at", "pk")


def build_export_decision_task(export: Export) -> Task:
    return Task(
        export.decide_by,
        _("Decide on an export"),
        "",
        reverse("exports:export", args=[export.pk]),
        Urgency.U2,
    )


@prepare_query(User, datetime)
def find_exports_to_take(user: User, now: datetime) -> QuerySet[Export]:
    """Find exports that a second person has allowed: the asker has a day for it."""
    allowed = Export.objects.filter(decided_by__isnull=False, open_until__gt=now)
    shown = take_export.among(allowed, user).only("open_until")
    return shown.order_by("open_until", "pk")


def build_download_task(export: Export) -> Task:
    return Task(
        export.open_until,
        _("Download your export: it was allowed"),
        "",
        reverse("exports:export", args=[export.pk]),
        Urgency.U2,
    )


# --- consents that end, copies to destroy


@prepare_query(User, datetime)
def find_consents_ending(user: User, now: datetime) -> QuerySet[Consent]:
    mine = Q(case__in=find_my_cases(user))
    ending = Consent.objects.ending_soon(now).filter(mine).select_related("case")
    return ending.only("expires_at", "case__reference").order_by("expires_at", "pk")


def build_consent_task(consent: Consent) -> Task:
    return Task(
        consent.expires_at,
        _("Consent expires soon: ask again if it is still needed"),
        "",
        reverse("consent:consent", args=[consent.pk]),
        Urgency.U3,
        consent.case_id,
        consent.case.reference,
    )


OF_VITAL_INTEREST = ("recorded_at", "confirm_by", "case__reference")


@prepare_query(User)
def find_interests_to_confirm(user: User) -> QuerySet[VitalInterest]:
    undecided = VitalInterest.objects.undecided().select_related("case")
    ours = confirm_vital_interest.among(undecided, user)
    return ours.only(*OF_VITAL_INTEREST).order_by("confirm_by", "pk")


def build_confirmation_task(interest: VitalInterest) -> Task:
    return Task(
        interest.confirm_by,
        _("Sent without consent: confirm or withdraw it"),
        "",
        reverse("consent:vital", args=[interest.pk]),
        Urgency.U0,
        interest.case_id,
        interest.case.reference,
    )


@prepare_query(User)
def find_interests_to_tell(user: User) -> QuerySet[VitalInterest]:
    untold = VitalInterest.objects.untold().filter(case__in=find_my_cases(user))
    shown = untold.select_related("case").only(*OF_VITAL_INTEREST)
    return shown.order_by("recorded_at", "pk")


def build_inform_task(interest: VitalInterest) -> Task:
    return Task(
        interest.recorded_at,
        _("Sent without consent: inform the person as soon as possible"),
        "",
        reverse("consent:vital", args=[interest.pk]),
        Urgency.U1,
        interest.case_id,
        interest.case.reference,
        since=True,
    )


def select_destructions() -> QuerySet[Destruction]:
    beside = ("consent__case", "vital_interest__case")
    told = Destruction.objects.waiting().select_related(*beside)
    references = [f"{case}__reference" for case in beside]
    return told.only("told_at", *references).order_by("told_at", "pk")


@prepare_query(User)
def find_copies_to_destroy(user: User) -> QuerySet[Destruction]:
    return destroy_copies.among(select_destructions(), user)


def build_destruction_task(destruction: Destruction) -> Task:
    return Task(
        destruction.told_at,
        _("Destroy your copies and confirm it"),
        "",
        reverse("consent:destroy", args=[destruction.pk]),
        Urgency.U1,
        reference=destruction.basis.case.reference,
        since=True,
    )


@prepare_query(User)
def find_outsiders_to_ask(user: User) -> QuerySet[Destruction]:
    """Find recipients without Amana, whose copies are to be destroyed all the same."""
    return write_for_outsiders.among(select_destructions(), user)


def build_outsider_task(destruction: Destruction) -> Task:
    case = destruction.basis.case
    return Task(
        destruction.told_at,
        _("Call the recipient: are the copies destroyed?"),
        "",
        reverse("consent:destroy", args=[destruction.pk]),
        Urgency.U1,
        case.pk,
        case.reference,
        since=True,
    )


# --- beds, colleagues, organisations


@prepare_query(User, datetime)
def find_places_to_confirm(user: User, now: datetime) -> QuerySet[Service]:
    """Find one's own services whose free places were last counted too long ago."""
    ours = Service.objects.to_count(now).filter(team__in=find_team_ids(user, *PLACES))
    return ours.only(*names.COLUMNS, "places_said_at", "created_at").order_by(
        "places_said_at", "pk"
    )


def build_places_task(service: Service) -> Task:
    counted_at = service.places_said_at or service.created_at
    return Task(
        counted_at + STALE_AFTER,
        _("Confirm how many places are free"),
        service.called,
        reverse("directory:places"),
    )


def find_colleagues_to_admit(user: User, now: datetime) -> Questions:
    """Find colleagues of one's own teams; and elsewhere, for those who administer."""
    yield find_colleagues_here.of(user)
    if user.roles & ADMINISTRATORS:
        # The first question has those already: no one is listed twice.
        here = Q(team__in=find_team_ids(user, *KEYHOLDERS))
        yield DynamicQuery(
            confirm_membership.among(select_waiting_colleagues().exclude(here), user)
        )


def select_waiting_colleagues() -> QuerySet[Membership]:
    waiting = Membership.objects.waiting().select_related("team")
    return waiting.only("proposed_at", "team__name").order_by("proposed_at", "pk")


@prepare_query(User)
def find_colleagues_here(user: User) -> QuerySet[Membership]:
    return confirm_in_team.among(select_waiting_colleagues(), user)


def build_colleague_task(membership: Membership) -> Task:
    title, url = _("Confirm a new colleague"), reverse("vault:admissions")
    return Task(membership.proposed_at, title, membership.team.name, url, since=True)


def find_organisations_to_admit(user: User, now: datetime) -> Questions:
    waiting = admit_organisation.among(Organisation.objects.only("name"), user)
    yield DynamicQuery(waiting.order_by("pk"))


def build_organisation_task(organisation: Organisation) -> Task:
    url = reverse("access:organisation", args=[organisation.pk])
    return Task(None, _("Confirm a new organisation"), organisation.name, url)


# --- waiting on others


@prepare_query(User)
def find_referrals_waiting(user: User) -> QuerySet[Referral]:
    sent = follow_referral.among(select_referrals().waiting(), user)
    return sent.order_by("due_at", "pk")


def build_referral_waiting_task(referral: Referral) -> Task:
    return build_sender_task(referral, f"{referral.needed}: {referral.turn}")


@prepare_query(User)
def find_screenings_handed(user: User) -> QuerySet[Screening]:
    handed = follow_screening.among(Screening.objects.handed(), user)
    shown = handed.select_related("team").only("due_at", "team__name")
    return shown.order_by("due_at", "pk")


def build_screening_handed_task(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    title = _("A screening you handed over")
    return Task(screening.due_at, title, screening.team.name, url)


MY_CASES = gettext_lazy("My cases")
INBOX = gettext_lazy("Inbox")
SENT = gettext_lazy("Sent by your team")
SCREENINGS = gettext_lazy("Screenings")
COORDINATORS = frozenset({Role.COORDINATOR})
KINDS = (
    TaskKind(
        INBOX,
        frozenset(ANSWERING),
        find_referrals_received,
        build_received_task,
        "referrals:inbox",
    ),
    TaskKind(
        INBOX,
        frozenset(ANSWERING),
        find_requests_received,
        build_request_task,
        "referrals:inbox",
    ),
    TaskKind("", KEYHOLDERS, find_referrals_to_replace, build_replacement_task, ""),
    TaskKind(MY_CASES, KEYHOLDERS, find_needs_due, build_need_task, "cases:mine"),
    TaskKind(
        MY_CASES, KEYHOLDERS, find_follow_ups_due, build_follow_up_task, "cases:mine"
    ),
    TaskKind(MY_CASES, KEYHOLDERS, find_reviews_due, build_review_task, "cases:mine"),
    TaskKind(
        gettext_lazy("Pathway tasks"),
        DOERS,
        find_steps_due,
        build_step_task,
        "pathways:due",
    ),
    TaskKind(SENT, KEYHOLDERS, find_people_to_ask, build_person_task, "referrals:sent"),
    TaskKind("", KEYHOLDERS, find_asked_for_colleague, build_stand_in_task, ""),
    TaskKind(
        gettext_lazy("Cases offered to us"),
        frozenset(TAKERS),
        find_transfers_offered,
        build_transfer_task,
        "cases:offered",
    ),
    TaskKind(
        SCREENINGS,
        frozenset(TAKERS),
        find_screenings_received,
        build_screening_task,
        "screening:home",
    ),
    TaskKind(
        "", KEYHOLDERS, find_meetings_waiting, build_meeting_task, "meetings:waiting"
    ),
    TaskKind(
        SCREENINGS,
        KEYHOLDERS,
        find_screenings_kept,
        build_screening_kept_task,
        "screening:home",
    ),
    TaskKind(
        gettext_lazy("Team cases"),
        frozenset({Role.SUPERVISOR}),
        find_closures_proposed,
        build_closure_task,
        "cases:team",
    ),
    TaskKind(
        gettext_lazy("Exports"),
        APPROVERS,
        find_exports_to_decide,
        build_export_decision_task,
        "exports:list",
    ),
    TaskKind("", frozenset(Role), find_exports_to_take, build_download_task, ""),
    TaskKind(
        gettext_lazy("Emergency access"),
        frozenset({Role.SUPERVISOR, *OVERSEEING}),
        find_accesses_to_review,
        build_access_review_task,
        "emergency_access:list",
    ),
    TaskKind("", KEYHOLDERS, find_interests_to_confirm, build_confirmation_task, ""),
    TaskKind("", KEYHOLDERS, find_interests_to_tell, build_inform_task, ""),
    TaskKind("", KEYHOLDERS, find_consents_ending, build_consent_task, ""),
    TaskKind(
        gettext_lazy("Copies to destroy"),
        frozenset(ANSWERING),
        find_copies_to_destroy,
        build_destruction_task,
        "consent:destructions",
    ),
    TaskKind("", KEYHOLDERS, find_outsiders_to_ask, build_outsider_task, ""),
    TaskKind(
        gettext_lazy("New colleagues"),
        ADMITTING,
        find_colleagues_to_admit,
        build_colleague_task,
        "vault:admissions",
    ),
    TaskKind(
        gettext_lazy("Organisations"),
        frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}),
        find_organisations_to_admit,
        build_organisation_task,
        "access:organisations",
    ),
    TaskKind(
        gettext_lazy("Late referrals"),
        COORDINATORS,
        find_referrals_late,
        build_late_task,
        "referrals:late",
        TaskSection.WAITING_ON,
    ),
    TaskKind(
        "",
        frozenset(ANSWERING),
        find_appointments_here,
        build_appointment_here,
        "",
        TaskSection.APPOINTMENTS,
    ),
    TaskKind(
        "",
        KEYHOLDERS,
        find_appointments_of_mine,
        build_appointment_of_mine,
        "",
        TaskSection.APPOINTMENTS,
    ),
    TaskKind(
        SENT,
        KEYHOLDERS,
        find_referrals_waiting,
        build_referral_waiting_task,
        "referrals:sent",
        TaskSection.WAITING_ON,
    ),
    TaskKind(
        SENT,
        KEYHOLDERS,
        find_requests_waiting,
        build_request_waiting_task,
        "referrals:sent",
        TaskSection.WAITING_ON,
    ),
    TaskKind(
        SCREENINGS,
        KEYHOLDERS,
        find_screenings_handed,
        build_screening_handed_task,
        "screening:home",
        TaskSection.WAITING_ON,
    ),
    TaskKind(
        gettext_lazy("Availability to confirm"),
        frozenset(PLACES),
        find_places_to_confirm,
        build_places_task,
        "directory:places",
        TaskSection.HOUSEKEEPING,
        only="to-count",
    ),
)
