"""Who would mentor and who looks for a mentor; pairs, and what they agreed."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.academy.cohorts.models import Application
from amana.design.directory.codes import CodesField, is_language
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

Sector = Application.Sector


class MentoringSide(models.TextChoices):
    MENTOR = "mentor", _("I offer to mentor")
    MENTEE = "mentee", _("I am looking for a mentor")


class MentoringWishQuerySet(models.QuerySet["MentoringWish"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def with_load(self) -> Self:
        """Annotate how many people each mentors now, or was asked to."""
        of = Pair.objects.open().filter(mentor=models.OuterRef("person"))
        # Without an order, which would be another column to group by.
        counted = of.order_by().values("mentor").annotate(n=models.Count("pk"))
        load = models.Subquery(counted.values("n"))
        return self.annotate(load=Coalesce(load, 0))

    def for_list(self) -> Self:
        return self.select_related("person").order_by("made_at", "pk")


class MentoringWish(models.Model):
    """A person would mentor, or looks for a mentor: until they withdraw it, or, for a
    mentee, until a pair begins."""

    person = models.ForeignKey(User, models.CASCADE, related_name="mentoring_wishes")
    side = models.CharField(max_length=10, choices=MentoringSide)
    sector = models.CharField(max_length=20, choices=Sector)
    languages = CodesField(known=is_language)
    """In which they can talk about work, as ISO 639 codes."""
    region = models.CharField(max_length=120, blank=True)
    """Where they work, in words: a country, a province, a border."""
    most = models.PositiveSmallIntegerField(default=1)
    """How many people a mentor takes at once."""
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MentoringWishQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="mentoring_wish_once",
                fields=["person", "side"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="mentoring_takes_one_to_five",
                condition=Q(most__gte=1, most__lte=5),
            ),
        ]

    class Privacy:
        kept = "Until it is taken back, and a month longer."
        person = sector = languages = region = most = made_at = ended_at = personal
        side = plain

    def __str__(self) -> str:
        return f"wish {self.pk}"


class PairEnding(models.TextChoices):
    COMPLETED = "completed", _("The set time is over")
    LEFT = "left", _("One of the two ended it")
    DECLINED = "declined", _("One of the two did not agree")


class PairQuerySet(models.QuerySet["Pair"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def proposed(self) -> Self:
        return self.open().filter(Q(mentor_agreed_at=None) | Q(mentee_agreed_at=None))

    def under_way(self) -> Self:
        return self.open().filter(
            mentor_agreed_at__isnull=False, mentee_agreed_at__isnull=False
        )

    def over(self, on: date | None = None) -> Self:
        """Filter those whose time is over and which no one has ended."""
        return self.under_way().filter(until__lt=on or timezone.localdate())

    def for_list(self) -> Self:
        return self.select_related("mentor", "mentee").order_by("-proposed_at", "pk")


class Pair(models.Model):
    """Two people who talk about work for some months. What they write to each other is
    sealed to the two of them, and destroyed when it ends."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    mentor = models.ForeignKey(User, models.CASCADE, related_name="mentors_in")
    mentee = models.ForeignKey(User, models.CASCADE, related_name="mentored_in")
    until = models.DateField()
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    mentor_agreed_at = models.DateTimeField(null=True, blank=True)
    mentee_agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=PairEnding, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pair_of_two", condition=~Q(mentor=F("mentee"))
            ),
            models.CheckConstraint(
                name="pair_ended_iff_how",
                condition=Q(ended_at=None, ending="")
                | Q(ended_at__isnull=False) & ~Q(ending=""),
            ),
            models.UniqueConstraint(
                name="pair_one_mentor_at_a_time",
                fields=["mentee"],
                condition=Q(ended_at=None),
            ),
        ]

    class Privacy:
        kept = "A year after its end: that there was one, no word of it."
        mentor = mentee = until = proposed_at = proposed_by = personal
        mentor_agreed_at = mentee_agreed_at = ended_at = ending = personal

    def __str__(self) -> str:
        return f"pair {self.pk}"

    @property
    def is_under_way(self) -> bool:
        agreed = self.mentor_agreed_at and self.mentee_agreed_at
        return bool(agreed) and self.ended_at is None

    def agreed_by(self, user: User) -> bool:
        return bool(getattr(self, f"{self.side_of(user)}_agreed_at"))

    def side_of(self, user: User) -> MentoringSide:
        return (
            MentoringSide.MENTOR if user.pk == self.mentor_id else MentoringSide.MENTEE
        )

    def other(self, user: User) -> User:
        return self.mentee if user.pk == self.mentor_id else self.mentor


class CheckIn(models.Model):
    """What a mentee wrote for one month; the words are sealed."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="check_ins")
    month = models.DateField()
    """Its first day."""
    written_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="check_in_once_a_month", fields=["pair", "month"]
            ),
        ]

    class Privacy:
        kept = "Until its pair ends."
        pair = month = written_at = answered_at = personal

    def __str__(self) -> str:
        return f"check-in {self.pk}"


class PairCommitmentQuerySet(models.QuerySet["Commitment"]):
    def open(self) -> Self:
        return self.filter(state=Commitment.State.OPEN)


class Commitment(models.Model):
    """What a mentee wants to change at work by a day; the words are sealed."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        KEPT = "kept", _("Kept")
        DROPPED = "dropped", _("Given up")

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="commitments")
    due_on = models.DateField()
    indicator = models.CharField(max_length=20, blank=True)
    """The code of an indicator of the mechanism in force on which it should show."""
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = PairCommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="commitment_settled_iff_not_open",
                condition=Q(state="open", settled_at=None)
                | ~Q(state="open") & Q(settled_at__isnull=False),
            ),
        ]

    class Privacy:
        kept = "Until its pair ends."
        pair = due_on = state = made_at = settled_at = personal
        indicator = plain

    def __str__(self) -> str:
        return f"commitment {self.pk}"

    @property
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()
