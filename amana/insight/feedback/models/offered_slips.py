"""That a person was offered a slip about their life, or why not: and nothing else."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Case
from amana.insight.feedback.questions import SlipMoment
from amana.privacy import plain, sensitive


class SlipOffer(models.Model):
    """What became of a slip that was due in a case. Which slip it was, on what day and
    by whom it was handed out stands nowhere, so no answer leads here (ADR 0031)."""

    class Result(models.TextChoices):
        HANDED = "handed", _("Handed out")
        UNSAFE = "unsafe", _("It is not safe for the person")
        UNWISHED = "unwished", _("The person does not want it")
        UNREACHED = "unreached", _("The person cannot be reached")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    moment = models.CharField(max_length=6, choices=SlipMoment)
    result = models.CharField(max_length=9, choices=Result)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_offered_once", fields=["case", "moment"]
            )
        ]

    class Privacy:
        kept = "As the case."
        case = result = sensitive
        moment = plain

    def __str__(self) -> str:
        return f"offer {self.pk}"
