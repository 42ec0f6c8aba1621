"""A process that got stuck ends, and is started again.

It says again and again that it works, and by when it will say so next. When that time
is over, a thread of Python's runtime writes where each thread is (places in the code,
no values) and ends the process. It needs no lock of the interpreter, so a call into C
that never comes back ends as well. Where even that thread is stopped, systemd hears no
more of the service and starts it again."""

import faulthandler
import os
import socket
from contextlib import suppress
from datetime import timedelta

GRACE = timedelta(seconds=10)
"""By so much systemd is more patient, so that the places are written first."""


def report_alive(*, within: timedelta) -> None:
    """Report that this process works, and that it reports again in this time at
    most."""
    # Each call replaces the one before, so the process ends unless it calls again in
    # time.
    faulthandler.dump_traceback_later(within.total_seconds(), exit=True)
    microseconds = (within + GRACE) // timedelta(microseconds=1)
    notify_systemd(f"WATCHDOG=1\nWATCHDOG_USEC={microseconds}")


def notify_systemd(words: str) -> None:
    """Send a message of sd_notify(3); nowhere where no systemd started us."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # systemd writes the zero byte of an abstract socket as an @ (sd_notify(3)).
    if address.startswith("@"):
        address = f"\0{address[1:]}"
    with (
        suppress(OSError),  # a systemd that doesn't listen starts us again, at worst
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here,
    ):
        here.sendto(words.encode(), socket.MSG_DONTWAIT, address)
