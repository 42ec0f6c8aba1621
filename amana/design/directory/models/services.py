"""A service: what one team offers, where, for whom, and how it answers referrals."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.codes import CodesField, is_country, is_language
from amana.design.directory.hours import format_hours, validate_hours
from amana.design.directory.matching.person import ANY_NUMBER, OLDEST
from amana.design.directory.models.areas import Area
from amana.design.directory.models.confirmation import ConfirmedDetails
from amana.design.directory.models.places import STALE_AFTER, CountedPlaces
from amana.design.directory.models.reach import ServiceReach
from amana.design.directory.taxonomy import (
    Accessibility,
    Exploitation,
    FeedbackMethod,
    LegalStatus,
    NextStep,
    PersonGroup,
    PlaceTrait,
    ReferralMethod,
    RequiredDocument,
    ServiceGroup,
    ServiceType,
    Sex,
)
from amana.names import format_name
from amana.privacy import personal, plain
from amana.trust.access.models import Organisation, Team

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from amana.design.directory.models.availability import Availability
    from amana.design.directory.models.service_changes import Delisting, ServiceChange


def validate_zone(name: str) -> None:
    if name and name not in available_timezones():
        raise ValidationError(_("This time zone is not known: %s.") % name)


class ServiceQuerySet(models.QuerySet["Service"]):
    def active(self) -> Self:
        return self.filter(status=Service.Status.ACTIVE)

    def listed(self) -> Self:
        """Find services that have not ended."""
        return self.exclude(status=Service.Status.ENDED)

    def counting_places(self) -> Self:
        return self.filter(counts_places=True)

    def to_count(self, now: datetime | None = None) -> Self:
        """Find services whose free places were last counted too long ago, or never."""
        before = (now or timezone.now()) - STALE_AFTER
        old = Q(places_said_at=None) | Q(places_said_at__lt=before)
        return self.active().counting_places().filter(old)

    def for_list(self) -> Self:
        return (
            self.select_related("organisation", "team", "area")
            .defer("area__geometry")
            .order_by("name", "pk")
            # A relation that a page needs after all is loaded for all rows in one
            # query.
            .fetch_mode(models.FETCH_PEERS)
        )


class Service(ConfirmedDetails, ServiceReach, CountedPlaces):
    """What one team offers, where and for whom. An empty list is no condition."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Not taking new people")
        ENDED = "ended", _("Ended")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everyone")
        NETWORK = "network", _("Everyone in the mechanism")
        RESTRICTED = "restricted", _("Its own team and the coordinators")

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="services",
        verbose_name=_("organisation"),
    )
    """That of the team; the actions ensure it."""
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        related_name="services",
        verbose_name=_("team that answers referrals"),
    )
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    types = CodesField(ServiceType, verbose_name=_("what it offers"), blank=False)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.ACTIVE
    )
    visibility = models.CharField(
        _("who sees it"),
        max_length=10,
        choices=Visibility,
        default=Visibility.NETWORK,
    )

    # Where
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("area"),
    )
    hidden = models.BooleanField(
        _("the address is secret"),
        default=False,
        help_text=_("A safe house: others see the area only."),
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    lat = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    lon = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    arrival = models.TextField(
        _("how to get there"),
        blank=True,
        help_text=_("For a secret address: the meeting point."),
    )
    # For whom
    sexes = CodesField(Sex, verbose_name=_("only for"))
    age_min = models.PositiveSmallIntegerField(
        _("youngest age"), default=0, validators=[MaxValueValidator(OLDEST)]
    )
    age_max = models.PositiveSmallIntegerField(
        _("oldest age"), default=OLDEST, validators=[MaxValueValidator(OLDEST)]
    )
    nationalities = CodesField(
        known=is_country, verbose_name=_("only these nationalities")
    )
    not_nationalities = CodesField(
        known=is_country, verbose_name=_("not these nationalities")
    )
    statuses = CodesField(LegalStatus, verbose_name=_("only with this status"))
    exploitation = CodesField(
        Exploitation, verbose_name=_("only for people who experienced")
    )
    groups = CodesField(PersonGroup, verbose_name=_("only for people in these groups"))
    not_groups = CodesField(PersonGroup, verbose_name=_("not for"))
    children_max = models.PositiveSmallIntegerField(
        _("maximum number of children"),
        default=ANY_NUMBER,
        validators=[MaxValueValidator(ANY_NUMBER)],
    )
    documents = CodesField(RequiredDocument, verbose_name=_("documents required"))
    needs_police = models.BooleanField(
        _("requires cooperation with the police"), default=False
    )
    needs_identified = models.BooleanField(
        _("requires formal identification as a victim"), default=False
    )
    own_assessment = models.BooleanField(
        _("decides after its own assessment"), default=False
    )
    conditions = models.TextField(_("other conditions"), blank=True)

    # How it is there
    languages = CodesField(known=is_language, verbose_name=_("languages spoken"))
    accessibility = CodesField(
        Accessibility, verbose_name=_("accessibility"), default=None, null=True
    )
    """None: not known."""
    traits = CodesField(PlaceTrait, verbose_name=_("what it is like"))
    costs = models.BooleanField(_("there is a charge"), default=False)
    cost_note = models.CharField(_("what it costs"), max_length=200, blank=True)
    hours = models.JSONField(
        _("opening hours"), null=True, blank=True, validators=[validate_hours]
    )
    """[[from, to], …] in minutes since Monday 0:00, local time; None: not known."""
    hours_note = models.CharField(
        _("notes on opening hours"),
        max_length=200,
        blank=True,
        help_text=_("For example: every second week; closed in August."),
    )
    zone = models.CharField(
        _("time zone"), max_length=40, blank=True, validators=[validate_zone]
    )
    max_stay_days = models.PositiveSmallIntegerField(
        _("longest stay, in days"), default=0
    )

    # How it answers
    accepts_referrals = models.BooleanField(_("accepts referrals"), default=True)
    referral_method = models.CharField(
        _("how to refer"), max_length=12, choices=ReferralMethod, blank=True
    )
    information_needed = models.TextField(
        _("minimum information for a referral"), blank=True
    )
    contact_role = models.CharField(
        _("who answers"),
        max_length=120,
        blank=True,
        help_text=_("A role, not a name, such as “intake nurse”."),
    )
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("web page"), blank=True)
    next_step = models.CharField(
        _("what happens next"), max_length=12, choices=NextStep, blank=True
    )
    answers_within_hours = models.PositiveIntegerField(
        _("answers within (hours)"), default=0
    )
    """0: nothing is promised."""
    feedback = models.CharField(
        _("how you get feedback"), max_length=12, choices=FeedbackMethod, blank=True
    )
    feedback_within_hours = models.PositiveIntegerField(
        _("gives feedback within (hours)"), default=0
    )
    lateness = models.FloatField(null=True, editable=False)
    """Median of time taken ÷ time promised over the last answers."""

    # How far it can be trusted: with `ConfirmedDetails`
    funded_until = models.DateField(_("funded until"), null=True, blank=True)

    # Where it comes from
    origin = models.CharField(max_length=60, blank=True, editable=False)
    origin_id = models.CharField(max_length=200, blank=True, editable=False)
    changed_here = models.JSONField(null=True, editable=False)
    """The fields that an import leaves as they are, because people changed them since:
    {field: day}."""
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    """The same service, which has come from another source too; this one has ended."""
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ServiceQuerySet.as_manager()

    if TYPE_CHECKING:
        places_reports: RelatedManager[Availability]
        changes: RelatedManager[ServiceChange]
        delistings: RelatedManager[Delisting]

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="service_by_name")]
        constraints = [
            models.CheckConstraint(
                # The database itself refuses a hidden service's location in the clear,
                # from whatever code.
                name="service_hidden_keeps_its_address_elsewhere",
                condition=Q(hidden=False) | Q(address="", lat=None, lon=None),
            ),
            models.CheckConstraint(
                name="service_latitude_with_longitude",
                condition=Q(lat=None, lon=None)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="service_ages_in_order",
                condition=Q(age_min__lte=F("age_max")),
            ),
            models.CheckConstraint(
                name="service_free_places_within_total",
                condition=Q(places_free__gte=0, places_free__lte=F("places_total")),
            ),
            models.CheckConstraint(
                name="service_uncounted_has_no_places",
                condition=Q(counts_places=True) | Q(places_total=0),
            ),
            models.CheckConstraint(
                name="service_no_method_without_referrals",
                condition=Q(accepts_referrals=True) | Q(referral_method=""),
            ),
            models.CheckConstraint(
                name="service_origin_with_its_id",
                condition=Q(origin="", origin_id="")
                | (~Q(origin="") & ~Q(origin_id="")),
            ),
            models.UniqueConstraint(
                # Two imports of the same file at once can't make a service twice.
                name="service_once_from_each_origin",
                fields=["origin", "origin_id"],
                condition=~Q(origin=""),
            ),
        ]

    class Privacy:
        kept = "Five years after the service has ended."
        organisation = team = types = name = name_en = name_fr = name_ar = plain
        description = status = visibility = plain
        area = hidden = address = lat = lon = arrival = modalities = plain
        coverage = coverage_note = plain
        sexes = age_min = age_max = nationalities = not_nationalities = plain
        statuses = exploitation = groups = not_groups = children_max = plain
        documents = needs_police = needs_identified = own_assessment = plain
        conditions = languages = accessibility = traits = costs = cost_note = plain
        hours = hours_note = zone = max_stay_days = accepts_referrals = plain
        referral_method = information_needed = contact_role = website = plain
        phone = email = personal
        next_step = answers_within_hours = feedback = feedback_within_hours = plain
        lateness = counts_places = unit = places_total = places_free = plain
        places_said_at = children_take_places = waiting_list = wait_days = plain
        verified_at = verify_by = funded_until = plain
        verified_by = personal
        origin = origin_id = created_at = updated_at = version = plain
        changed_here = merged_into = plain

    def __str__(self) -> str:
        return self.name

    @property
    def kinds(self) -> list[ServiceType]:
        return [kind for kind in ServiceType if kind in self.types]

    @property
    def main_group(self) -> ServiceGroup:
        return self.kinds[0].group

    @property
    def answers_within(self) -> timedelta | None:
        hours = self.answers_within_hours
        return timedelta(hours=hours) if hours else None

    @property
    def feedback_within(self) -> timedelta | None:
        hours = self.feedback_within_hours
        return timedelta(hours=hours) if hours else None

    @property
    def called(self) -> str:
        """Its name on a page."""
        return format_name(self)

    @property
    def hours_in_words(self) -> list[str]:
        return format_hours(self.hours)

    @property
    def funding_has_ended(self) -> bool:
        return self.funded_until is not None and (
            self.funded_until < timezone.localdate()
        )
