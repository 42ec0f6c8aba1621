"""Violations of the content security policy, counted without personal data."""

import json
import logging
import re
from collections import deque
from time import monotonic
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

LONGEST = 16 * 1024
MOST_IN_A_MINUTE = 30
"""Of each process: any client can send a report, and people read the journal."""

noted: deque[float] = deque(maxlen=MOST_IN_A_MINUTE)
"""When each of the last ones was logged, in seconds of the machine's counter."""


def log_violation(body: bytes) -> None:
    """Log which rule was broken by what kind of source; never a full address."""
    if len(body) > LONGEST:
        return
    try:
        report = json.loads(body)["csp-report"]
        rule = str(report.get("effective-directive", ""))
        source = str(report.get("blocked-uri", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    if are_too_many(monotonic()):
        return
    # Only the host: a path may hold the number of a case, or what was searched for.
    blocked = urlsplit(source).hostname or source
    log.warning(
        "The content security policy blocked %s for %s.",
        clean_word(blocked),
        clean_word(rule),
    )


def are_too_many(now: float) -> bool:
    """Check whether the last minute has had enough of them; else this one counts
    too."""
    if len(noted) == noted.maxlen and now - noted[0] < 60:
        return True
    noted.append(now)
    return False


def clean_word(text: str) -> str:
    """Shorten what a browser said to one short word: a log line is no place for
    more."""
    return re.sub(r"[^\w.-]", "", text)[:60]
