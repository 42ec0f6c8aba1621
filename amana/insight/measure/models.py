"""Numbers of the country itself, and the figures as people are shown them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain
from amana.trust.access.models import User


class CountryNumberQuerySet(models.QuerySet["CountryNumber"]):
    def of(self, what: str) -> Self:
        """Filter by what the number is; the latest year first, and of a year what was
        recorded last."""
        return self.filter(what=what).order_by("-year", "-said_at", "-pk")


class CountryNumber(models.Model):
    """A number that no observation gives: how many people live here, below how many
    nothing is shown. A new one replaces the one before, which stays."""

    class What(models.TextChoices):
        INHABITANTS = "inhabitants", _("Inhabitants")
        SMALLEST = "smallest", _("Smallest number shown")

    what = models.CharField(max_length=12, choices=What.choices)
    year = models.PositiveSmallIntegerField()
    """From which year on it holds."""
    number = models.PositiveBigIntegerField()
    source = models.CharField(max_length=300)
    said_at = models.DateTimeField(auto_now_add=True)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CountryNumberQuerySet.as_manager()

    class Privacy:
        kept = "As long as the mechanism."
        what = year = number = source = said_at = plain
        said_by = personal

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="country_number_is_positive", condition=models.Q(number__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.year}"


class ProtectedTable(models.Model):
    """All that people are shown of one kind of facts in a year, protected at once."""

    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    tables = models.JSONField()
    """Counts without the small ones, as `engine.kept` writes and reads them."""
    said = models.JSONField()
    """Means, medians and sums, where there are enough for one."""
    smallest = models.PositiveSmallIntegerField(null=True)
    """Below this, nothing is in here; null where no people are counted."""
    until = models.DateField()
    """Facts of months before this one are in it."""
    made_at = models.DateTimeField()

    class Privacy:
        kept = "As long as the mechanism: small groups are not in it."
        year = kind = tables = said = smallest = until = made_at = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "kind"], name="one_sheet_for_a_kind_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"
