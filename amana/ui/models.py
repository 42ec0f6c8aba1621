from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from amana.privacy import personal, plain

KEPT = timedelta(days=7)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def forgettable(self) -> Self:
        return self.filter(sent_at__lt=timezone.now() - KEPT)


class Submission(models.Model):
    """One form that took effect, and where it led: a repeat leads there again."""

    sender = models.CharField(max_length=64)  # an id as text: ui knows no people
    # Chosen by the browser's page, so unique only together with the sender: else one
    # sender could block another person's form by using its key first.
    key = models.UUIDField()
    led_to = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=timezone.now)

    objects = SubmissionQuerySet.as_manager()

    class Privacy:
        kept = "Seven days, then forget_submissions removes it."
        sender = personal
        key = plain
        led_to = plain
        sent_at = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "key"], name="submission_has_one_effect"
            )
        ]
        indexes = [models.Index(fields=["sent_at"], name="submission_sent_at")]

    def __str__(self) -> str:
        return str(self.key)
