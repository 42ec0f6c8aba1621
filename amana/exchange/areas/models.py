"""Files of areas that wait for what their columns mean."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from amana.privacy import personal, plain
from amana.trust.vault.models import generate_uuid7


class AreaFile(models.Model):
    """A file of areas whose columns someone is still explaining."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    name = models.CharField(max_length=200)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    brought_at = models.DateTimeField(default=timezone.now)
    tables = models.BinaryField()
    """As `exchange.sources.opening` packs them."""
    mapping = models.JSONField(default=dict)
    """As `exchange.areas.area_mapping` writes it."""

    class Privacy:
        kept = "Until its areas were loaded, or a week; forget_area_files deletes it."
        name = plain
        brought_by = personal
        brought_at = plain
        tables = plain
        mapping = plain

    def __str__(self) -> str:
        return f"file of areas {self.pk}"
