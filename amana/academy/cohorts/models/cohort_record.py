"""People who learn by one version of a course together."""

from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.cohorts.states import SEATED
from amana.academy.courses.models import Version
from amana.privacy import personal, plain
from amana.trust.access.models import User


class CohortMode(models.TextChoices):
    ONLINE = "online", _("Online")
    IN_PERSON = "in_person", _("In person")
    HYBRID = "hybrid", _("Online and in person")


class AdmissionRule(models.TextChoices):
    """Who may apply."""

    OPEN = "open", _("Anyone can enrol at once, while there are places")
    PUBLIC = "public", _("Anyone can apply")
    INVITATION = "invitation", _("By invitation only")


SHOWN = (AdmissionRule.OPEN, AdmissionRule.PUBLIC)


class CohortQuerySet(models.QuerySet["Cohort"]):
    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def public(self) -> Self:
        """Find those that are on the page of their course."""
        return self.standing().filter(entry__in=SHOWN)

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
    track = models.CharField(max_length=60, blank=True)
    """The sector that it is for, by its code in the course; empty: for all."""
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
        capacity = fee = currency = scholarships = language = track = entry = plain
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

    @property
    def is_open_to_all(self) -> bool:
        return self.entry == AdmissionRule.OPEN

    def free_places(self) -> int:
        return self.capacity - self.applications.seated().count()
