"""What happens by itself in a practice installation: its short timers, and its end."""

import logging
from threading import Thread

from django.db import close_old_connections, connection

from amana.insight.measure import actions as figures
from amana.practising.here import FOLDER
from amana.sandbox.server import UnixServer
from amana.sandbox.timers import run_timers

problems = logging.getLogger(__name__)


def try_turn() -> None:
    """Take a turn; what goes wrong in one ends that turn alone."""
    close_old_connections()
    try:
        run_timers()
    except Exception:
        problems.exception("A turn of the practice installation failed.")


def draw_up_figures() -> None:
    """Draw up the figures next to the pages, unless they are: that takes a minute, for
    which no one waits. They are stored together at the end, or not at all."""
    Thread(target=_draw_up, daemon=True).start()


def _draw_up() -> None:
    try:
        figures.prepare_protected_tables()
    except Exception:
        problems.exception("Figures of the practice installation failed.")
    finally:
        connection.close()


def is_over(pages: UnixServer) -> bool:
    """Check whether this process was told to end, or no one comes any more."""
    return FOLDER.over.exists() or pages.is_left_alone
