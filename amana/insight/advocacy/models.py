"""A plan for one change of policy; who decides, when, what is said to them and by whom,
what was promised; and what monitors recommend. Institutions and offices alone: no model
here has a place for the name of a private person."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.design.mechanism.models import Version
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

SOON = timedelta(days=60)


class PolicyPlanQuerySet(models.QuerySet["PolicyPlan"]):
    def for_list(self) -> Self:
        return self.order_by("due_on", "pk")


class PolicyPlan(models.Model):
    """One change of policy that is wanted: what exactly, how one will see it, by
    when."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        REACHED = "reached", _("Reached")
        ENDED = "ended", _("Given up")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    goal = models.CharField(max_length=200)
    seen_by = models.CharField(max_length=300)
    """How one will see that it is reached: a figure, a law, a line of the budget."""
    within_reach = models.CharField(max_length=300, blank=True)
    why = models.TextField(max_length=2000)
    due_on = models.DateField()
    risks = models.TextField(max_length=2000, blank=True)
    """Whom it could harm, and what is done so that it does not."""
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PolicyPlanQuerySet.as_manager()

    class Privacy:
        kept = "Five years after the plan has ended."
        goal = seen_by = within_reach = why = due_on = risks = state = made_at = plain
        made_by = personal

    def __str__(self) -> str:
        return self.goal


class Office(models.Model):
    """An institution or office on the map of who decides."""

    class Side(models.TextChoices):
        TARGET = "target", _("Decides")
        ALLY = "ally", _("Helps us")
        BLOCKER = "blocker", _("Opposes it")
        UNDECIDED = "undecided", _("Undecided")

    class Power(models.TextChoices):
        MUCH = "much", _("Much influence")
        LITTLE = "little", _("Little influence")

    class View(models.TextChoices):
        FOR = "for", _("For it")
        AGAINST = "against", _("Against it")

    plan = models.ForeignKey(PolicyPlan, models.CASCADE, related_name="offices")
    title = models.CharField(max_length=160)
    side = models.CharField(max_length=10, choices=Side)
    power = models.CharField(max_length=8, choices=Power)
    view = models.CharField(max_length=8, choices=View)
    moved_by = models.CharField(max_length=300, blank=True)
    """What they care about."""

    class Privacy:
        kept = "As long as its plan."
        plan = title = side = power = view = moved_by = plain

    def __str__(self) -> str:
        return self.title


class WindowQuerySet(models.QuerySet["Window"]):
    def to_come(self, today: date | None = None) -> Self:
        return self.filter(closes_on__gte=today or timezone.localdate())

    def soon(self, today: date | None = None) -> Self:
        now = today or timezone.localdate()
        return self.to_come(now).filter(opens_on__lte=now + SOON)

    def for_list(self) -> Self:
        return self.order_by("opens_on", "pk")


class Window(models.Model):
    """A time in which one is heard: a budget, a review, a report."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("Budget call")
        LAW = "law", _("Law being drafted")
        PLAN_REVIEW = "plan_review", _("Review of the national plan")
        GRETA = "greta", _("Evaluation by GRETA")
        UPR = "upr", _("Universal Periodic Review")
        CEDAW = "cedaw", _("Report to CEDAW")
        TIP = "tip", _("Trafficking in Persons Report")
        ELECTION = "election", _("Election or new government")
        OTHER = "other", _("Another occasion")

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    opens_on = models.DateField()
    closes_on = models.DateField()
    plan = models.ForeignKey(
        PolicyPlan, models.CASCADE, null=True, blank=True, related_name="windows"
    )
    """Empty: for all plans."""

    objects = WindowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="window_closes_after_it_opens",
                condition=Q(closes_on__gte=models.F("opens_on")),
            )
        ]

    class Privacy:
        kept = "As long as its plan."
        kind = title = opens_on = closes_on = plan = plain

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """What is said to one audience, and what kind of messenger says it."""

    class Audience(models.TextChoices):
        MINISTERS = "ministers", _("Ministers")
        PARLIAMENT = "parliament", _("Parliament")
        OFFICIALS = "officials", _("Officials")
        LOCAL = "local", _("Local government")
        DONORS = "donors", _("Donors")
        SERVICES = "services", _("Services and professions")
        MEDIA = "media", _("Media")
        PUBLIC = "public", _("The public")

    class Messenger(models.TextChoices):
        COORDINATION = "coordination", _("The coordination office")
        COALITION = "coalition", _("A group of organisations")
        PROFESSION = "profession", _("Doctors, lawyers, social workers")
        SURVIVOR = "survivor", _("Survivor leaders")
        MONITOR = "monitor", _("A monitor or rapporteur")

    plan = models.ForeignKey(PolicyPlan, models.CASCADE, related_name="messages")
    audience = models.CharField(max_length=12, choices=Audience)
    words = models.TextField(max_length=2000)
    messenger = models.CharField(max_length=14, choices=Messenger)
    agreed_on = models.DateField(null=True, blank=True)
    """When survivors who speak agreed, informed and paid; the paper that says so, with
    who they are, stays with those who support them."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """They took it back, and need not say why."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_of_survivors_was_agreed",
                condition=~Q(messenger="survivor") | Q(agreed_on__isnull=False),
            )
        ]

    class Privacy:
        kept = "As long as its plan."
        plan = audience = words = messenger = agreed_on = withdrawn_at = plain

    def __str__(self) -> str:
        return f"message {self.pk}"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def late(self, today: date | None = None) -> Self:
        now = today or timezone.localdate()
        return self.filter(state=Commitment.State.OPEN, due_on__lt=now)


class Commitment(models.Model):
    """What an office promised, and whether it did it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        KEPT = "kept", _("Kept")
        PARTLY = "partly", _("Kept in part")
        BROKEN = "broken", _("Not kept")

    plan = models.ForeignKey(PolicyPlan, models.CASCADE, related_name="commitments")
    office = models.CharField(max_length=160)
    words = models.CharField(max_length=500)
    made_on = models.DateField()
    due_on = models.DateField()
    source = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    settled_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=500, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promise_settled_with_evidence",
                condition=Q(state="open", settled_on=None)
                | ~Q(state="open") & Q(settled_on__isnull=False) & ~Q(evidence=""),
            )
        ]

    class Privacy:
        kept = "As long as its plan."
        plan = office = words = made_on = due_on = source = plain
        state = settled_on = evidence = plain

    def __str__(self) -> str:
        return f"commitment {self.pk}"

    @property
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def for_list(self) -> Self:
        return self.select_related("version__mechanism").order_by("-given_on", "pk")


class Recommendation(models.Model):
    """What a monitor recommends to the country, in its own words, and how it stands."""

    class Monitor(models.TextChoices):
        GRETA = "greta", _("GRETA")
        TIP = "tip", _("Trafficking in Persons Report")
        CEDAW = "cedaw", _("CEDAW")
        UPR = "upr", _("Universal Periodic Review")
        TREATY = "treaty", _("Another treaty body")
        UN_RAPPORTEUR = "un_rapporteur", _("UN special rapporteur")
        RAPPORTEUR = "rapporteur", _("National rapporteur")
        AUDIT = "audit", _("Court of audit")
        COUNCIL = "council", _("Survivors’ council")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        PARTLY = "partly", _("In part")
        IMPLEMENTED = "implemented", _("Carried out")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    monitor = models.CharField(max_length=14, choices=Monitor)
    source = models.CharField(max_length=300)
    """The document and its paragraph."""
    words = models.TextField(max_length=3000)
    given_on = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    """The version of the mechanism that honours it."""
    provision = models.CharField(max_length=60, blank=True)
    """There: the line of its law by which it does, by its code."""
    how = models.TextField(max_length=2000, blank=True)
    """What was done."""
    fact = models.UUIDField(null=True, blank=True)
    """What the figures were told last of it."""

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recommendation_carried_out_somehow",
                condition=Q(state="open") | ~Q(how=""),
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        monitor = source = words = given_on = state = plain
        version = provision = how = fact = plain

    def __str__(self) -> str:
        return f"recommendation {self.pk}"
