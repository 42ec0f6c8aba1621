"""What the country reports about itself that no observation gives."""

from datetime import date

from amana.design.mechanism.choosing import list_versions_in_force
from amana.insight.measure.models import CountryNumber

SMALLEST = 11
"""Groups of fewer people are never shown (as CTDC). A mechanism, or a coordinator for
the whole country, may ask for more, and never for less."""


def get_inhabitants(since: date, until: date) -> int:
    """Get the number recorded for the year in which a period begins, or the latest
    before it; 0 while none is recorded."""
    said = CountryNumber.objects.of(CountryNumber.What.INHABITANTS)
    found = said.filter(year__lte=since.year).first()
    return found.number if found else 0


def get_smallest_group() -> int:
    """Get how many people there have to be before a group is shown."""
    said = CountryNumber.objects.of(CountryNumber.What.SMALLEST).first()
    # The strictest of the three: no setting can make groups smaller than CTDC's 11.
    return max(SMALLEST, said.number if said else 0, get_mechanism_threshold())


def get_mechanism_threshold() -> int:
    """Get the strictest threshold of the mechanisms in force."""
    files = [v.pack.plain.get("indicators.yaml", {}) for v in list_versions_in_force()]
    return max((int(file.get("suppress_below", 0)) for file in files), default=0)
