"""The free places of a service that counts them."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.taxonomy import CapacityUnit

STALE_AFTER = timedelta(days=7)
"""As in matching: an older count of free places has to be confirmed."""


class CountedPlaces(models.Model):
    """How many places a service has, how many are free, and how old that count is."""

    counts_places = models.BooleanField(_("counts its places"), default=False)
    unit = models.CharField(
        _("type of places"),
        max_length=10,
        choices=CapacityUnit,
        default=CapacityUnit.CASES,
    )
    places_total = models.PositiveIntegerField(_("total places"), default=0)
    places_free = models.PositiveIntegerField(_("places free"), default=0)
    places_said_at = models.DateTimeField(null=True, blank=True, editable=False)
    children_take_places = models.BooleanField(
        _("each child takes a place"), default=False
    )
    waiting_list = models.BooleanField(_("there is a waiting list"), default=False)
    wait_days = models.PositiveIntegerField(
        _("usual wait, in days"), null=True, blank=True
    )

    class Meta:
        abstract = True

    def places_for(self, children: int | None, adults: int = 0) -> int:
        """Compute how many of its places a person takes who comes with these."""
        taken = 1 + adults
        return taken + (children or 0) if self.children_take_places else taken

    def refuses(self, places: int) -> bool:
        """Check whether booking places is refused: by the last count, however old it
        is."""
        counted = self.counts_places and self.places_said_at is not None
        return counted and self.places_free < places

    @property
    def is_full(self) -> bool:
        return self.counts_places and self.places_free == 0

    @property
    def all_free(self) -> bool:
        return self.places_free == self.places_total

    @property
    def one_less(self) -> int:
        return max(0, self.places_free - 1)

    @property
    def one_more(self) -> int:
        return min(self.places_total, self.places_free + 1)

    def places_are_stale(self, now: datetime | None = None) -> bool:
        """Check whether the count of free places is too old to rely on."""
        said_at = self.places_said_at
        return self.counts_places and (
            said_at is None or (now or timezone.now()) - said_at > STALE_AFTER
        )

    @property
    def is_stale(self) -> bool:
        return self.places_are_stale()
