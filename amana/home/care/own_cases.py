"""Tasks in one's own cases and on their pathways."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models.case_needs import FollowUp, Need
from amana.care.cases.models.case_record import Case, DeadlineKind, Urgency
from amana.care.cases.rules import work_on_case
from amana.care.pathways import labels as pathways
from amana.care.pathways.models.open_tasks import OpenTask
from amana.care.pathways.rules import do_assigned_step, do_step_asked
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import follow_referral
from amana.home.care.referral_tasks import select_referrals
from amana.home.care.task_sharing import SOON, get_icon, list_team_ids
from amana.home.kinds import Questions, Task
from amana.trust.access.models.organisations import User
from amana.trust.access.prepared.prepared_query import prepare_query


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
