"""Recipients who were asked to destroy their copies, and what they answered."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.consent.models.consents import Consent
from amana.care.consent.models.vital_interest_record import VitalInterest
from amana.errors import Refused
from amana.privacy import personal, plain


class DestructionQuerySet(models.QuerySet["Destruction"]):
    def waiting(self) -> Self:
        return self.filter(confirmed_at=None)

    def to_remind(self, now: datetime | None = None) -> Self:
        """Filter those asked or reminded more than a few days ago, and still silent."""
        before = (now or timezone.now()) - Destruction.REMIND_EVERY
        return self.waiting().filter(told_at__lt=before, reminded_at__lt=before)

    def for_list(self) -> Self:
        return (
            self.select_related(
                "consent__case__team__organisation",
                "consent__recipient__organisation",
                "vital_interest__case__team__organisation",
                "vital_interest__recipient__organisation",
            )
            .order_by("told_at", "pk")
            .fetch_mode(models.FETCH_PEERS)
        )


class Destruction(models.Model):
    """A recipient asked to destroy their copies, and what they answered."""

    REMIND_EVERY = timedelta(days=3)

    class Answer(models.TextChoices):
        DESTROYED = "destroyed", _("All copies are destroyed")
        KEPT = (
            "kept",
            _("The law requires us to keep part of it; the rest is destroyed"),
        )

    consent = models.OneToOneField(
        Consent, models.CASCADE, null=True, blank=True, related_name="destruction"
    )
    vital_interest = models.OneToOneField(
        VitalInterest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="destruction",
    )
    """What they were told without consent, where that has ended."""
    told_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(default=timezone.now)
    """When they were last told; the first time is `told_at`."""
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = DestructionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="destruction_answered_iff_confirmed",
                condition=Q(confirmed_at=None, answer="")
                | (Q(confirmed_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="destruction_of_one_of_the_two",
                condition=Q(consent=None, vital_interest__isnull=False)
                | Q(consent__isnull=False, vital_interest=None),
            ),
        ]
        indexes = [
            models.Index(
                name="destruction_waiting",
                fields=["told_at"],
                condition=Q(confirmed_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the case."
        consent = vital_interest = plain
        told_at = reminded_at = answer = confirmed_at = plain
        confirmed_by = personal

    def __str__(self) -> str:
        return f"destruction for {self.basis}"

    @property
    def basis(self) -> Consent | VitalInterest:
        """Under what the copies were shared."""
        basis = self.consent or self.vital_interest
        assert basis is not None
        return basis

    @property
    def answer_label(self) -> str:
        return str(Destruction.Answer(self.answer).label)

    def confirm(self, answer: Answer, **changes: object) -> None:
        """Record the answer once. Raises `Refused` for who answers second."""
        waiting = Destruction.objects.waiting().filter(pk=self.pk)
        if not waiting.update(answer=answer, **changes):
            raise Refused(_("A colleague has already confirmed this."))
        for name, value in (changes | {"answer": answer}).items():
            setattr(self, name, value)
