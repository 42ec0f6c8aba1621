"""What can become of an export that was asked for."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportStatus(models.TextChoices):
    READY = "ready", _("Allowed")
    WAITING = "waiting", _("Waiting for a second person")
    REFUSED = "refused", _("Refused")


OPEN_FOR = timedelta(hours=1)
"""So long it can be taken once it may: a print that went wrong is done again."""
OPEN_ONCE_APPROVED = timedelta(hours=24)
"""The person who asked may be asleep when the second person decides."""
WAITS = timedelta(hours=72)
"""So long a second person can decide."""
ALONE = 25
"""Of more records than this in a day, a second person decides."""
MOST_RECORDS = 200
"""Of so many records a day, at most, something with a name leaves with one person."""
MOST_EXPORTS = 60
"""So often a day, at most, one person exports."""
