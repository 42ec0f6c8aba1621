"""A complaint: sealed to a body that is not the agency complained about; its clock."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain, sealed, sensitive
from amana.trust.access.models import Organisation, Team, User
from amana.trust.vault.models import HeldKey


class ComplaintKind(models.TextChoices):
    """What it is about, roughly: enough to know how much it hurries."""

    ABUSE = "abuse", _("Someone touched me, asked for sex, or hit me")
    MONEY = "money", _("Someone asked for money, work or a gift")
    TREATMENT = "treatment", _("I was treated badly or judged")
    SECRET = "secret", _("What I shared was passed on to others")
    REFUSED = "refused", _("I was refused help, or waited too long")
    FORCED = "forced", _("I had to do or sign something")
    OTHER = "other", _("Something else")


class ComplaintOutcome(models.TextChoices):
    RIGHT = "right", _("The complaint was justified")
    PARTLY = "partly", _("The complaint was partly justified")
    NOT = "not", _("The complaint could not be confirmed")
    PASSED = "passed", _("Passed on to those who have to decide")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def open(self) -> Self:
        return self.filter(closed_on=None)

    def late(self, day: date) -> Self:
        """Find those that were not acknowledged, or not answered, in time."""
        unseen = Q(seen_on=None, seen_by__lt=day)
        return self.open().filter(unseen | Q(answer_by__lt=day))

    def for_list(self) -> Self:
        return self.select_related("about", "body__organisation")


class Complaint(models.Model):
    """What a person complains about, without who; its words are messages."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the code that the person keeps: 80 random bits."""
    public = models.BinaryField()
    """The key of this complaint: the answer is sealed to it."""
    private = models.BinaryField()
    """Its private half, which only the person's code opens."""
    body = models.ForeignKey(Team, models.PROTECT, related_name="+")
    about = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=ComplaintKind)
    came_on = models.DateField()
    seen_by = models.DateField()
    """The day by which the body has to say that it has it."""
    answer_by = models.DateField(db_index=True)
    seen_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=ComplaintOutcome, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who answered it: a review is by others, wherever this person works then."""
    told_late_on = models.DateField(null=True, blank=True)
    """When those who coordinate were last told that it waits too long."""
    counted_late = models.DateField(null=True, blank=True)
    """When it became a fact that the answer was late."""

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="complaint_closed_with_outcome",
                condition=Q(closed_on=None, outcome="")
                | (Q(closed_on__isnull=False) & ~Q(outcome="")),
            )
        ]

    class Privacy:
        kept = "Two years after it was answered."
        code = public = plain
        body = about = came_on = seen_by = answer_by = seen_on = closed_on = plain
        told_late_on = counted_late = plain
        kind = outcome = sensitive
        closed_by = personal
        private = sealed

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    @property
    def number(self) -> str:
        """By which those who work on it name it among themselves."""
        return self.pk.hex[:6].upper()

    @property
    def due_on(self) -> date:
        return self.answer_by if self.seen_on else min(self.seen_by, self.answer_by)

    @property
    def is_late(self) -> bool:
        return self.closed_on is None and self.due_on < timezone.localdate()


class ComplaintMessage(HeldKey):
    """What the person wrote, or what the body answers; opened by the body, and the
    answers also by the person's code."""

    class Turn(models.TextChoices):
        FIRST = "first"
        AGAIN = "again"
        COPY = "copy"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="letters")
    answers = models.BooleanField(default=False)
    """Whether the body wrote it."""
    turn = models.CharField(max_length=5, choices=Turn, default=Turn.FIRST)
    """Written at first; or since others look at it again, for whom the first ones are
    copied."""
    written_on = models.DateField()
    content = models.BinaryField()
    for_person = models.BinaryField(blank=True, default=bytes)
    """Its key, sealed to the complaint's; empty for what the person wrote, so
    that another person who finds the code can't read it."""

    class Privacy:
        kept = "As the complaint."
        complaint = answers = turn = written_on = team_key = plain
        person_key = personal
        sealed = content = for_person = sealed

    def __str__(self) -> str:
        return f"letter {self.pk}"
