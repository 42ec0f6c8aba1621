"""What was tried with invented people, kept so that others can cite it."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.models import Area
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism.models import Version
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7


class ScenarioKind(models.TextChoices):
    PLACE = "place", _("Places")
    ROLE = "role", _("Posts")
    HOURS = "hours", _("Daily hours of each post")


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def for_list(self) -> Self:
        return (
            self.select_related("version__mechanism", "area")
            .defer("area__geometry")
            .order_by("-made_at", "pk")
        )


class Scenario(models.Model):
    """More places, posts or hours, tried in a version of the mechanism; it never
    changes. `outcomes.load_outcome` formats what was found, in words."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    # Protected: a brief cites a scenario by its id for as long as it is read (ADR 29).
    version = models.ForeignKey(Version, models.PROTECT, related_name="scenarios")
    kind = models.CharField(max_length=8, choices=ScenarioKind)
    name = models.CharField(max_length=60)
    """The step that occupies the place, or the role, as the mechanism calls it."""
    more = models.DecimalField(max_digits=8, decimal_places=2)
    arrivals = models.DecimalField(max_digits=8, decimal_places=2)
    """People who come, a working day."""
    within = models.PositiveSmallIntegerField()
    """Days that one can be asked to wait."""
    price = models.DecimalField(max_digits=14, decimal_places=2)
    fixed = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    service_type = models.CharField(max_length=4, choices=ServiceType, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+"
    )
    found = models.JSONField()
    """As `engine.foreseen.Seen` has it: figures of invented people."""
    cost = models.DecimalField(max_digits=16, decimal_places=2)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScenarioQuerySet.as_manager()

    class Privacy:
        kept = "As long as somebody may cite it."
        version = kind = name = more = arrivals = within = plain
        price = fixed = currency = service_type = area = found = cost = plain
        made_at = plain
        made_by = personal

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
