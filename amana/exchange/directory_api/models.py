"""Keys of other programs, and the register of what was given out."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.errors import Changed
from amana.privacy import personal, plain
from amana.trust.access.models import Organisation

LONGEST = timedelta(days=366)


class Audience(models.TextChoices):
    """For whom an answer is written."""

    PUBLIC = "public", _("Everyone")
    NETWORK = "network", _("Everyone in the mechanism")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def waiting(self) -> Self:
        return self.filter(confirmed_at=None, revoked_at=None)

    def valid(self, on: date | None = None) -> Self:
        """Filter those with which a program is let in."""
        return self.filter(
            confirmed_at__isnull=False,
            revoked_at=None,
            ends_on__gte=on or timezone.localdate(),
        )

    def for_list(self) -> Self:
        return self.select_related(
            "organisation", "proposed_by", "confirmed_by", "revoked_by"
        ).order_by("-proposed_at", "-pk")


class ApiKey(models.Model):
    """With it, a program of one organisation reads what the mechanism shares."""

    name = models.CharField(_("name"), max_length=80)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        verbose_name=_("organisation whose program reads"),
    )
    hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of the key, which is stored nowhere."""
    start = models.CharField(max_length=12)
    """How the key begins, so that people can tell one from another."""
    ends_on = models.DateField(_("valid until"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)
    """The last day on which a program read with it."""

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                # In the database too: what has left can't be called back.
                name="api_key_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="api_key_revoked_whole",
                condition=Q(revoked_by=None, revoked_at=None)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as the log names it."
        name = organisation = hash = start = ends_on = used_on = plain
        proposed_by = confirmed_by = revoked_by = personal
        proposed_at = confirmed_at = revoked_at = plain

    def __str__(self) -> str:
        return f"key {self.start}"

    @property
    def is_valid(self) -> bool:
        confirmed = self.confirmed_at is not None and self.revoked_at is None
        return confirmed and not self.has_ended

    @property
    def has_ended(self) -> bool:
        return self.ends_on < timezone.localdate()

    def move(self, before: Q, **changes: object) -> None:
        """Change it, unless someone else did first. Raises `Changed`."""
        # The condition is in the UPDATE itself: of two people who act at once, one
        # changes it.
        free = ApiKey.objects.filter(before, pk=self.pk, revoked_at=None)
        if not free.update(**changes):
            raise Changed(str(_("Someone else has already decided this.")))
        for name, value in changes.items():
            setattr(self, name, value)


class PublishedServiceQuerySet(models.QuerySet["PublishedService"]):
    def of(self, audience: Audience) -> Self:
        return self.filter(audience=audience)

    def given(self) -> Self:
        """Filter those that are given out now."""
        return self.filter(withdrawn_at=None)


class PublishedService(models.Model):
    """That a service is, or once was, given out to one audience, and when that changed.

    A service that was never given out has no row, so its end reveals nothing."""

    audience = models.CharField(max_length=8, choices=Audience)
    service = models.BigIntegerField()
    """Its number, and no link: the row outlives a service that is deleted."""
    public_id = models.UUIDField()
    digest = models.CharField(max_length=32)
    """Of what was given, so that only a change of that is a change."""
    modified_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PublishedServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="published_service_once", fields=["audience", "service"]
            ),
            models.UniqueConstraint(
                name="published_service_id_once", fields=["audience", "public_id"]
            ),
        ]
        indexes = [
            models.Index(
                name="published_service_modified", fields=["audience", "modified_at"]
            )
        ]

    class Privacy:
        kept = "As long as the installation: it holds ids and times, no words."
        audience = service = public_id = digest = modified_at = withdrawn_at = plain

    def __str__(self) -> str:
        return f"{self.audience} service {self.service}"


class PublishedPlace(models.Model):
    """One place of a service as it is given out, to be found by its id and by
    distance; of a service whose address is secret there is none."""

    audience = models.CharField(max_length=8, choices=Audience)
    service = models.BigIntegerField()
    public_id = models.UUIDField()
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="published_place_once", fields=["audience", "public_id"]
            )
        ]
        indexes = [
            models.Index(
                name="published_place_of_service", fields=["audience", "service"]
            )
        ]

    class Privacy:
        kept = "Until the service or its place is no longer given out."
        audience = service = public_id = lat = lon = plain

    def __str__(self) -> str:
        return f"{self.audience} place of service {self.service}"


class PublicationState(models.Model):
    """One row: up to which change of the directory the register is."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    stamp = models.BigIntegerField(default=0)
    """Of the last change of the directory that the register has followed."""
    written_by = models.CharField(max_length=32, blank=True)
    """Which program wrote it: a newer one may write a service otherwise."""
    read_to = models.BigIntegerField(null=True, blank=True)
    """While all is read anew: the number of the last service that was read."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="publication_state_is_one_row", condition=Q(id=1)
            )
        ]

    class Privacy:
        kept = "As long as the installation: it is one row of numbers."
        id = number = stamp = written_by = read_to = plain

    def __str__(self) -> str:
        return f"followed to change {self.number}"
