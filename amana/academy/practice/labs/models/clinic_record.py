"""Clinics, in which a circle thinks about a case."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.academy.cohorts.models import Cohort
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7


class ClinicStage(models.TextChoices):
    """What a circle does, one after the other: questions come before advice."""

    TELLING = "telling", _("The case is presented")
    QUESTIONS = "questions", _("Questions")
    ADVICE = "advice", _("Advice")
    RESPONSE = "response", _("Response")
    COMMITMENT = "commitment", _("Commitment")
    CLOSED = "closed", _("Closed")


NEXT: dict[ClinicStage, ClinicStage] = {
    ClinicStage.TELLING: ClinicStage.QUESTIONS,
    ClinicStage.QUESTIONS: ClinicStage.ADVICE,
    ClinicStage.ADVICE: ClinicStage.RESPONSE,
    ClinicStage.RESPONSE: ClinicStage.COMMITMENT,
    ClinicStage.COMMITMENT: ClinicStage.CLOSED,
}

MINUTES: dict[ClinicStage, int] = {
    ClinicStage.TELLING: 8,
    ClinicStage.QUESTIONS: 8,
    ClinicStage.ADVICE: 20,
    ClinicStage.RESPONSE: 5,
    ClinicStage.COMMITMENT: 4,
}
"""How long each takes where people sit together; in writing it takes days."""


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def open(self) -> Self:
        return self.exclude(stage=ClinicStage.CLOSED)

    def for_list(self) -> Self:
        # Without the compiled course, which is read once for each version.
        return (
            self.select_related("cohort__version__course", "presenter")
            .defer("cohort__version__compiled")
            .order_by("-opened_at", "pk")
        )


class Clinic(models.Model):
    """A person brings a case in which no one can be recognised, or opens one of the
    course, and a circle asks and advises. Every word is sealed to the circle, and
    destroyed with it."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="clinics")
    presenter = models.ForeignKey(User, models.CASCADE, related_name="clinics")
    case = models.CharField(max_length=60, blank=True)
    """Which of the course's cases, all invented; empty: the presenter's own."""
    stage = models.CharField(
        max_length=12, choices=ClinicStage, default=ClinicStage.QUESTIONS
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clinic_closed_iff_when",
                condition=Q(stage="closed", closed_at__isnull=False)
                | ~Q(stage="closed") & Q(closed_at=None),
            )
        ]

    class Privacy:
        kept = "A month after it is closed."
        cohort = case = stage = opened_at = closed_at = plain
        presenter = personal

    def __str__(self) -> str:
        return f"clinic {self.pk}"


class GivenAnswer(models.Model):
    """That a clinic's circle asked for an answer of the course's case, and has it."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="given")
    code = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="answer_given_once", fields=["clinic", "code"])
        ]

    class Privacy:
        kept = "A month after its clinic is closed."
        clinic = code = at = plain
        by = personal

    def __str__(self) -> str:
        return f"answer {self.pk}"


class ClinicMessage(models.Model):
    """That a member of a circle wrote something; the text is sealed."""

    class Kind(models.TextChoices):
        CASE = "case", pgettext_lazy("of a clinic", "The case")
        QUESTION = "question", _("A question")
        ANSWER = "answer", _("Answer")
        ADVICE = "advice", _("Advice")
        COMMITMENT = "commitment", _("What will be done")

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="words")
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "A month after its clinic is closed."
        clinic = kind = at = plain
        by = personal

    def __str__(self) -> str:
        return f"word {self.pk}"
