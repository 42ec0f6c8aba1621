"""Which themes enough different people spoke of. Below that number, none is shown.

A slip is one person. A kiosk can't distinguish people, so all the answers at one house
in one month count as one. What is shown is a band, never a number: the next
person who speaks can't be read from how it grew."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from amana.insight.feedback.models import (
    Complaint,
    FeedbackDoor,
    Review,
    ReviewVerdict,
    VoiceTheme,
)
from amana.insight.feedback.themes import Theme
from amana.insight.measure.country import get_smallest_group
from amana.trust.access.models import Organisation

BANDS = (25, 50, 100, 250, 500, 1000)
"""Above as many as have to be there before any group is shown (`country.smallest`)."""

LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True)
class ThemeCount:
    """A theme, and at least how many different people spoke of it."""

    theme: Theme
    at_least: int
    about: Organisation | None = None


@dataclass(frozen=True)
class ComplaintCount:
    """At least so many complaints, in twelve whole months; 0: too few to show."""

    answered: int
    looked_at: int
    """Again, by others than those who answered first."""
    changed: int


def get_first_month() -> date:
    """Return the first day of the month from which on what was said is counted."""
    return (timezone.localdate() - LOOKS_BACK).replace(day=1)


def count_complaints() -> ComplaintCount:
    """Count those of twelve whole months, till the last has ended: who looks each day
    never learns on which day a band was reached."""
    until, enough = timezone.localdate().replace(day=1), get_smallest_group()
    since = until.replace(year=until.year - 1)
    closed = {"closed_on__gte": since, "closed_on__lt": until}
    again = Review.objects.filter(**closed)
    changed = again.filter(verdict__in=(ReviewVerdict.CHANGED, ReviewVerdict.PARTLY))
    answered = Complaint.objects.filter(**closed)
    return ComplaintCount(
        *(get_band(queryset.count(), enough) for queryset in (answered, again, changed))
    )


def count_people() -> dict[tuple[str, int | None], int]:
    """Count different people by theme, and by theme and organisation; never shown
    so."""
    found = VoiceTheme.objects.filter(voice__month__gte=get_first_month())
    rows = found.values_list("theme", "voice__about", "voice__door", "voice__month")
    counted: dict[tuple[str, int | None], int] = defaultdict(int)
    for theme, about, door, month, number in rows.annotate(number=Count("pk")):
        different = count_different(door, month, number)
        counted[theme, about] += different
        counted[theme, None] += different
    return counted


def count_different(door: str, month: date, number: int) -> int:
    # One person could answer all day at a device, and make a theme of their own.
    return 1 if door == FeedbackDoor.KIOSK else number


def get_band(number: int, enough: int) -> int:
    """Return the largest of the bands that the number reaches; 0: too few to show."""
    reached = [bound for bound in (enough, *BANDS) if enough <= bound <= number]
    return max(reached, default=0)


def list_themes() -> dict[Theme, int]:
    """List the themes of all organisations together, the most spoken of first."""
    counted, enough = count_people(), get_smallest_group()
    found = {theme: get_band(counted.get((theme, None), 0), enough) for theme in Theme}
    # By the band, not by the number: the order would give away what the bands hide.
    told = sorted(found.items(), key=lambda item: -item[1])
    return {theme: least for theme, least in told if least}


def list_by_organisation() -> list[ThemeCount]:
    """List the themes of which enough people spoke about the same organisation."""
    enough = get_smallest_group()
    counted = {
        key: get_band(n, enough)
        for key, n in count_people().items()
        if key[1] is not None
    }
    named = Organisation.objects.in_bulk([about for _theme, about in counted if about])
    found = [
        ThemeCount(Theme(theme), least, named[about])
        for (theme, about), least in counted.items()
        if least and about in named
    ]
    return sorted(found, key=lambda one: (str(one.about), -one.at_least, one.theme))
