from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings

from amana.sandbox import clock, closure
from amana.sandbox.here import FOLDER, STAGE

EVER = timedelta(days=3650)


# This room is the first of all, so that no model is loaded yet, which would keep the
# function that reads our own clock.
clock.replace_now(STAGE.now)


class SandboxConfig(AppConfig):
    name = "amana.sandbox"
    label = "sandbox"

    def ready(self) -> None:
        from amana.printing import document
        from amana.sandbox import playing
        from amana.trust.access import sessions
        from amana.trust.vault import heartbeat
        from amana.ui import badges

        # The clock of an exercise is set by people: no one doubts it, and what it
        # jumped over is no outage.
        # Each page would ask each second: an exercise has its own way to be live.
        badges.LIVE = False
        heartbeat.measure_uptime = lambda: STAGE.now() - STAGE.clock.segments[0].game
        heartbeat.read_boot_id = lambda: "exercise"
        heartbeat.OUTAGE = timedelta.max
        # Ten minutes of it may be ten seconds, and its accounts have no secrets.
        sessions.LOCK_AFTER = sessions.LEAVE_AFTER = sessions.END_AFTER = EVER
        document.MARKS.append(playing.format_mark)
        closure.shut(
            FOLDER.path, never=settings.NOT_IN_SANDBOX, static=settings.STATIC_ROOT
        )
