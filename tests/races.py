"""Two at the same moment, each in a connection of its own: on PostgreSQL they really
run at once."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

AT_MOST = 60
"""Seconds after which they are taken to wait for each other."""


def at_once(*acts: Callable[[], Any]) -> list[BaseException | None]:
    """Each in a thread and a connection of its own, all starting together."""
    start = threading.Barrier(len(acts))
    came: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(AT_MOST)
            act()
        except BaseException as error:
            came[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(AT_MOST)
        assert not thread.is_alive(), "they wait for each other"
    return came


def until_somebody_waits() -> None:
    """Return once a connection to this database waits for a row that another holds."""
    waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
    over = time.monotonic() + AT_MOST
    while time.monotonic() < over:
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if cursor.fetchone() == (True,):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
