"""What has to be thought of in time: money that ends, occasions to be heard, promises
that were not kept, steps that were agreed, briefs that wait for a look, data incidents
of which the authority has to hear."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.academy.held_exercises.models import ExerciseStep
from amana.academy.held_exercises.rules import write_step
from amana.care.cases.models import Urgency
from amana.home.kinds import Questions, Task, TaskKind
from amana.home.voices import get_end_of_day
from amana.insight.advocacy.models import Commitment, Window
from amana.insight.advocacy.rules import read_advocacy
from amana.insight.briefs.models import Brief
from amana.insight.briefs.rules import PUBLISHERS, publish_brief
from amana.insight.costing.ledger_sums import SOON
from amana.insight.costing.models import Grant
from amana.insight.costing.rules import read_costs
from amana.trust.access.models import Role, User
from amana.trust.access.prepared import DynamicQuery
from amana.trust.oversight.models import Breach
from amana.trust.oversight.rules import KEEPERS, keep_breach


def find_money_ending(user: User, now: datetime) -> Questions:
    """Find grants that end within three months, where nothing is known to follow."""
    today = timezone.localdate(now)
    ending = Grant.objects.ending(today, within=SOON).without_successor()
    yield DynamicQuery(read_costs.among(ending, user).order_by("ends_on", "pk"))


def build_funding_task(grant: Grant) -> Task:
    what = _("Funding ends: plan what follows")
    url = reverse("costing:grant", args=[grant.pk])
    return Task(get_end_of_day(grant.ends_on), what, grant.title, url, Urgency.U3)


def find_occasions(user: User, now: datetime) -> Questions:
    soon = Window.objects.soon(timezone.localdate(now))
    yield DynamicQuery(read_advocacy.among(soon, user).order_by("closes_on", "pk"))


def build_occasion_task(window: Window) -> Task:
    what = _("Advocacy occasion coming up")
    return Task(
        get_end_of_day(window.closes_on),
        what,
        window.title,
        reverse("advocacy:windows"),
    )


def find_promises_late(user: User, now: datetime) -> Questions:
    late = Commitment.objects.late(timezone.localdate(now))
    yield DynamicQuery(read_advocacy.among(late, user).order_by("due_on", "pk"))


def build_promise_task(promise: Commitment) -> Task:
    what = _("Check whether a commitment was kept")
    url = reverse("advocacy:plan", args=[promise.plan_id])
    return Task(get_end_of_day(promise.due_on), what, promise.office, url)


def find_steps_late(user: User, now: datetime) -> Questions:
    late = ExerciseStep.objects.late(timezone.localdate(now))
    yield DynamicQuery(write_step.among(late, user).order_by("due_on", "pk"))


def build_step_task(step: ExerciseStep) -> Task:
    what = _("Complete a follow-up to an exercise")
    url = reverse("held_exercises:exercise", args=[step.exercise_id])
    return Task(get_end_of_day(step.due_on), what, step.office, url, Urgency.U3)


def find_breaches_to_notify(user: User, now: datetime) -> Questions:
    """Find data breaches that have to be reported to the regulator."""
    # GDPR, Art. 33: 72 hours from when it was found, so the oldest comes first.
    waiting = keep_breach.among(Breach.objects.to_notify(), user)
    yield DynamicQuery(waiting.order_by("found_at", "pk"))


def build_breach_task(breach: Breach) -> Task:
    what = _("Report a data breach to the regulator")
    url = reverse("audit:breach", args=[breach.pk])
    return Task(breach.notify_by, what, breach.get_kind_display(), url, Urgency.U1)


def find_briefs_to_review(user: User, now: datetime) -> Questions:
    waiting = publish_brief.among(Brief.objects.waiting(), user)
    yield DynamicQuery(waiting.order_by("asked_at", "pk"))


def build_brief_task(brief: Brief) -> Task:
    about = f"{brief.get_kind_display()} · {brief.year}"
    url = reverse("briefs:brief", args=[brief.pk])
    return Task(brief.asked_at, _("Review a brief"), about, url, since=True)


COORDINATORS = frozenset({Role.COORDINATOR})
EXERCISE_LEADERS = COORDINATORS | {Role.TRAINER}
"""Those who led an exercise see what was agreed after it, and are reminded of it."""
KINDS = (
    TaskKind(
        gettext_lazy("Funding"),
        COORDINATORS,
        find_money_ending,
        build_funding_task,
        "costing:ledger",
    ),
    TaskKind(
        gettext_lazy("Advocacy occasions"),
        COORDINATORS,
        find_occasions,
        build_occasion_task,
        "advocacy:windows",
    ),
    TaskKind(
        gettext_lazy("Commitments"),
        COORDINATORS,
        find_promises_late,
        build_promise_task,
        "advocacy:plans",
    ),
    TaskKind(
        gettext_lazy("Exercises"),
        EXERCISE_LEADERS,
        find_steps_late,
        build_step_task,
        "held_exercises:exercises",
    ),
    TaskKind(
        gettext_lazy("Data breaches"),
        KEEPERS,
        find_breaches_to_notify,
        build_breach_task,
        "audit:breaches",
    ),
    TaskKind(
        gettext_lazy("Briefs"),
        PUBLISHERS,
        find_briefs_to_review,
        build_brief_task,
        "briefs:briefs",
    ),
)
