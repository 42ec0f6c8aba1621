"""Administrative areas, by their p-codes."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amana.privacy import plain


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, area: "Area") -> Self:
        """Find the area itself and all areas in it."""
        return self.filter(path__startswith=area.path)

    def called(self, words: str) -> Self:
        """Find areas of this code, or of exactly this name in a language of the
        pages."""
        names = (f"names__{code}__iexact" for code, _language in settings.LANGUAGES)
        meant = [(name, words) for name in ("code__iexact", *names)]
        return self.filter(models.Q(*meant, _connector=models.Q.OR))

    def in_last_file(self) -> Self:
        """Find areas that the last file of their country names."""
        return self.filter(left_out_at=None)

    def for_choice(self) -> Self:
        """Sort in the order of the tree, and load without the heavy shapes."""
        return self.defer("geometry").order_by("path")


class Area(models.Model):
    """A country, region or district; its shape is coarse and only for maps."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    names = models.JSONField(_("names"), default=dict)
    """By language, such as `fr`: a language more is no change of the table."""
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
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    left_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When a file of its country was loaded that doesn't name it. The row stays:
    services, cases and figures know its code."""

    objects = AreaQuerySet.as_manager()

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
        code = names = level = above = path = plain
        lat = lon = geometry = updated_at = left_out_at = plain

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its name in the language of the page, else in English, else in any."""
        language = get_language() or "en"
        wanted = (language, language.partition("-")[0], "en", *self.names)
        found = (self.names.get(code) for code in wanted)
        return next(filter(None, found), self.code)

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
