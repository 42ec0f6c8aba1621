"""Times on pages, for people and for machines."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.ui.escaping import escape_text


def render_time(
    at: datetime, words: str = "", title: str = "", *, zone: ZoneInfo | None = None
) -> SafeString:
    """Render a time, in the installation’s zone unless another is named; the day and
    time where no other words are given.
    """
    here = localtime(at, zone)
    minute = here.replace(second=0, microsecond=0, tzinfo=None)
    whole = format_moment(minute, get_language())
    title = escape_text(title) or whole
    kind = "" if words else " data-moment"
    return SafeString(
        f'<time datetime="{here.isoformat()}" title="{title}"{kind}>{words or whole}'
        "</time>"
    )


@lru_cache(maxsize=5_000)
def format_moment(minute: datetime, language: str | None) -> str:
    """Format day and time in the language of the page. Kept, because lists show the
    same clocks again and again, and Django is slow to format a date."""
    return escape_text(dateformat.format(minute, _("j F Y, H:i")))
