"""A form that comes twice counts once, on pages on which people stay anonymous.

Every worker knows that it came, by a digest of the number drawn with the form: nothing
of what was said, of a person or of a time of day is stored with it, and the number is
kept nowhere. On SQLite the digests lie in their own order (`access.0002_no_order`)."""

from datetime import datetime, time, timedelta
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from amana.ui.once import read_key

AT_LEAST = timedelta(hours=1)


def first_time(request: HttpRequest) -> bool:
    """Call it in the transaction of the act: mark and act are written together, so an
    act that failed leaves no mark, and its form may come again."""
    digest = sha256(read_key(request).bytes).hexdigest()
    return bool(cache.add(digest, True, count_seconds_left()))


def count_seconds_left() -> float:
    """Count the seconds until midnight, the same for all of a day: the end of a mark
    shows no hour."""
    now = timezone.localtime()
    ends_on = (now + AT_LEAST).date() + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(ends_on, time.min))
    return (midnight - now).total_seconds()
