"""Who pays, until when, what is lacking, and what doing nothing costs: as the ledger
and the latest costing have it. What is not in them is left open, never guessed.

A payer is named, and no grant: its title may reveal where a hidden house is.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.insight.costing import ledger
from amana.insight.costing.engine.ingredients import NOTHING
from amana.insight.costing.models import Costing, Grant
from amana.insight.costing.outcomes import money, number
from amana.insight.costing.results import SCENARIOS, Results
from amana.ui.sentences import listed

MOST_PAYERS = 4
HUNDRED = 100


def lines(today: date) -> list[str]:
    """List the lines for a draft, in the language that is active; none while the ledger
    is empty."""
    currency = ledger.kept_in()
    if not currency:
        return []
    return [*promised(today.year, currency), *lacking(currency), *ending(today)]


def promised(year: int, currency: str) -> Iterator[str]:
    """Describe the sum of a year, and who has promised it."""
    sums, payers = ledger.sums(year), ledger.payers(year)
    if not payers:
        yield _("Nothing is promised for %(year)s in the ledger.") % {"year": year}
        return
    said = {
        "year": year,
        "sum": money(sums.committed, currency),
        "share": number(round((sums.domestic_share or 0) * HUNDRED)),
    }
    yield (
        _("Promised for %(year)s: %(sum)s, %(share)s %% of it by this country.") % said
    )
    for payer in payers[:MOST_PAYERS]:
        yield _("%(payer)s: %(sum)s; its last grant ends in %(month)s.") % {
            "payer": payer.title,
            "sum": money(payer.committed, currency),
            "month": month(payer.until),
        }
    if others := payers[MOST_PAYERS:]:
        rest = sum((other.committed for other in others), NOTHING)
        yield _("All others: %(sum)s.") % {"sum": money(rest, currency)}


def lacking(currency: str) -> Iterator[str]:
    """Describe what is needed and not promised, by the latest costing, if all of it has
    its price and its source."""
    costing = Costing.objects.filter(currency=currency).for_list().first()
    if costing is None:
        return
    results = Results(costing)
    if results.is_invented:
        return
    years = f"{results.years[0]} – {results.years[-1]}"
    yield _("Needed in %(years)s: %(need)s; no one has promised %(gap)s of it.") % {
        "years": years if len(results.years) > 1 else results.years[0],
        "need": money(results.likely.total, currency),
        "gap": money(results.gap, currency),
    }


def ending(today: date) -> Iterator[str]:
    """Describe the grants that end within a year with no known successor."""
    grants = Grant.objects.ending(today).without_successor().for_list()
    ends: dict[str, date] = {}
    for grant in grants:
        ends.setdefault(grant.fund.title, grant.ends_on)
    if ends:
        told = (f"{payer} ({month(day)})" for payer, day in ends.items())
        yield _("Grants that end within a year, with no known successor: %(what)s.") % {
            "what": listed(told)
        }
    if n := ledger.services_at_the_cliff(today):
        said = ngettext(
            "%(n)s service in the public directory loses its funding within a year.",
            "%(n)s services in the public directory lose their funding within a year.",
            n,
        )
        yield said % {"n": number(n)}


def of_doing_nothing(need: str) -> str:
    """Describe what one need that stays unmet costs others, by the latest costing: of
    this kind of help, or of any. Empty without a source (ADR 34)."""
    costing = Costing.objects.for_list().first()
    if costing is None:
        return ""
    results = Results(costing)
    some = [x for x in results.inaction.counted if x.one.need in (need, "")]
    if not some or results.without_source:
        return ""
    # The cost of one need, never of all: the sum divided by the price would be a number
    # of people that is in no release (ADR 33).
    low, likely, high = (
        money(results.inaction.of_one(some, scenario), costing.currency)
        for scenario in SCENARIOS
    )
    return _(
        "If nothing is done, each such need that stays unmet costs others about "
        "%(likely)s (between %(low)s and %(high)s): %(what)s. Source: "
        "%(source)s. This is not what help would save."
    ) % {
        "likely": likely,
        "low": low,
        "high": high,
        "what": listed(counted.one.title for counted in some),
        "source": listed(dict.fromkeys(counted.one.source for counted in some)),
    }


def month(day: date) -> str:
    return date_format(day, "F Y")
