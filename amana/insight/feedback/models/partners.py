"""What agencies say of each other's work, once a referral has ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.care.referrals.models import Referral
from amana.privacy import plain


class PartnerSide(models.TextChoices):
    SENDER = "sender", _("The sender, about how it was handled")
    RECIPIENT = "recipient", _("The recipient, about how it was written")


class PartnerRating(models.Model):
    """That a side has said what it thinks; what it said is nowhere beside it."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=PartnerSide)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_rated_once", fields=["referral", "side"]
            )
        ]

    class Privacy:
        kept = "As the referral."
        referral = side = plain

    def __str__(self) -> str:
        return f"{self.side} of referral {self.referral_id}"
