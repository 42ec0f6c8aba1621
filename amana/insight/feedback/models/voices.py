"""Doors through which people answer, and their own words, sealed."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.taxonomy import ServiceType
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.themes import Theme
from amana.privacy import personal, plain, sealed
from amana.trust.access.models import Organisation, Team
from amana.trust.vault.models import HeldKey


class DeskDuty(models.TextChoices):
    """What a team is appointed to read."""

    FEEDBACK = "feedback", _("Reads what people write about the help they got")
    COMPLAINTS = "complaints", _("Answers complaints")
    REVIEWS = (
        "reviews",
        _("Reviews a complaint if the person is not satisfied with the answer"),
    )


class DeskQuerySet(models.QuerySet["Desk"]):
    def standing(self, duty: DeskDuty) -> Self:
        return self.filter(duty=duty, ended_at=None)

    def independent_of(self, organisation: Organisation | None) -> Self:
        """Exclude the teams of an organisation: no one reads what is said of the one
        for which they work."""
        return self.exclude(team__organisation=organisation) if organisation else self


class Desk(models.Model):
    """A team that reads feedback, or answers complaints."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    duty = models.CharField(max_length=12, choices=DeskDuty)
    appointed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_desk_once",
                fields=["team", "duty"],
                condition=Q(ended_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        team = duty = appointed_at = ended_at = plain

    def __str__(self) -> str:
        return f"desk {self.pk}"


class SlipQuerySet(models.QuerySet["Slip"]):
    def valid(self, day: date) -> Self:
        return self.filter(until__gte=day)


class Slip(models.Model):
    """A code on paper that opens the questions once. Which of many a person took from
    the box is not known. Used or past its time, it is gone."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the code. Those who can read this in the database can also write
    answers there."""
    about = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.CharField(max_length=4, choices=ServiceType, blank=True)
    moment = models.CharField(max_length=6, choices=SlipMoment)
    until = models.DateField()
    """The last day of a month, the same for all of a sheet."""

    objects = SlipQuerySet.as_manager()

    class Privacy:
        kept = "Until it is used, or its month has passed."
        code = about = service = moment = until = plain

    def __str__(self) -> str:
        return f"slip {self.pk}"


class KioskQuerySet(models.QuerySet["Kiosk"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Kiosk(models.Model):
    """A device in a house, on which one person after the other may answer."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of what stands in its address."""
    about = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.CharField(max_length=4, choices=ServiceType, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = KioskQuerySet.as_manager()

    class Privacy:
        kept = "As long as the house asks by it."
        code = about = service = opened_at = ended_at = plain

    def __str__(self) -> str:
        return f"kiosk {self.pk}"


class FeedbackDoor(models.TextChoices):
    SLIP = "slip", _("With a slip")
    KIOSK = "kiosk", _("On a shared device")
    SPOKEN = "spoken", _("Spoken, and recorded by a worker")


class SealedWords(HeldKey):
    """A person's own words, sealed to a team that reads feedback."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    about = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    month = models.DateField()
    """The first of the month."""
    door = models.CharField(max_length=6, choices=FeedbackDoor)
    body = models.BinaryField()

    class Meta(HeldKey.Meta):
        abstract = True


class WaitingVoice(SealedWords):
    """Words that came lately. They are laid among the others once enough have come, in
    an order drawn by lot, and only then can be read."""

    class Meta(SealedWords.Meta):
        abstract = False

    class Privacy:
        kept = "Until enough others have come, or the month is over."
        about = month = door = team_key = plain
        person_key = personal
        sealed = body = sealed

    def __str__(self) -> str:
        return f"words {self.pk}"


class VoiceQuerySet(models.QuerySet["Voice"]):
    def unmarked(self) -> Self:
        return self.filter(marks=None)


class Voice(SealedWords):
    """Words that can be read, only by the desk to which they are sealed."""

    objects = VoiceQuerySet.as_manager()

    class Meta(SealedWords.Meta):
        abstract = False

    class Privacy:
        kept = "Two years; the themes that were found in it too."
        about = month = door = team_key = plain
        person_key = personal
        sealed = body = sealed

    def __str__(self) -> str:
        return f"voice {self.pk}"


class VoiceTheme(models.Model):
    """A theme that a reader found in a person's words."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="marks")
    theme = models.CharField(max_length=12, choices=Theme)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_mark_once", fields=["voice", "theme"]
            )
        ]

    class Privacy:
        kept = "As the words in which it was found."
        voice = theme = plain

    def __str__(self) -> str:
        return f"{self.theme} in {self.voice_id}"
