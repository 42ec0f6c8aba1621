"""Which files outside the database belong to it, so that a server without them, or with
different ones, does not start."""

from django.db import models
from django.utils import timezone

from amana.privacy import plain


class OutsideFile(models.Model):
    """A file outside the database that this installation has once begun with."""

    setting = models.CharField(max_length=40, primary_key=True)
    """The name of the setting with its path."""
    fingerprint = models.CharField(max_length=64, blank=True)
    """The hash of a key’s public half; empty for what changes while people work."""
    noted_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "As long as the installation."
        setting = fingerprint = noted_at = plain

    def __str__(self) -> str:
        return self.setting
