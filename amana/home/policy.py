"""What has to be thought of in time: money that ends, occasions to be heard, promises
that were not kept, steps that were agreed, briefs that wait for a look, data incidents
of which the authority has to hear."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models import Urgency
from amana.home.kinds import Kind, Questions, Task
from amana.home.voices import end_of
from amana.insight.advocacy.models import Commitment, Window
from amana.insight.advocacy.rules import read_advocacy
from amana.insight.briefs.models import Brief
from amana.insight.briefs.rules import PUBLISHERS, publish_brief
from amana.insight.costing.ledger import SOON
from amana.insight.costing.models import Grant
from amana.insight.costing.rules import read_costs
from amana.insight.exercises.models import Step
from amana.insight.exercises.rules import write_exercise
from amana.trust.access.kept import Anew
from amana.trust.access.models import Role, User
from amana.trust.oversight.models import Breach
from amana.trust.oversight.rules import KEEPERS, keep_breach


def money_ending(user: User, now: datetime) -> Questions:
    """Find grants that end within three months, where nothing is known to follow."""
    today = timezone.localdate(now)
    ending = Grant.objects.ending(today, within=SOON).without_successor()
    yield Anew(read_costs.among(ending, user).order_by("ends_on", "pk"))


def money_ends(grant: Grant) -> Task:
    what = _("Funding ends: plan what follows")
    url = reverse("costing:grant", args=[grant.pk])
    return Task(end_of(grant.ends_on), what, grant.title, url, Urgency.U3)


def occasions(user: User, now: datetime) -> Questions:
    soon = Window.objects.soon(timezone.localdate(now))
    yield Anew(read_advocacy.among(soon, user).order_by("closes_on", "pk"))


def occasion(window: Window) -> Task:
    what = _("Advocacy occasion coming up")
    return Task(
        end_of(window.closes_on), what, window.title, reverse("advocacy:windows")
    )


def promises_late(user: User, now: datetime) -> Questions:
    late = Commitment.objects.late(timezone.localdate(now))
    yield Anew(read_advocacy.among(late, user).order_by("due_on", "pk"))


def promise_late(promise: Commitment) -> Task:
    what = _("Check whether a commitment was kept")
    url = reverse("advocacy:plan", args=[promise.plan_id])
    return Task(end_of(promise.due_on), what, promise.office, url)


def steps_late(user: User, now: datetime) -> Questions:
    late = Step.objects.late(timezone.localdate(now))
    yield Anew(write_exercise.among(late, user).order_by("due_on", "pk"))


def step_late(step: Step) -> Task:
    what = _("Complete a follow-up to an exercise")
    url = reverse("exercises:exercise", args=[step.exercise_id])
    return Task(end_of(step.due_on), what, step.office, url, Urgency.U3)


def breaches_to_notify(user: User, now: datetime) -> Questions:
    """Find data breaches that have to be reported to the regulator."""
    # GDPR, Art. 33: 72 hours from when it was found, so the oldest comes first.
    waiting = keep_breach.among(Breach.objects.to_notify(), user)
    yield Anew(waiting.order_by("found_at", "pk"))


def breach_to_notify(breach: Breach) -> Task:
    what = _("Report a data breach to the regulator")
    url = reverse("audit:breach", args=[breach.pk])
    return Task(breach.notify_by, what, breach.get_kind_display(), url, Urgency.U1)


def briefs_to_look_at(user: User, now: datetime) -> Questions:
    waiting = publish_brief.among(Brief.objects.waiting(), user)
    yield Anew(waiting.order_by("asked_at", "pk"))


def brief_to_look_at(brief: Brief) -> Task:
    about = f"{brief.get_kind_display()} · {brief.year}"
    url = reverse("briefs:brief", args=[brief.pk])
    return Task(brief.asked_at, _("Review a brief"), about, url, since=True)


COORDINATORS = frozenset({Role.COORDINATOR})
KINDS = (
    Kind(
        gettext_lazy("Funding"),
        COORDINATORS,
        money_ending,
        money_ends,
        "costing:ledger",
    ),
    Kind(
        gettext_lazy("Advocacy occasions"),
        COORDINATORS,
        occasions,
        occasion,
        "advocacy:windows",
    ),
    Kind(
        gettext_lazy("Commitments"),
        COORDINATORS,
        promises_late,
        promise_late,
        "advocacy:plans",
    ),
    Kind(
        gettext_lazy("Exercises"),
        COORDINATORS,
        steps_late,
        step_late,
        "exercises:exercises",
    ),
    Kind(
        gettext_lazy("Data breaches"),
        KEEPERS,
        breaches_to_notify,
        breach_to_notify,
        "audit:breaches",
    ),
    Kind(
        gettext_lazy("Briefs"),
        PUBLISHERS,
        briefs_to_look_at,
        brief_to_look_at,
        "briefs:briefs",
    ),
)
