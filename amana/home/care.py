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
    DueWhat,
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
from amana.care.pathways import words as pathways
from amana.care.pathways.models import Due
from amana.care.pathways.rules import DOERS, do_assigned_step, do_step_asked
from amana.care.referrals import calendars
from amana.care.referrals.models import Referral, ReferralQuerySet, Status
from amana.care.referrals.rules import (
    answer_referral,
    follow_referral,
    standing_in,
    watch_referral,
)
from amana.care.referrals.states import Stage
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
from amana.home.kinds import Kind, Questions, Section, Task, day_of
from amana.trust.access.kept import Anew, kept
from amana.trust.access.models import (
    ADMINISTRATORS,
    ANSWERING,
    KEYHOLDERS,
    Membership,
    Organisation,
    Role,
    User,
)
from amana.trust.access.rules import admit_organisation, teams_of
from amana.trust.exports.models import Export
from amana.trust.exports.rules import APPROVERS, approve_export, take_export
from amana.trust.vault.rules import confirm_in_team, confirm_membership

SERVICE_NAMES = tuple(f"service__{column}" for column in names.COLUMNS)

SOON = timedelta(hours=24)
"""What is due later than this isn't a task of today."""

ADMITTING = frozenset({*KEYHOLDERS, Role.ADMINISTRATOR, Role.COORDINATOR})
PLACES = (Role.FOCAL_POINT, Role.SUPERVISOR)


def team_ids(user: User, *roles: Role) -> list[int]:
    """List the teams in which to search for what is asked of a team; the rule decides
    what is found.
    """
    # Each team adds a question to the page's one statement (ADR 47), so their number
    # has a limit.
    return sorted({t for t, role in user.places if role in roles or not roles})[:50]


def sphere(group: str) -> str:
    """Name the drawing of a group of kinds of help."""
    return ServiceGroup(group).icon


# --- my cases


def my_cases(user: User) -> QuerySet[Case]:
    return work_on_case.among(Case.objects.open(), user)


@kept(User, datetime)
def needs_due(user: User, now: datetime) -> QuerySet[Need]:
    """Find needs for which no service has been found; without those of which a referral
    ended without a result, which `find_referrals_to_replace` names.
    """
    # Left out here, or the same need would be two tasks on one page.
    again = Referral.objects.to_replace().filter(need=OuterRef("pk"))
    due = Need.objects.open().filter(due_at__lte=now + SOON, case__in=my_cases(user))
    shown = due.filter(~Exists(again)).select_related("case")
    return shown.only("group", "urgency", "due_at", "case__reference").order_by(
        "due_at", "pk"
    )


def need_due(need: Need) -> Task:
    return Task(
        need.due_at,
        _("Find a service: %(need)s") % {"need": need.needed},
        "",
        reverse("referrals:choose", args=[need.pk]),
        need.urgency,
        need.case_id,
        need.case.reference,
        icon=sphere(need.group),
    )


@kept(User)
def referrals_to_replace(user: User) -> QuerySet[Referral]:
    """Find what a service declined, or left unanswered: another has to be found."""
    nothing = follow_referral.among(referrals().to_replace(), user)
    return nothing.order_by("ended_at", "pk")


def referral_to_replace(referral: Referral) -> Task:
    why = referral.what_came_of_it or str(referral.stands)
    return Task(
        referral.need.due_at,
        _("Find another service: %(need)s") % {"need": referral.needed},
        f"{referral.service.called}: {why}",
        f"{reverse('referrals:choose', args=[referral.need_id])}?follows={referral.pk}",
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=sphere(referral.need.group),
    )


@kept(User, datetime)
def follow_ups_due(user: User, now: datetime) -> QuerySet[FollowUp]:
    due = FollowUp.objects.open().filter(due_at__lte=now + SOON)
    mine = due.filter(case__in=my_cases(user)).select_related("case")
    return mine.only("kind", "due_at", "case__reference", "case__urgency").order_by(
        "due_at", "pk"
    )


FOLLOW_UPS: dict[FollowUp.Kind, str | Promise] = {
    FollowUp.Kind.CONTACT: gettext_lazy("Speak with the person"),
    FollowUp.Kind.SAFETY: gettext_lazy("Review safety"),
    FollowUp.Kind.PLAN: gettext_lazy("Review the plan"),
    FollowUp.Kind.OTHER: gettext_lazy("Do what was planned"),
}


def follow_up_due(follow_up: FollowUp) -> Task:
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


@kept(User, datetime)
def reviews_due(user: User, now: datetime) -> QuerySet[Case]:
    """Find cases on which nothing else is planned."""
    quiet = Case.objects.open().filter(
        due_what=DueWhat.REVIEW.value, due_at__lte=now + SOON
    )
    mine = work_on_case.among(quiet, user).only("due_at", "urgency", "reference")
    return mine.order_by("due_at", "pk")


def review_due(case: Case) -> Task:
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


def steps_due(user: User, now: datetime) -> Questions:
    """Find steps of one's own cases, and those asked of each team; by their clocks."""
    yield own_steps.of(user, now)
    for team in team_ids(user):
        yield steps_asked.of(user, team, now)


def steps(now: datetime) -> QuerySet[Due]:
    soon = Due.objects.filter(by_at__lte=now + SOON, due_at__isnull=False)
    return soon.select_related("case", "course__version").order_by("by_at", "pk")


@kept(User, datetime)
def own_steps(user: User, now: datetime) -> QuerySet[Due]:
    return do_assigned_step.among(steps(now), user)


@kept(User, int, datetime)
def steps_asked(user: User, team: int, now: datetime) -> QuerySet[Due]:
    return do_step_asked.among(steps(now).filter(team=team, own=False), user)


def step_due(due: Due) -> Task:
    return Task(
        due.due_at,
        pathways.step_of(due.course, due.key),
        "",
        reverse("pathways:step", args=[due.course_id, due.key]),
        due.case.urgency,
        due.case_id,
        due.case.reference,
        icon="mechanism",
    )


# --- referrals


def referrals() -> ReferralQuerySet:
    """Select referrals with only what a row shows: a service alone has sixty columns.
    """
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


def referrals_received(user: User, now: datetime) -> Questions:
    """Find referrals by team and stage, as the index has them: of thousands nothing is
    sorted.
    """
    for team in team_ids(user, *ANSWERING):
        yield to_answer.of(user, team)
        yield in_progress.of(user, team)


@kept(User, int)
def to_answer(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(received_by(team).to_answer(), user)


@kept(User, int)
def in_progress(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(received_by(team).in_progress(), user)


def received_by(team: int) -> ReferralQuerySet:
    return referrals().filter(recipient=team).order_by("due_at", "pk")


def referral_received(referral: Referral) -> Task:
    if referral.stage == Stage.ANSWER:
        title = _("Answer a referral: %(need)s") % {"need": referral.needed}
    else:
        title = f"{referral.turn_for('recipient')}: {referral.needed}"
    return Task(
        referral.due_at,
        title,
        f"{referral.service.called} · {referral.sender.name}",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        icon=sphere(referral.need.group),
    )


@kept(User)
def people_to_ask(user: User) -> QuerySet[Referral]:
    """Find those who have not been asked yet, although the service has reported how it
    ended.
    """
    ended = follow_referral.among(referrals().to_confirm(), user)
    return ended.order_by("due_at", "pk")


def person_to_ask(referral: Referral) -> Task:
    title = _("Ask the person whether it helped: %(need)s")
    return task_of_sender(referral, title % {"need": referral.needed})


def asked_for_a_colleague(user: User, now: datetime) -> Questions:
    """Find the same for a colleague who is away, for whom one acts."""
    yield asked_as_stand_in.of(user, calendars.today())


@kept(User, date)
def asked_as_stand_in(user: User, day: date) -> QuerySet[Referral]:
    ended = referrals().to_confirm().filter(standing_in(user, day))
    return ended.order_by("due_at", "pk")


def person_of_a_colleague(referral: Referral) -> Task:
    title = _("For a colleague who is away: ask the person whether it helped")
    return task_of_sender(referral, title)


def task_of_sender(referral: Referral, title: str) -> Task:
    return Task(
        referral.due_at,
        title,
        "",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=sphere(referral.need.group),
    )


@kept(User, datetime)
def referrals_late(user: User, now: datetime) -> QuerySet[Referral]:
    late = watch_referral.among(referrals().overdue(now), user)
    return late.order_by("due_at", "pk")


def referral_late(referral: Referral) -> Task:
    return Task(
        referral.due_at,
        referral.turn,
        referral.service.called,
        reverse("referrals:late"),
        referral.urgency,
    )


# --- requests for help


@kept(User)
def requests_received(user: User) -> QuerySet[Enquiry]:
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


def request_received(enquiry: Enquiry) -> Task:
    need = {"need": enquiry.request.needed}
    return Task(
        enquiry.due_at,
        _("Answer a request for help: %(need)s") % need,
        enquiry.service.called,
        reverse("requests:enquiry", args=[enquiry.pk]),
        enquiry.request.urgency,
        icon=sphere(enquiry.request.group),
    )


@kept(User)
def requests_waiting(user: User) -> QuerySet[HelpRequest]:
    """Find requests for help that the user follows, and that a team is asked."""
    waiting = follow_request.among(HelpRequest.objects.filter(status="open"), user)
    return waiting.only("due_at", "group", "type", "urgency").order_by("due_at", "pk")


def request_waiting(request: HelpRequest) -> Task:
    need = {"need": request.needed}
    return Task(
        request.due_at,
        _("Waiting for a reply to a request for help: %(need)s") % need,
        "",
        reverse("requests:request", args=[request.pk]),
        request.urgency,
        icon=sphere(request.group),
    )


# --- appointments of today


def appointments_here(user: User, now: datetime) -> Questions:
    """Find people expected today by the teams for which one answers."""
    for team in team_ids(user, *ANSWERING):
        yield expected_by.of(user, team, *day_of(now))


def appointments_of_mine(user: User, now: datetime) -> Questions:
    """Find where the people of one's own cases are expected today."""
    yield expected_elsewhere.of(user, *day_of(now))


def expected(begins: datetime, ends: datetime) -> ReferralQuerySet:
    return (
        referrals()
        .filter(
            status=Status.APPOINTMENT.value,
            appointment_at__gte=begins,
            appointment_at__lt=ends,
        )
        .order_by("appointment_at", "pk")
    )


@kept(User, int, datetime, datetime)
def expected_by(
    user: User, team: int, begins: datetime, ends: datetime
) -> QuerySet[Referral]:
    return answer_referral.among(expected(begins, ends).filter(recipient=team), user)


@kept(User, datetime, datetime)
def expected_elsewhere(
    user: User, begins: datetime, ends: datetime
) -> QuerySet[Referral]:
    return follow_referral.among(expected(begins, ends), user)


def appointment_here(referral: Referral) -> Task:
    return Task(
        referral.appointment_at,
        str(referral.needed),
        f"{referral.service.called} · {referral.sender.name}",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        icon=sphere(referral.need.group),
    )


def appointment_of_mine(referral: Referral) -> Task:
    return Task(
        referral.appointment_at,
        str(referral.needed),
        referral.service.called,
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=sphere(referral.need.group),
    )


# --- what others hand over


@kept(User)
def transfers_offered(user: User) -> QuerySet[Transfer]:
    offered = answer_transfer.among(Transfer.objects.waiting(), user)
    shown = offered.select_related("origin").only("due_at", "origin__name")
    return shown.order_by("due_at", "pk")


def transfer_offered(transfer: Transfer) -> Task:
    url = reverse("cases:transfer", args=[transfer.pk])
    title = _("Accept or decline a case transfer")
    return Task(transfer.due_at, title, transfer.origin.name, url)


@kept(User)
def screenings_received(user: User) -> QuerySet[Screening]:
    handed = receive_screening.among(Screening.objects.handed(), user)
    shown = handed.select_related("origin").only("due_at", "origin__name")
    return shown.order_by("due_at", "pk")


def screening_received(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    about = screening.origin.name if screening.origin else ""
    return Task(screening.due_at, _("Continue a screening you received"), about, url)


@kept(User)
def meetings_waiting(user: User) -> QuerySet[Meeting]:
    """Find what a device sent while no one of the team had unlocked."""
    mine = take_meeting.among(Meeting.objects.waiting(), user)
    shown = mine.select_related("team").only("received_at", "team__name")
    return shown.order_by("received_at", "pk")


def meeting_waiting(meeting: Meeting) -> Task:
    title = _("Open a meeting sent from a device")
    url = reverse("meetings:waiting")
    return Task(meeting.received_at, title, meeting.team.name, url)


@kept(User)
def screenings_kept(user: User) -> QuerySet[Screening]:
    mine = keep_screening.among(Screening.objects.here(), user)
    shown = mine.select_related("team").only("due_at", "team__name")
    return shown.order_by("due_at", "pk")


def screening_kept(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    title = _("Decide who continues a screening")
    return Task(screening.due_at, title, screening.team.name, url)


@kept(User)
def closures_proposed(user: User) -> QuerySet[Closure]:
    """Find closures that a supervisor has to review."""
    # From the few closures that wait to their cases: a team has thousands of these.
    case = Case.objects.filter(pk=OuterRef("case"))
    led = Closure.objects.waiting().filter(Exists(supervise_case.among(case, user)))
    shown = led.select_related("case").only("proposed_at", "case__reference")
    return shown.order_by("proposed_at", "pk")


def closure_proposed(closure: Closure) -> Task:
    return Task(
        closure.proposed_at,
        _("Review a case closure"),
        "",
        reverse("cases:case", args=[closure.case_id]),
        case=closure.case_id,
        reference=closure.case.reference,
        since=True,
    )


@kept(User)
def emergency_accesses_to_review(user: User) -> QuerySet[EmergencyAccess]:
    waiting = EmergencyAccess.objects.to_review().select_related("case")
    shown = waiting.only("opened_at", "case__reference", "case__restricted")
    return review_emergency_access.among(shown, user).order_by("opened_at", "pk")


def emergency_access_to_review(access: EmergencyAccess) -> Task:
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


@kept(User, datetime)
def exports_to_decide(user: User, now: datetime) -> QuerySet[Export]:
    waiting = Export.objects.waiting(now).only("asked_at")
    return approve_export.among(waiting, user).order_by("asked_at", "pk")


def export_to_decide(export: Export) -> Task:
    return Task(
        export.decide_by,
        _("Decide on an export"),
        "",
        reverse("exports:export", args=[export.pk]),
        Urgency.U2,
    )


@kept(User, datetime)
def exports_to_take(user: User, now: datetime) -> QuerySet[Export]:
    """Find exports that a second person has allowed: the asker has a day for it."""
    allowed = Export.objects.filter(decided_by__isnull=False, open_until__gt=now)
    shown = take_export.among(allowed, user).only("open_until")
    return shown.order_by("open_until", "pk")


def export_to_take(export: Export) -> Task:
    return Task(
        export.open_until,
        _("Download your export: it was allowed"),
        "",
        reverse("exports:export", args=[export.pk]),
        Urgency.U2,
    )


# --- consents that end, copies to destroy


@kept(User, datetime)
def consents_ending(user: User, now: datetime) -> QuerySet[Consent]:
    mine = Q(case__in=my_cases(user))
    ending = Consent.objects.ending_soon(now).filter(mine).select_related("case")
    return ending.only("expires_at", "case__reference").order_by("expires_at", "pk")


def consent_ending(consent: Consent) -> Task:
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


@kept(User)
def vital_interests_to_confirm(user: User) -> QuerySet[VitalInterest]:
    undecided = VitalInterest.objects.undecided().select_related("case")
    ours = confirm_vital_interest.among(undecided, user)
    return ours.only(*OF_VITAL_INTEREST).order_by("confirm_by", "pk")


def vital_interest_to_confirm(interest: VitalInterest) -> Task:
    return Task(
        interest.confirm_by,
        _("Sent without consent: confirm or withdraw it"),
        "",
        reverse("consent:vital", args=[interest.pk]),
        Urgency.U0,
        interest.case_id,
        interest.case.reference,
    )


@kept(User)
def vital_interests_to_tell(user: User) -> QuerySet[VitalInterest]:
    untold = VitalInterest.objects.untold().filter(case__in=my_cases(user))
    shown = untold.select_related("case").only(*OF_VITAL_INTEREST)
    return shown.order_by("recorded_at", "pk")


def vital_interest_to_tell(interest: VitalInterest) -> Task:
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


def destructions() -> QuerySet[Destruction]:
    beside = ("consent__case", "vital_interest__case")
    told = Destruction.objects.waiting().select_related(*beside)
    references = [f"{case}__reference" for case in beside]
    return told.only("told_at", *references).order_by("told_at", "pk")


@kept(User)
def copies_to_destroy(user: User) -> QuerySet[Destruction]:
    return destroy_copies.among(destructions(), user)


def copy_to_destroy(destruction: Destruction) -> Task:
    return Task(
        destruction.told_at,
        _("Destroy your copies and confirm it"),
        "",
        reverse("consent:destroy", args=[destruction.pk]),
        Urgency.U1,
        reference=destruction.basis.case.reference,
        since=True,
    )


@kept(User)
def outsiders_to_ask(user: User) -> QuerySet[Destruction]:
    """Find recipients without Amana, whose copies are to be destroyed all the same."""
    return write_for_outsiders.among(destructions(), user)


def outsider_to_ask(destruction: Destruction) -> Task:
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


@kept(User, datetime)
def places_to_confirm(user: User, now: datetime) -> QuerySet[Service]:
    """Find one's own services whose free places were last counted too long ago."""
    ours = Service.objects.to_count(now).filter(team__in=teams_of(user, *PLACES))
    return ours.only(*names.COLUMNS, "places_said_at", "created_at").order_by(
        "places_said_at", "pk"
    )


def place_to_confirm(service: Service) -> Task:
    counted_at = service.places_said_at or service.created_at
    return Task(
        counted_at + STALE_AFTER,
        _("Confirm how many places are free"),
        service.called,
        reverse("directory:places"),
    )


def colleagues_to_admit(user: User, now: datetime) -> Questions:
    """Find colleagues of one's own teams; and elsewhere, for those who administer."""
    yield colleagues_here.of(user)
    if user.roles & ADMINISTRATORS:
        # The first question has those already: no one is listed twice.
        here = Q(team__in=teams_of(user, *KEYHOLDERS))
        yield Anew(confirm_membership.among(colleagues().exclude(here), user))


def colleagues() -> QuerySet[Membership]:
    waiting = Membership.objects.waiting().select_related("team")
    return waiting.only("proposed_at", "team__name").order_by("proposed_at", "pk")


@kept(User)
def colleagues_here(user: User) -> QuerySet[Membership]:
    return confirm_in_team.among(colleagues(), user)


def colleague_to_admit(membership: Membership) -> Task:
    title, url = _("Confirm a new colleague"), reverse("vault:admissions")
    return Task(membership.proposed_at, title, membership.team.name, url, since=True)


def organisations_to_admit(user: User, now: datetime) -> Questions:
    waiting = admit_organisation.among(Organisation.objects.only("name"), user)
    yield Anew(waiting.order_by("pk"))


def organisation_to_admit(organisation: Organisation) -> Task:
    url = reverse("access:organisation", args=[organisation.pk])
    return Task(None, _("Confirm a new organisation"), organisation.name, url)


# --- waiting on others


@kept(User)
def referrals_waiting(user: User) -> QuerySet[Referral]:
    sent = follow_referral.among(referrals().waiting(), user)
    return sent.order_by("due_at", "pk")


def referral_waiting(referral: Referral) -> Task:
    return task_of_sender(referral, f"{referral.needed}: {referral.turn}")


@kept(User)
def screenings_handed(user: User) -> QuerySet[Screening]:
    handed = follow_screening.among(Screening.objects.handed(), user)
    shown = handed.select_related("team").only("due_at", "team__name")
    return shown.order_by("due_at", "pk")


def screening_handed(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    title = _("A screening you handed over")
    return Task(screening.due_at, title, screening.team.name, url)


MY_CASES = gettext_lazy("My cases")
INBOX = gettext_lazy("Inbox")
SENT = gettext_lazy("Sent by your team")
SCREENINGS = gettext_lazy("Screenings")
COORDINATORS = frozenset({Role.COORDINATOR})
KINDS = (
    Kind(
        INBOX,
        frozenset(ANSWERING),
        referrals_received,
        referral_received,
        "referrals:inbox",
    ),
    Kind(
        INBOX,
        frozenset(ANSWERING),
        requests_received,
        request_received,
        "referrals:inbox",
    ),
    Kind("", KEYHOLDERS, referrals_to_replace, referral_to_replace, ""),
    Kind(MY_CASES, KEYHOLDERS, needs_due, need_due, "cases:mine"),
    Kind(MY_CASES, KEYHOLDERS, follow_ups_due, follow_up_due, "cases:mine"),
    Kind(MY_CASES, KEYHOLDERS, reviews_due, review_due, "cases:mine"),
    Kind(gettext_lazy("Pathway tasks"), DOERS, steps_due, step_due, "pathways:due"),
    Kind(SENT, KEYHOLDERS, people_to_ask, person_to_ask, "referrals:sent"),
    Kind("", KEYHOLDERS, asked_for_a_colleague, person_of_a_colleague, ""),
    Kind(
        gettext_lazy("Cases offered to us"),
        frozenset(TAKERS),
        transfers_offered,
        transfer_offered,
        "cases:offered",
    ),
    Kind(
        SCREENINGS,
        frozenset(TAKERS),
        screenings_received,
        screening_received,
        "screening:home",
    ),
    Kind("", KEYHOLDERS, meetings_waiting, meeting_waiting, "meetings:waiting"),
    Kind(SCREENINGS, KEYHOLDERS, screenings_kept, screening_kept, "screening:home"),
    Kind(
        gettext_lazy("Team cases"),
        frozenset({Role.SUPERVISOR}),
        closures_proposed,
        closure_proposed,
        "cases:team",
    ),
    Kind(
        gettext_lazy("Exports"),
        APPROVERS,
        exports_to_decide,
        export_to_decide,
        "exports:list",
    ),
    Kind("", frozenset(Role), exports_to_take, export_to_take, ""),
    Kind(
        gettext_lazy("Emergency access"),
        frozenset({Role.SUPERVISOR, *OVERSEEING}),
        emergency_accesses_to_review,
        emergency_access_to_review,
        "emergency_access:list",
    ),
    Kind("", KEYHOLDERS, vital_interests_to_confirm, vital_interest_to_confirm, ""),
    Kind("", KEYHOLDERS, vital_interests_to_tell, vital_interest_to_tell, ""),
    Kind("", KEYHOLDERS, consents_ending, consent_ending, ""),
    Kind(
        gettext_lazy("Copies to destroy"),
        frozenset(ANSWERING),
        copies_to_destroy,
        copy_to_destroy,
        "consent:destructions",
    ),
    Kind("", KEYHOLDERS, outsiders_to_ask, outsider_to_ask, ""),
    Kind(
        gettext_lazy("New colleagues"),
        ADMITTING,
        colleagues_to_admit,
        colleague_to_admit,
        "vault:admissions",
    ),
    Kind(
        gettext_lazy("Organisations"),
        frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}),
        organisations_to_admit,
        organisation_to_admit,
        "access:organisations",
    ),
    Kind(
        gettext_lazy("Late referrals"),
        COORDINATORS,
        referrals_late,
        referral_late,
        "referrals:late",
        Section.WAITING_ON,
    ),
    Kind(
        "",
        frozenset(ANSWERING),
        appointments_here,
        appointment_here,
        "",
        Section.APPOINTMENTS,
    ),
    Kind(
        "",
        KEYHOLDERS,
        appointments_of_mine,
        appointment_of_mine,
        "",
        Section.APPOINTMENTS,
    ),
    Kind(
        SENT,
        KEYHOLDERS,
        referrals_waiting,
        referral_waiting,
        "referrals:sent",
        Section.WAITING_ON,
    ),
    Kind(
        SENT,
        KEYHOLDERS,
        requests_waiting,
        request_waiting,
        "referrals:sent",
        Section.WAITING_ON,
    ),
    Kind(
        SCREENINGS,
        KEYHOLDERS,
        screenings_handed,
        screening_handed,
        "screening:home",
        Section.WAITING_ON,
    ),
    Kind(
        gettext_lazy("Availability to confirm"),
        frozenset(PLACES),
        places_to_confirm,
        place_to_confirm,
        "directory:places",
        Section.HOUSEKEEPING,
        only="to-count",
    ),
)
