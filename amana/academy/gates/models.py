"""Certificates that roles of a mechanism ask for, and what was decided for people."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.mechanism.models import Mechanism
from amana.privacy import personal, plain
from amana.trust.access.models import Role, Team, User

GRACE = timedelta(days=30)
"""For how long a person acts without a certificate, until a coordinator has decided:
from the end of theirs, or from when their role began to ask for one."""

LONGEST = timedelta(days=365)


class Requirement(models.Model):
    """A role of the mechanism in force asks for a certificate: as its file says."""

    mechanism = models.ForeignKey(
        Mechanism, models.CASCADE, related_name="requirements", db_index=False
    )
    part = models.CharField(max_length=60)
    """The role, as the mechanism's file calls it."""
    role = models.CharField(max_length=20, choices=Role)
    """The access role of those who play it, in a team that has it."""
    certificate = models.CharField(max_length=60)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="requirement_once", fields=["mechanism", "part", "certificate"]
            )
        ]

    class Privacy:
        kept = "As long as the mechanism asks for it."
        mechanism = part = role = certificate = since = plain

    def __str__(self) -> str:
        return f"{self.part}: {self.certificate}"


class RequirementException(models.Model):
    """A coordinator allows a person to act without a certificate until a day, or no
    longer. The latest decision counts; all are kept."""

    class Reason(models.TextChoices):
        LEARNING = "learning", _("They are studying for it")
        RENEWING = "renewing", _("They are about to renew it")
        EXPERIENCE = "experience", _("They have shown elsewhere that they can do it")
        NOBODY_ELSE = "nobody_else", _("No one else could do it in the meantime")
        COVERED = "covered", _("Colleagues do it in their place")
        SAFETY = "safety", _("It would not be safe")

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    certificate = models.CharField(max_length=60)
    until = models.DateTimeField(null=True, blank=True)
    """Empty: no longer."""
    reason = models.CharField(max_length=20, choices=Reason)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # Also in the database: who coordinates may lack a certificate too.
                name="decision_by_another",
                condition=~models.Q(user=models.F("by")),
            )
        ]
        indexes = [
            models.Index(name="decision_for_person", fields=["user", "team", "at"])
        ]

    class Privacy:
        kept = "As long as the log names them."
        user = team = until = reason = by = at = personal
        certificate = plain

    def __str__(self) -> str:
        return f"decision {self.pk}"
