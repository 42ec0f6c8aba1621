"""The circle of those who hold a certificate: who is in it, that a person began a talk
or answered, and which clinics are announced. Every word of a talk is sealed."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7


class CircleEnding(models.TextChoices):
    LEFT = "left", _("They left")
    RAN_OUT = "ran_out", _("Their certificate was no longer valid")


class CircleMembershipQuerySet(models.QuerySet["CircleMembership"]):
    def standing(self) -> Self:
        return self.filter(left_at=None)


class CircleMembership(models.Model):
    """A person is in the circle, from the day on which they joined."""

    person = models.ForeignKey(User, models.CASCADE, related_name="circle_places")
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=CircleEnding, blank=True)

    objects = CircleMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="circle_place_once", fields=["person"], condition=Q(left_at=None)
            ),
            models.CheckConstraint(
                name="circle_place_left_iff_how",
                condition=Q(left_at=None, ending="")
                | Q(left_at__isnull=False) & ~Q(ending=""),
            ),
        ]

    class Privacy:
        kept = "A year after it ended."
        person = joined_at = left_at = ending = personal

    def __str__(self) -> str:
        return f"place {self.pk}"


class TalkTheme(models.TextChoices):
    """The topic of a talk: all that a list can show of it, as its words are sealed."""

    SIGNS = "signs", _("Signs and first conversations")
    CONSENT = "consent", _("Consent and privacy")
    SERVICES = "services", _("Finding the right service")
    CASES = "cases", _("Supporting one person over time")
    TOGETHER = "together", _("Working with other professions")
    LASTING = "lasting", _("Funding, policy and lasting change")
    OURSELVES = "ourselves", _("Looking after ourselves")


class TalkQuerySet(models.QuerySet["Talk"]):
    def for_list(self) -> Self:
        return self.annotate(
            # The first message is the talk itself.
            answers=Count("words") - 1,
            last_at=Coalesce(Max("words__at"), "begun_at"),
        ).order_by("-last_at", "pk")

    def over(self, since: timedelta) -> Self:
        """Find talks in which no one has written for so long."""
        return self.for_list().filter(last_at__lt=timezone.now() - since)


class Talk(models.Model):
    """A discussion with all who were in the circle when it began."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    theme = models.CharField(max_length=12, choices=TalkTheme)
    by = models.ForeignKey(User, models.CASCADE, related_name="circle_talks")
    begun_at = models.DateTimeField(default=timezone.now)

    objects = TalkQuerySet.as_manager()

    class Privacy:
        kept = "Three months after the last word in it."
        by = personal
        theme = begun_at = plain

    def __str__(self) -> str:
        return f"talk {self.pk}"


class TalkMessage(models.Model):
    """That a person wrote a message in a talk; the message itself is sealed."""

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="words")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "As long as its talk."
        by = personal
        talk = at = plain

    def __str__(self) -> str:
        return f"said {self.pk}"


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def to_come(self, now: datetime | None = None) -> Self:
        """Find those to come, or under way for less than two hours."""
        since = (now or timezone.now()) - timedelta(hours=2)
        return self.filter(starts_at__gt=since).order_by("starts_at", "pk")


class Gathering(models.Model):
    """A clinic to which the whole circle is invited: when, where, about what."""

    starts_at = models.DateTimeField()
    where = models.CharField(max_length=200)
    """A room, a telephone number or an address to open."""
    about = models.CharField(max_length=300)
    announced_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    announced_at = models.DateTimeField(default=timezone.now)

    objects = GatheringQuerySet.as_manager()

    class Privacy:
        kept = "A month after it took place."
        announced_by = personal
        starts_at = where = about = announced_at = plain

    def __str__(self) -> str:
        return f"gathering {self.pk}"
