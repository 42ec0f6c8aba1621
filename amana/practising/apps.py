from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext as _

from amana.practising.here import FOLDER
from amana.sandbox import closure

EVER = timedelta(days=3650)


class PractisingConfig(AppConfig):
    name = "amana.practising"
    label = "practising"

    def ready(self) -> None:
        from amana.printing import document
        from amana.trust.access import sessions
        from amana.trust.vault import heartbeat
        from amana.ui import badges

        # Each page would ask each second, and each holds a turn of the server.
        badges.LIVE = False
        # It ends whenever no one comes for half an hour, which is no outage.
        heartbeat.OUTAGE = timedelta.max
        # Its accounts have no secrets.
        sessions.LOCK_AFTER = sessions.LEAVE_AFTER = sessions.END_AFTER = EVER
        document.MARKS.append(format_mark)
        closure.shut(
            FOLDER.path, never=settings.NOT_IN_SANDBOX, static=settings.STATIC_ROOT
        )


def format_mark() -> str:
    """Format what is at the foot of all that is printed here."""
    return _("Practice installation. Everyone is invented.")
