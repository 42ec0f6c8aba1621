"""A costing: what is assumed, and what the mechanism is made of."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.taxonomy import ServiceType
from amana.insight.costing.engine import ingredients as engine
from amana.insight.costing.models.ledger import Fund
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

MOST_YEARS = 5


class CostCentre(models.TextChoices):
    """What money is spent on, as ministries see it."""

    GOVERNANCE = "governance", _("Coordination and governance")
    IDENTIFICATION = "identification", _("Identification")
    CASES = "cases", _("Case management")
    SHELTER = "shelter", _("Shelter and housing")
    HEALTH = "health", _("Health and mental health")
    LEGAL = "legal", _("Legal help")
    LANGUAGE = "language", _("Interpretation")
    BASIC = "basic", _("Basic needs and cash")
    GUARDIANSHIP = "guardianship", _("Guardians of children")
    RETURN = "return", _("Return and reintegration")
    TRAINING = "training", _("Training and exercises")
    SYSTEMS = "systems", _("Computers and data protection")
    DIRECTORY = "directory", _("Directory of services")
    LEARNING = "learning", _("Monitoring, rapporteur, survivors’ council")
    SECURITY = "security", _("Security")
    CONTINGENCY = "contingency", _("Contingency")


class BasisChoice(models.TextChoices):
    """What the price is the price of; `engine.PriceBasis` defines how it is counted."""

    PERSON = engine.PriceBasis.PERSON.value, _("Per person who needs it")
    NIGHT = engine.PriceBasis.NIGHT.value, _("Per bed and night")
    WORKER = engine.PriceBasis.WORKER.value, _("Per case worker and year")
    SUPERVISOR = engine.PriceBasis.SUPERVISOR.value, _("Per supervisor and year")
    YEAR = engine.PriceBasis.YEAR.value, _("Per year, however many people come")
    ONCE = engine.PriceBasis.ONCE.value, _("Once, in the first year")
    REST = engine.PriceBasis.REST.value, _("A share of everything else")


class DriverChoice(models.TextChoices):
    """What a cost depends on besides prices."""

    IDENTIFIED = engine.CostDriver.IDENTIFIED.value, _("People identified last year")
    GROWTH = engine.CostDriver.GROWTH.value, _("Growth in people per year, %")
    UPTAKE = engine.CostDriver.UPTAKE.value, _("Share who take up support, %")
    STAY = engine.CostDriver.STAY.value, _("Shelter nights per person")
    MONTHS = engine.CostDriver.MONTHS.value, _("Months of support per person")
    CASELOAD = engine.CostDriver.CASELOAD.value, _("Caseload per worker")
    OCCUPANCY = engine.CostDriver.OCCUPANCY.value, _("Bed occupancy, %")
    SALARIES = engine.CostDriver.SALARIES.value, _("Salaries, change in %")
    PRICES = engine.CostDriver.PRICES.value, _("Other prices, change in %")
    INFLATION = engine.CostDriver.INFLATION.value, _("Inflation per year, %")

    @property
    def in_percent(self) -> bool:
        return self in PERCENT


PERCENT = frozenset(
    {
        DriverChoice.GROWTH,
        DriverChoice.UPTAKE,
        DriverChoice.OCCUPANCY,
        DriverChoice.SALARIES,
        DriverChoice.PRICES,
        DriverChoice.INFLATION,
    }
)


class CostingQuerySet(models.QuerySet["Costing"]):
    def for_list(self) -> Self:
        return self.select_related("made_by").order_by("-made_at", "pk")


class Costing(models.Model):
    """What a mechanism costs in some years, in three scenarios."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    title = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    first_year = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    years = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_YEARS)]
    )
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="costing_of_some_years",
                condition=Q(years__gte=1, years__lte=MOST_YEARS),
            )
        ]

    class Privacy:
        kept = "As long as somebody may cite it."
        title = currency = first_year = years = made_at = plain
        made_by = personal

    def __str__(self) -> str:
        return self.title


class Assumption(models.Model):
    """What a costing assumes, in each scenario, and where that comes from."""

    # No index of its own: that of the unique constraint begins with it.
    costing = models.ForeignKey(
        Costing, models.CASCADE, related_name="assumptions", db_index=False
    )
    driver = models.CharField(max_length=20, choices=DriverChoice)
    low = models.DecimalField(max_digits=12, decimal_places=4)
    likely = models.DecimalField(max_digits=12, decimal_places=4)
    high = models.DecimalField(max_digits=12, decimal_places=4)
    """Shares of 1, where the driver is one."""
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assumption_once", fields=["costing", "driver"]
            )
        ]

    class Privacy:
        kept = "As long as its costing."
        costing = driver = low = likely = high = source = plain

    def __str__(self) -> str:
        return self.driver


class IngredientQuerySet(models.QuerySet["Ingredient"]):
    def for_list(self) -> Self:
        return self.select_related("payer").order_by("pk")


class Ingredient(models.Model):
    """Something that a mechanism is made of, at its price."""

    costing = models.ForeignKey(Costing, models.CASCADE, related_name="ingredients")
    title = models.CharField(max_length=120)
    centre = models.CharField(max_length=20, choices=CostCentre)
    basis = models.CharField(max_length=12, choices=BasisChoice)
    price = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    share = models.DecimalField(max_digits=5, decimal_places=4, default=1)
    """Of the people supported: those who need it."""
    fixed = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    """Of a shelter: what it costs a year however many people sleep there."""
    payer = models.ForeignKey(
        Fund, models.PROTECT, null=True, blank=True, related_name="ingredients"
    )
    source = models.CharField(max_length=300, blank=True)
    """Where the price comes from."""

    objects = IngredientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ingredient_costs_something_or_nothing",
                condition=Q(price__gte=0, quantity__gte=0, fixed__gte=0),
            ),
            models.CheckConstraint(
                name="ingredient_share_of_one", condition=Q(share__gte=0, share__lte=1)
            ),
        ]

    class Privacy:
        kept = "As long as its costing."
        costing = title = centre = basis = price = quantity = share = plain
        fixed = payer = source = plain

    def __str__(self) -> str:
        return self.title


class Consequence(models.Model):
    """What follows for those who pay when a need stays unmet, at its price: doing
    nothing has a cost too."""

    costing = models.ForeignKey(Costing, models.CASCADE, related_name="consequences")
    title = models.CharField(max_length=120)
    need = models.CharField(max_length=4, choices=ServiceType, blank=True)
    """The kind of help that is lacking; empty: any."""
    price = models.DecimalField(max_digits=14, decimal_places=2)
    """What it costs its payer each time."""
    low = models.DecimalField(max_digits=5, decimal_places=4)
    likely = models.DecimalField(max_digits=5, decimal_places=4)
    high = models.DecimalField(max_digits=5, decimal_places=4)
    """Of the needs that stay unmet: so many lead to it."""
    source = models.CharField(max_length=300)
    """Where the price and the shares come from: without one, nothing is told."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consequence_in_order",
                condition=Q(
                    price__gt=0,
                    low__gte=0,
                    likely__gte=models.F("low"),
                    high__gte=models.F("likely"),
                    high__lte=1,
                ),
            ),
            models.CheckConstraint(
                # A sum without a source can't be defended, so the database accepts none
                # (ADR 34).
                name="consequence_has_its_source",
                condition=~Q(source=""),
            ),
        ]

    class Privacy:
        kept = "As long as its costing."
        costing = title = need = price = low = likely = high = source = plain

    def __str__(self) -> str:
        return self.title
