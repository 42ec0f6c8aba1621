"""What changed in the details of a service, by whom, and from which source."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain


class ServiceChange(models.Model):
    """One change of a service’s details: each field before and after.

    It only grows, as `Availability` does, with one exception (migration 0003): once an
    address is secret, what earlier changes hold of the place is removed."""

    class Source(models.TextChoices):
        PERSON = "person", _("Changed here")
        PROPOSAL = "proposal", _("Proposed by the service")
        IMPORT = "import", _("Imported")

    service = models.ForeignKey(
        "directory.Service", models.DO_NOTHING, related_name="changes"
    )
    source = models.CharField(max_length=8, choices=Source)
    origin = models.CharField(max_length=60, blank=True)
    """Of an import: the name of the source."""
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    """{field: [before, after]}; an empty list where only that it changed is kept."""

    class Meta:
        indexes = [models.Index(fields=["service", "-at"])]

    class Privacy:
        kept = "As long as the service."
        service = source = origin = at = plain
        by = fields = personal

    def __str__(self) -> str:
        return f"change {self.pk} of service {self.service_id}"


class Delisting(models.Model):
    """A service was taken out of the directory, for a reason that its team can
    answer."""

    service = models.ForeignKey(
        "directory.Service", models.CASCADE, related_name="delistings"
    )
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_coordinator = models.BooleanField(default=False)
    """Then only a coordinator lists it again."""
    status_before = models.CharField(max_length=8)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="delisting_one_at_a_time",
                fields=["service"],
                condition=models.Q(lifted_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the service."
        service = reason = at = by_coordinator = status_before = plain
        answer = answered_at = lifted_at = plain
        by = answered_by = lifted_by = personal

    def __str__(self) -> str:
        return f"delisting {self.pk} of service {self.service_id}"


class DuplicateDecision(models.Model):
    """Two services were compared: found to be two, or merged into one."""

    main = models.ForeignKey("directory.Service", models.CASCADE, related_name="+")
    """The one that stays; of two that are not the same, the one with the lower id."""
    other = models.ForeignKey("directory.Service", models.CASCADE, related_name="+")
    is_same = models.BooleanField()
    status_before = models.CharField(max_length=8, blank=True)
    """Of the merged one, so that undoing restores it."""
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="duplicate_decided_once",
                fields=["main", "other"],
                condition=models.Q(undone_at=None),
            ),
            models.UniqueConstraint(
                name="duplicate_merged_into_one",
                fields=["other"],
                condition=models.Q(undone_at=None, is_same=True),
            ),
            models.CheckConstraint(
                name="duplicate_of_another", condition=~models.Q(main=models.F("other"))
            ),
        ]

    class Privacy:
        kept = "As long as both services."
        main = other = is_same = status_before = at = undone_at = plain
        by = personal

    def __str__(self) -> str:
        return f"duplicate decision {self.pk}"
