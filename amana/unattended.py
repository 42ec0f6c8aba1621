"""What runs unattended: how long it may take, and what is kept of its mistakes."""

import logging
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from traceback import format_exception
from types import FrameType

from django.http import HttpRequest

from amana.registry import Registry

STARTS: Registry[Callable[[], object]] = Registry()
"""What has to be right before a service begins; one that is not says so by an error."""


def begin_service() -> None:
    """Check that all is there, or end the service with the sentence about what is
    not."""
    for require in STARTS:
        require()


PLACE = re.compile(r'^ *File "[^"\n]+\.py", line \d+, in [\w.<>]+$', re.MULTILINE)


class TookTooLong(BaseException):
    """The time for it is over. No Exception: else what is stopped could catch it."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLong


def begin_limit(limit: timedelta) -> None:
    """Raise TookTooLong in the main thread after this time, until `end_limit`.

    Elsewhere than in the main thread there is no limit: a signal reaches it alone."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, _stop)
        signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())


def end_limit() -> None:
    if threading.current_thread() is threading.main_thread():
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def limit_time(limit: timedelta) -> Iterator[None]:
    """Limit the time of what is inside; raises TookTooLong."""
    begin_limit(limit)
    try:
        yield
    finally:
        end_limit()


def format_error_name(error: BaseException) -> str:
    """Name an error's class, as `smtplib.SMTPServerDisconnected`."""
    module = type(error).__module__
    name = type(error).__qualname__
    return name if module == "builtins" else f"{module}.{name}"


def list_places(trace: str) -> str:
    """Keep the places in the code that an error came through, and none of its words:
    a mail server's answer, or a database's, repeats whom it is about."""
    return "\n".join(PLACE.findall(trace))


def describe_page(record: logging.LogRecord, request: HttpRequest) -> str:
    """Name the kind of page and its status, never its address: that may hold the number
    of a case, or the code of a slip that opens it."""
    match = request.resolver_match
    page = match.view_name if match else "no page of ours"
    return f"{record.name}: {getattr(record, 'status_code', 500)} at {page}"


class PrivateLogFilter(logging.Filter):
    """An error reaches the server's log by its class and its places alone, a page that
    was refused by its kind."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.msg, record.args = describe_page(record, request), ()
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            came_through = list_places("".join(format_exception(error)))
            record.msg = (
                f"{record.getMessage()}: {format_error_name(error)}\n{came_through}"
            )
            record.args, record.exc_info, record.exc_text = (), None, None
        return True
