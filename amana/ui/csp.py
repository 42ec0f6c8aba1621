"""Violations of the content security policy, counted without personal data."""

import json
import logging
import re
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

LONGEST = 16 * 1024


def note(body: bytes) -> None:
    """Log which rule was broken by what kind of source; never a full address."""
    if len(body) > LONGEST:
        return
    try:
        report = json.loads(body)["csp-report"]
        rule = str(report.get("effective-directive", ""))
        source = str(report.get("blocked-uri", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    blocked = urlsplit(source).hostname or source
    log.warning(
        "The content security policy blocked %s for %s.", word(blocked), word(rule)
    )


def word(text: str) -> str:
    """What a browser said, as one short word: a log line is no place for more."""
    return re.sub(r"[^\w.-]", "", text)[:60]
