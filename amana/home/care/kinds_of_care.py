"""The kinds of task, each with its page."""

from django.utils.translation import gettext_lazy

from amana.care.cases.rules import TAKERS
from amana.care.emergency_access.rules import OVERSEEING
from amana.care.pathways.rules import DOERS
from amana.home.care.appointments import (
    build_appointment_here,
    build_appointment_of_mine,
    find_appointments_here,
    find_appointments_of_mine,
)
from amana.home.care.consents import (
    build_confirmation_task,
    build_consent_task,
    build_destruction_task,
    build_inform_task,
    build_outsider_task,
    find_consents_ending,
    find_copies_to_destroy,
    find_interests_to_confirm,
    find_interests_to_tell,
    find_outsiders_to_ask,
)
from amana.home.care.handed_over import (
    build_access_review_task,
    build_closure_task,
    build_download_task,
    build_export_decision_task,
    build_meeting_task,
    build_screening_kept_task,
    build_screening_task,
    build_transfer_task,
    find_accesses_to_review,
    find_closures_proposed,
    find_exports_to_decide,
    find_exports_to_take,
    find_meetings_waiting,
    find_screenings_kept,
    find_screenings_received,
    find_transfers_offered,
)
from amana.home.care.own_cases import (
    build_follow_up_task,
    build_need_task,
    build_replacement_task,
    build_review_task,
    build_step_task,
    find_follow_ups_due,
    find_needs_due,
    find_referrals_to_replace,
    find_reviews_due,
    find_steps_due,
)
from amana.home.care.places_and_people import (
    build_colleague_task,
    build_organisation_task,
    build_places_task,
    build_referral_waiting_task,
    build_screening_handed_task,
    find_colleagues_to_admit,
    find_organisations_to_admit,
    find_places_to_confirm,
    find_referrals_waiting,
    find_screenings_handed,
)
from amana.home.care.referral_tasks import (
    build_late_task,
    build_person_task,
    build_received_task,
    build_request_task,
    build_request_waiting_task,
    build_stand_in_task,
    find_asked_for_colleague,
    find_people_to_ask,
    find_referrals_late,
    find_referrals_received,
    find_requests_received,
    find_requests_waiting,
)
from amana.home.care.task_sharing import ADMITTING, PLACES
from amana.home.kinds import TaskKind, TaskSection
from amana.trust.access.models.organisations import ANSWERING, KEYHOLDERS, Role
from amana.trust.exports.rules import APPROVERS

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
