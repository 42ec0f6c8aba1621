"""Administrative areas, by their p-codes."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amana.privacy import plain


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, area: "Area") -> Self:
        """Find the area itself and all areas in it."""
        return self.filter(path__startswith=area.path)

    def for_choice(self) -> Self:
        """Sort in the order of the tree, and load without the heavy shapes."""
        return self.defer("geometry").order_by("path")


class Area(models.Model):
    """A country, region or district; its shape is coarse and only for maps."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(_("level"))
    """0 is the country."""
    above = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts"
    )
    path = models.CharField(max_length=200, unique=True)
    """The codes from the country down to this area, each followed by a slash."""
    lat = models.FloatField()
    lon = models.FloatField()
    """A point in its middle."""
    geometry = models.JSONField(default=dict, blank=True)
    """A GeoJSON Polygon or MultiPolygon."""

    objects = AreaQuerySet.as_manager()

    NAMES: ClassVar[dict[str, str]] = {"fr": "name_fr", "ar": "name_ar"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="area_only_the_country_has_nothing_above",
                condition=models.Q(level=0, above=None)
                | models.Q(level__gt=0, above__isnull=False),
            )
        ]

    class Privacy:
        kept = "As long as the mechanism works there."
        code = name_en = name_fr = name_ar = level = above = path = plain
        lat = lon = geometry = plain

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its name in the language of the page, where it has one."""
        language = (get_language() or "en")[:2]
        return getattr(self, self.NAMES.get(language, "name_en")) or self.name_en

    @property
    def codes(self) -> list[str]:
        """Its own code and those of all areas around it, the country first."""
        return self.path.strip("/").split("/")

    def feature(self) -> dict[str, Any]:
        return {
            "type": "Feature",
            "properties": {"code": self.code, "name": self.name, "level": self.level},
            "geometry": self.geometry or None,
        }
