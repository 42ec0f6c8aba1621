"""The ledger: who pays for the mechanism, until when, and what was spent."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.models import Service
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

A_YEAR = timedelta(days=365)
GRACE = timedelta(days=31)
"""What follows follows no later than this."""

MOST = Decimal("999999999999")
"""No sum is larger."""


class Fund(models.Model):
    """An institution or a budget line that pays; never a private person."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("Budget line of a ministry")
        VICTIM_FUND = "victim_fund", _("Victims’ fund")
        INSURANCE = "insurance", _("Social or health insurance")
        LOCAL = "local", _("Local government")
        UN_TRUST_FUND = "un_trust_fund", _("UN trust fund")
        UN_PROGRAMME = "un_programme", _("Programme of the UN or a regional body")
        BILATERAL = "bilateral", _("Another government")
        FOUNDATION = "foundation", _("Foundation")
        PRIVATE = "private", _("Businesses")
        IN_KIND = "in_kind", _("In kind")

    title = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    domestic = models.BooleanField(default=False)
    """The money comes from the country itself."""

    class Privacy:
        kept = "As long as the ledger."
        title = kind = domestic = plain

    def __str__(self) -> str:
        return self.title


class GrantQuerySet(models.QuerySet["Grant"]):
    def ending(self, today: date | None = None, *, within: timedelta = A_YEAR) -> Self:
        """Filter those that end within a year, or `within`."""
        now = today or timezone.localdate()
        return self.filter(ends_on__gte=now, ends_on__lte=now + within)

    def after(self, service: str, ends_on: str) -> Self:
        """Filter those of the same service that continue when money of it ends, without
        a gap. In a subquery: the names are those of the fields outside."""
        return self.filter(
            service=OuterRef(service),
            starts_on__lte=OuterRef(ends_on) + GRACE,
            ends_on__gt=OuterRef(ends_on),
        )

    def anew(self) -> Self:
        """Filter those of the same fund, also for no one service, that begin later than
        a grant and continue when it ends. In a subquery of grants."""
        return self.filter(
            fund=OuterRef("fund"),
            service=None,
            starts_on__gt=OuterRef("starts_on"),
            starts_on__lte=OuterRef("ends_on") + GRACE,
            ends_on__gt=OuterRef("ends_on"),
        )

    def without_successor(self) -> Self:
        """Exclude those for whose service other money is known to continue; of what is
        for no one service, those whose fund gives something that begins later."""
        of_service = models.Exists(Grant.objects.after("service", "ends_on"))
        of_fund = Q(service=None) & models.Exists(Grant.objects.anew())
        return self.exclude(of_service | of_fund)

    def with_sums(self) -> Self:
        return self.annotate(
            committed=models.Sum("money__committed", default=0),
            spent=models.Sum("money__spent", default=0),
        )

    def for_list(self) -> Self:
        return self.select_related("fund", "service").order_by("ends_on", "pk")


class Grant(models.Model):
    """Money of one fund for some time: a budget, a grant, a promise in writing."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="grants")
    title = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField()
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    """The service that it pays for, if it is one."""
    source = models.CharField(max_length=300, blank=True)
    """Where this is written."""
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
            )
        ]

    class Privacy:
        kept = "As long as the ledger."
        fund = title = currency = starts_on = ends_on = service = source = plain
        made_at = plain
        made_by = personal

    def __str__(self) -> str:
        return self.title


class Money(models.Model):
    """What of a grant is committed to one thing in one year, and spent of it."""

    # No index of its own: that of the unique constraint begins with it.
    grant = models.ForeignKey(
        Grant, models.CASCADE, related_name="money", db_index=False
    )
    year = models.PositiveSmallIntegerField()
    centre = models.CharField(max_length=20)
    """A code of `Centre`."""
    committed = models.DecimalField(max_digits=14, decimal_places=2)
    spent = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="money_once_a_year", fields=["grant", "year", "centre"]
            ),
            models.CheckConstraint(
                name="money_is_not_negative",
                condition=Q(committed__gte=0, spent__gte=0),
            ),
        ]

    class Privacy:
        kept = "As long as its grant."
        grant = year = centre = committed = spent = plain

    def __str__(self) -> str:
        return f"{self.year} {self.centre}"
