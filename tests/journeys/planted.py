"""What a journey needs in an installation of its own before it begins, with the
installation's settings:

    python -m tests.journeys.planted administrator   one, and the cookies of a browser
    python -m tests.journeys.planted again           the cookies of another browser
    python -m tests.journeys.planted standstill      timers that stood still for hours,
                                                     a clock that jumped meanwhile

Says in JSON what it did.
"""

import json
import os
import sys
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

EMAIL = "ines@example.org"
STOOD = timedelta(hours=3)
JUMP = timedelta(minutes=45)
WITHOUT_BACKUP = timedelta(days=9)


def ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    django.setup()
    settings.VAULT_ARGON2 = {"iterations": 1, "lanes": 1, "memory_cost": 8}


def begin() -> None:
    """Let the first service begin, which makes the files beside the database."""
    from amana.unattended import begin_service

    begin_service()


def an_administrator() -> None:
    from amana import given
    from amana.trust.access.models import Role

    begin()
    given.make_worker(role=Role.ADMINISTRATOR, name="Ines Carvalho", email=EMAIL)


def cookies() -> dict[str, str]:
    from amana import given
    from amana.trust.access.models import User

    browser = given.sign_in(given.unlock_user(User.objects.get(email=EMAIL)))
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def stand_still() -> None:
    """All timers ran last some hours ago; that of the backup has failed for days."""
    from django.utils import timezone

    from amana.trust.alarms import timer_runs
    from amana.trust.alarms.models import TimerRun
    from amana.trust.vault import heartbeat
    from amana.trust.vault.models import Heartbeat

    now = timezone.now()
    timer_runs.notify_missed()
    heartbeat.record_heartbeat()
    ran: dict[str, Any] = {"at": now - STOOD, "tried_at": now - STOOD}
    TimerRun.objects.update(known_since=now - timedelta(days=30), **ran)
    TimerRun.objects.filter(command="backup").update(
        at=now - WITHOUT_BACKUP,
        unfinished_since=now - WITHOUT_BACKUP + timedelta(days=1),
        error="PermissionError",
    )
    beat = Heartbeat.objects.get()
    Heartbeat.objects.update(at=beat.at - STOOD - JUMP, booted_at=beat.booted_at - JUMP)


if __name__ == "__main__":
    ready()
    match sys.argv[1:]:
        case ["administrator"]:
            an_administrator()
            said = cookies()
        case ["again"]:
            said = cookies()
        case ["standstill"]:
            stand_still()
            said = {}
        case _:
            sys.exit(__doc__)
    sys.stdout.write(json.dumps(said) + "\n")
