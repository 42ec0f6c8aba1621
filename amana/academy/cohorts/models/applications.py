"""One person's way into a course: a question, an application, a place."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.academy.cohorts.models.cohort_record import Cohort
from amana.academy.cohorts.states import (
    OPEN,
    OURS,
    QUESTIONS,
    SEATED,
    TAKES_PART,
    ApplicationStatus,
)
from amana.academy.courses.models import Course
from amana.errors import Changed
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

KEPT_FOR = timedelta(days=30)
"""After this, nothing is left of a question, of a person who did not take part, of an
invitation that expired, or of a message to a cohort that is over."""


ANSWER_WITHIN = timedelta(days=3)
"""The academy's clock: for a question, and for an application."""


OFFER_FOR = timedelta(days=7)
"""For this time an offered place is kept."""


FADING = ("name", "contact", "message", "reply", "languages", "access_needs")
"""What no one needs once the cohort is over and the person has an account."""


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
        INVITATION = "invitation", _("An invitation link")

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
    shares_progress = models.BooleanField(default=False)
    """Whether those who lead the cohort see how far this learner is."""
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
        shares_progress = personal
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

    def move(self, to: ApplicationStatus, **changes: object) -> None:
        """Change the status. Raises `Changed` where someone else changed it first."""
        changes |= {"status": to, "moved_at": timezone.now()}
        # The academy's clock runs only in its own states; a constraint requires it.
        changes.setdefault("due_at", None)
        if not self.may_become(to) or not self.change(**changes):
            raise self.changed()

    def change(self, **changes: object) -> bool:
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
