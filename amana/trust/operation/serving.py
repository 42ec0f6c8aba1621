"""How the pages are served: granian, in as many processes as are requested."""

import sys

STOPS_WITHIN = 10
"""Seconds that pages at work have when the server stops; open streams end at once."""


def build_server_command(
    *more: str,
    host: str,
    port: int,
    workers: int,
    target: str = "amana.asgi:application",
) -> list[str]:
    """Build the command. A worker that ended by itself is replaced; one that does not
    end when it is told to is killed."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        # By HTTP/2 cookies may come one by one, which WSGI reads as none of ours.
        *("--http", "1"),
        # No access log: addresses with times would show who worked when, and when a
        # colleague answered (ADR 61).
        *("--backpressure", "1024", "--no-access-log"),
        *("--respawn-failed-workers", "--respawn-interval", "1"),
        *("--workers-kill-timeout", str(STOPS_WITHIN)),
        *more,
        target,
    ]
