"""A cohort that learns together, and everyone on their way into one."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.academy.cohorts.states import (
    NEXT,
    OPEN,
    OURS,
    QUESTIONS,
    SEATED,
    TAKES_PART,
    ApplicationStatus,
)
from amana.academy.courses.models import Course, Version
from amana.errors import Changed
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

__all__ = ["NEXT", "OPEN", "Application", "ApplicationStatus", "Cohort"]

KEPT_FOR = timedelta(days=30)
"""After this, nothing is left of a question, or of a person who did not take part."""

ANSWER_WITHIN = timedelta(days=3)
"""The academy's clock: for a question, and for an application."""

OFFER_FOR = timedelta(days=7)
"""For this time an offered place is kept."""


FADING = ("name", "contact", "message", "reply", "languages", "access_needs")
"""What no one needs once the cohort is over and the person has an account."""


class CohortMode(models.TextChoices):
    ONLINE = "online", _("Online")
    IN_PERSON = "in_person", _("In person")
    HYBRID = "hybrid", _("Online and in person")


class AdmissionRule(models.TextChoices):
    """Who may apply."""

    PUBLIC = "public", _("Anyone can apply")
    INVITATION = "invitation", _("By invitation only")


class CohortQuerySet(models.QuerySet["Cohort"]):
    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def public(self) -> Self:
        return self.standing().filter(entry=AdmissionRule.PUBLIC)

    def open(self, on: date | None = None) -> Self:
        """Find those for which people may still apply."""
        return self.standing().filter(open_until__gte=on or timezone.localdate())

    def upcoming(self, on: date | None = None) -> Self:
        return self.standing().filter(ends_on__gte=on or timezone.localdate())

    def for_list(self) -> Self:
        """Load without the compiled course, which is read once for each version."""
        return (
            self.select_related("version__course")
            .defer("version__compiled")
            .order_by("starts_on", "pk")
        )

    def with_numbers(self) -> Self:
        """Count how many have a place, and how many wait."""
        return self.annotate(
            seated=models.Count(
                "applications", Q(applications__status__in=sorted(SEATED))
            ),
            waiting=models.Count("applications", Q(applications__status="waitlisted")),
            to_answer=models.Count("applications", Q(applications__status="applied")),
        )


class Cohort(models.Model):
    """People who learn by one version of a course, together and within some dates."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    mode = models.CharField(
        max_length=10, choices=CohortMode, default=CohortMode.ONLINE
    )
    place = models.CharField(max_length=200, blank=True)
    """Where, for those who come in person: a town and a building, in words."""
    starts_on = models.DateField()
    ends_on = models.DateField()
    time_zone = models.CharField(max_length=60, default="UTC")
    capacity = models.PositiveSmallIntegerField()
    fee = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    """For information: nothing is paid here."""
    currency = models.CharField(max_length=3, blank=True)
    scholarships = models.PositiveSmallIntegerField(default=0)
    """How many take part without the fee."""
    language = models.CharField(max_length=5, default="en")
    facilitators = models.ManyToManyField(User, related_name="facilitated", blank=True)
    entry = models.CharField(
        max_length=10, choices=AdmissionRule, default=AdmissionRule.PUBLIC
    )
    open_until = models.DateField()
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    seated: int
    waiting: int
    to_answer: int
    """Counted by `with_numbers`."""

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cohort_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                name="cohort_open_until_its_end",
                condition=Q(open_until__lte=F("ends_on")),
                violation_error_message=_(
                    "Applications must close on or before the cohort’s last day."
                ),
            ),
            models.CheckConstraint(
                name="cohort_has_places",
                condition=Q(capacity__gte=1),
                violation_error_message=_("A cohort needs at least one place."),
            ),
            models.CheckConstraint(
                name="cohort_fee_in_a_currency",
                condition=Q(fee=0, currency="") | (Q(fee__gt=0) & ~Q(currency="")),
                violation_error_message=_("Enter the currency of the fee."),
            ),
        ]

    class Privacy:
        kept = "As long as a certificate of its course can be checked."
        version = name = mode = place = starts_on = ends_on = time_zone = plain
        capacity = fee = currency = scholarships = language = entry = plain
        open_until = opened_at = cancelled_at = plain
        facilitators = opened_by = personal

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_open(self) -> bool:
        return self.cancelled_at is None and self.open_until >= timezone.localdate()

    @property
    def is_over(self) -> bool:
        return self.ends_on < timezone.localdate()

    def free_places(self) -> int:
        return self.capacity - self.applications.seated().count()


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> Self:
        return self.filter(status__in=sorted(OPEN))

    def questions(self) -> Self:
        return self.filter(status__in=sorted(QUESTIONS))

    def ours(self) -> Self:
        """Find those on which the academy has to act."""
        return self.filter(status__in=sorted(OURS))

    def overdue(self, now: datetime | None = None) -> Self:
        return self.ours().filter(due_at__lt=now or timezone.now())

    def seated(self) -> Self:
        return self.filter(status__in=sorted(SEATED))

    def to_tell(self) -> Self:
        """Find those for whom a place is kept and who have no account: a person has to
        tell them."""
        return self.filter(status=ApplicationStatus.OFFERED, person=None)

    def taking_part(self) -> Self:
        return self.filter(status__in=sorted(TAKES_PART))

    def waitlisted(self) -> Self:
        """Find those on the waiting list, in the order in which they applied."""
        return self.filter(status=ApplicationStatus.WAITLISTED).order_by(
            "asked_at", "pk"
        )

    def lapsing(self, now: datetime | None = None) -> Self:
        """Find offers that were not accepted in time."""
        return self.filter(
            status=ApplicationStatus.OFFERED, offered_until__lt=now or timezone.now()
        )

    def left_over(self) -> Self:
        """Find applications that were not settled before their cohort was over."""
        waiting = OPEN - QUESTIONS - TAKES_PART
        return self.filter(
            status__in=sorted(waiting), cohort__ends_on__lt=timezone.localdate()
        )

    def to_forget(self, now: datetime | None = None) -> Self:
        """Find what is over, or was answered, so long ago that no one needs it."""
        old = (now or timezone.now()) - KEPT_FOR
        return self.filter(moved_at__lt=old).exclude(
            # An answered question is open for another, but it must not stay for ever
            # because of that.
            status__in=sorted((OPEN - {ApplicationStatus.ANSWERED}) | TAKES_PART)
        )

    def to_fade(self, now: datetime | None = None) -> Self:
        """Find participants of a cohort that is over: only that they took part is still
        needed."""
        old = timezone.localdate(now) - KEPT_FOR
        words = Q(*((name, "") for name in FADING))
        return self.taking_part().filter(cohort__ends_on__lt=old).exclude(words)

    def for_list(self) -> Self:
        return (
            self.select_related("person", "course", "cohort__version__course")
            .defer("cohort__version__compiled")
            .order_by("due_at", "pk")
        )


class Application(models.Model):
    """One person's way into a course: a question, an application, a place."""

    class Source(models.TextChoices):
        FORM = "form", _("The form on the website")
        HELP = "help", _("The help page")
        ACCOUNT = "account", _("Their account here")
        STAFF = "staff", _("Recorded by the academy")

    class Sector(models.TextChoices):
        PROTECTION = "protection", _("Protection and social services")
        HEALTH = "health", _("Health and public health")
        JUSTICE = "justice", _("Justice and law")
        SECURITY = "security", _("Police and border")
        HUMANITARIAN = "humanitarian", _("Humanitarian and refugee response")
        MIGRATION = "migration", _("Migration and anti-trafficking")
        COORDINATION = "coordination", _("Coordination, monitoring and evaluation")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    person = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="applications"
    )
    """Once they have an account here; without one, no one can enrol."""
    name = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    """How they wish to be answered: an e-mail address or a telephone number."""
    message = models.TextField(max_length=2000, blank=True)
    reply = models.TextField(max_length=2000, blank=True)
    """What the academy answered; a person with an account reads it here."""
    organisation = models.CharField(max_length=200, blank=True)
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    languages = models.CharField(max_length=120, blank=True)
    access_needs = models.TextField(max_length=500, blank=True)
    """What they need so that they can take part."""
    source = models.CharField(max_length=10, choices=Source, default=Source.FORM)
    scholarship_asked = models.BooleanField(default=False)
    scholarship_granted_at = models.DateTimeField(null=True, blank=True)
    fee_noted_at = models.DateTimeField(null=True, blank=True)
    """When the academy noted that the fee was received, elsewhere."""
    status = models.CharField(
        max_length=12, choices=ApplicationStatus, default=ApplicationStatus.ENQUIRED
    )
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    """When the academy has to have answered."""
    offered_until = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # Visitors have no account, and so may apply more than once: the academy
                # decides which counts.
                name="application_one_open_by_person",
                fields=["person", "cohort"],
                condition=Q(status__in=sorted(OPEN - QUESTIONS)),
                violation_error_message=_(
                    "This person has already applied for this cohort."
                ),
            ),
            models.CheckConstraint(
                name="application_for_a_cohort",
                condition=Q(cohort__isnull=False)
                | Q(
                    status__in=sorted(
                        QUESTIONS
                        | {ApplicationStatus.WITHDRAWN, ApplicationStatus.DECLINED}
                    )
                ),
            ),
            models.CheckConstraint(
                name="application_enrolled_with_an_account",
                condition=Q(person__isnull=False) | ~Q(status__in=sorted(TAKES_PART)),
            ),
            models.CheckConstraint(
                name="application_due_iff_ours",
                condition=Q(status__in=sorted(OURS), due_at__isnull=False)
                | (~Q(status__in=sorted(OURS)) & Q(due_at=None)),
            ),
            models.CheckConstraint(
                name="application_offered_until_a_day",
                condition=~Q(status=ApplicationStatus.OFFERED)
                | Q(offered_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="application_to_answer",
                fields=["due_at", "id"],
                condition=Q(due_at__isnull=False),
            ),
            models.Index(name="application_in_turn", fields=["cohort", "asked_at"]),
        ]

    class Privacy:
        kept = "30 days after it is over; of those who took part, that they did."
        person = name = contact = organisation = sector = languages = personal
        message = reply = access_needs = sensitive
        course = cohort = source = version = plain
        scholarship_asked = scholarship_granted_at = fee_noted_at = personal
        status = asked_at = moved_at = due_at = offered_until = personal

    def __str__(self) -> str:
        return f"application {self.pk}"

    @property
    def state(self) -> ApplicationStatus:
        return ApplicationStatus(self.status)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()

    @property
    def tone(self) -> str:
        return self.state.tone

    def may_become(self, to: ApplicationStatus) -> bool:
        return to in self.state.next

    def move(self, to: ApplicationStatus, **changes: Any) -> None:
        """Change the status. Raises `Changed` where someone else changed it first."""
        changes |= {"status": to, "moved_at": timezone.now()}
        # The academy's clock runs only in its own states; a constraint requires it.
        changes.setdefault("due_at", None)
        if not self.may_become(to) or not self.change(**changes):
            raise self.changed()

    def change(self, **changes: Any) -> bool:
        """Set these fields; return False where someone else changed it first."""
        # Status and version are conditions of the UPDATE: the first of two people
        # succeeds, without a lock, and the second is shown the new status.
        free = Application.objects.filter(
            pk=self.pk, status=self.status, version=self.version
        )
        if not free.update(version=F("version") + 1, **changes):
            return False
        for name, value in (changes | {"version": self.version + 1}).items():
            setattr(self, name, value)
        return True

    def changed(self) -> Changed:
        """Build the error for the person who came second."""
        status = (
            Application.objects.filter(pk=self.pk)
            .values_list("status", flat=True)
            .first()
        )
        now = ApplicationStatus(status or self.status).label
        return Changed(
            say("This has changed in the meantime: it is now “%(now)s”.") % {"now": now}
        )
