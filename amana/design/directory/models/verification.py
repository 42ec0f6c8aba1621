"""Whether what the directory has of a service is still true: asked, and answered."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.models.services import Service
from amana.privacy import personal, plain

ANSWER_WITHIN = timedelta(days=14)
"""How long a link can be used. The next one is sent no earlier: one is open at most."""


class VerificationRequestQuerySet(models.QuerySet["VerificationRequest"]):
    def open(self, now: datetime | None = None) -> Self:
        """Find those whose link can still be used."""
        return self.filter(
            digest__isnull=False,
            answered_at=None,
            returned_at=None,
            expires_at__gt=now or timezone.now(),
        )

    def recent(self, now: datetime | None = None) -> Self:
        """Find those made so lately that their service is not asked again."""
        return self.filter(asked_at__gt=(now or timezone.now()) - ANSWER_WITHIN)

    def to_mail(self) -> Self:
        return self.filter(sent_at=None, returned_at=None, answered_at=None)

    def undelivered(self) -> Self:
        """Find those that no mailbox took."""
        return self.filter(
            Q(returned_at__isnull=False) | Q(failed_at__isnull=False, sent_at=None)
        )


class VerificationRequest(models.Model):
    """A link, mailed to the mailbox of a service, that asks whether its details are
    still true. It works once."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="verification_requests"
    )
    address = models.EmailField()
    """Where it was sent: the service may have another mailbox since."""
    digest = models.BinaryField(max_length=32, null=True, unique=True)
    """SHA-256 of the token in the link: 256 random bits, so a plain hash can't be
    guessed back. The token itself is in the mail alone. None: not mailed yet."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """None: by the clock."""
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    """When no mail server took it."""
    returned_at = models.DateTimeField(null=True)
    """When a coordinator recorded that it came back."""
    answered_at = models.DateTimeField(null=True)

    objects = VerificationRequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="verification_request_mailed_before_it_is_answered",
                condition=Q(answered_at=None) | Q(digest__isnull=False),
            )
        ]

    class Privacy:
        kept = "As long as the service."
        service = digest = asked_at = expires_at = plain
        sent_at = failed_at = returned_at = answered_at = plain
        address = asked_by = personal

    def __str__(self) -> str:
        return f"verification request {self.pk}"

    @property
    def is_undelivered(self) -> bool:
        failed = self.failed_at is not None and self.sent_at is None
        return failed or self.returned_at is not None

    @property
    def has_expired(self) -> bool:
        return self.answered_at is None and self.expires_at <= timezone.now()


class Verification(models.Model):
    """One confirmation that the details of a service are true."""

    class Means(models.TextChoices):
        LINK = "link", _("By a link")
        PHONE = "phone", _("By telephone")
        HERE = "here", _("On the page of the service")

    service = models.ForeignKey(Service, models.CASCADE, related_name="verifications")
    means = models.CharField(max_length=5, choices=Means)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """None: by the link, so by a person at the service."""
    asked_role = models.CharField(max_length=120, blank=True)
    """Who was asked by telephone: a role, not a name."""
    confirmed = models.JSONField(default=list)
    """What was confirmed by telephone, as codes; empty: everything."""

    class Meta:
        indexes = [models.Index(fields=["service", "-at"])]
        constraints = [
            models.CheckConstraint(
                name="verification_by_link_has_no_colleague",
                condition=Q(means="link", by=None)
                | (~Q(means="link") & Q(by__isnull=False)),
            )
        ]

    class Privacy:
        kept = "As long as the service."
        service = means = at = asked_role = confirmed = plain
        by = personal

    def __str__(self) -> str:
        return f"verification {self.pk}"


class ChangeProposalQuerySet(models.QuerySet["ChangeProposal"]):
    def waiting(self) -> Self:
        return self.filter(decided_at=None)


class ChangeProposal(models.Model):
    """What a service says has changed, until a colleague accepts or declines it."""

    request = models.OneToOneField(
        VerificationRequest, models.CASCADE, related_name="proposal"
    )
    service = models.ForeignKey(Service, models.CASCADE, related_name="proposals")
    values = models.JSONField(default=dict)
    """The fields that would be set: `phone`, `hours`, `status`."""
    words = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_accepted = models.BooleanField(default=False)

    objects = ChangeProposalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "decided_at"])]
        constraints = [
            models.CheckConstraint(
                name="change_proposal_decided_by_a_colleague",
                condition=Q(decided_at=None, decided_by=None, is_accepted=False)
                | Q(decided_at__isnull=False, decided_by__isnull=False, words=""),
            )
        ]

    class Privacy:
        kept = "Its words until it is decided; the rest as long as the service."
        request = service = made_at = decided_at = is_accepted = plain
        # A number of a service may be a colleague's own, and words may name people.
        values = words = decided_by = personal

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class ReminderSwitch(models.Model):
    """One row: whether the clock sends reminders to services."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    off_since = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reminder_switch_is_one_row", condition=models.Q(id=1)
            )
        ]

    class Privacy:
        kept = "Always: it is one row."
        id = off_since = plain
        changed_by = personal

    def __str__(self) -> str:
        return "reminders off" if self.off_since else "reminders on"
