"""Who pays, until when, what is lacking, and what doing nothing costs: as the ledger
and the latest costing have it. What is not in them is left open, never guessed.

A payer is named, and no grant: its title may reveal where a hidden house is.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.insight.costing import ledger_sums
from amana.insight.costing.engine.ingredients import NOTHING
from amana.insight.costing.models import Costing, Grant
from amana.insight.costing.results import SCENARIOS, CostingResults
from amana.insight.costing.scenario_outcomes import format_money, format_number
from amana.ui.labels import format_list

MOST_PAYERS = 4
HUNDRED = 100


def list_funding_lines(today: date) -> list[str]:
    """List the lines for a draft, in the language that is active; none while the ledger
    is empty."""
    currency = ledger_sums.get_currency()
    if not currency:
        return []
    return [
        *describe_promised(today.year, currency),
        *describe_lacking(currency),
        *describe_ending(today),
    ]


def describe_promised(year: int, currency: str) -> Iterator[str]:
    """Describe the sum of a year, and who has promised it."""
    sums, payers = ledger_sums.compute_sums(year), ledger_sums.list_payers(year)
    if not payers:
        yield _("Nothing is promised for %(year)s in the ledger.") % {"year": year}
        return
    said = {
        "year": year,
        "sum": format_money(sums.committed, currency),
        "share": format_number(round((sums.domestic_share or 0) * HUNDRED)),
    }
    yield (
        _("Promised for %(year)s: %(sum)s, %(share)s %% of it by this country.") % said
    )
    for payer in payers[:MOST_PAYERS]:
        yield _("%(payer)s: %(sum)s; its last grant ends in %(month)s.") % {
            "payer": payer.title,
            "sum": format_money(payer.committed, currency),
            "month": format_month(payer.until),
        }
    if others := payers[MOST_PAYERS:]:
        rest = sum((other.committed for other in others), NOTHING)
        yield _("All others: %(sum)s.") % {"sum": format_money(rest, currency)}


def describe_lacking(currency: str) -> Iterator[str]:
    """Describe what is needed and not promised, by the latest costing, if all of it has
    its price and its source."""
    costing = Costing.objects.filter(currency=currency).for_list().first()
    if costing is None:
        return
    results = CostingResults(costing)
    if results.is_invented:
        return
    years = f"{results.years[0]} – {results.years[-1]}"
    yield _("Needed in %(years)s: %(need)s; no one has promised %(gap)s of it.") % {
        "years": years if len(results.years) > 1 else results.years[0],
        "need": format_money(results.likely.total, currency),
        "gap": format_money(results.gap, currency),
    }


def describe_ending(today: date) -> Iterator[str]:
    """Describe the grants that end within a year with no known successor."""
    grants = Grant.objects.ending(today).without_successor().for_list()
    ends: dict[str, date] = {}
    for grant in grants:
        ends.setdefault(grant.fund.title, grant.ends_on)
    if ends:
        told = (f"{payer} ({format_month(day)})" for payer, day in ends.items())
        yield _("Grants that end within a year, with no known successor: %(what)s.") % {
            "what": format_list(told)
        }
    if n := ledger_sums.count_services_at_the_cliff(today):
        said = ngettext(
            "%(n)s service in the public directory loses its funding within a year.",
            "%(n)s services in the public directory lose their funding within a year.",
            n,
        )
        yield said % {"n": format_number(n)}


def describe_inaction(need: str) -> str:
    """Describe what one need that stays unmet costs others, by the latest costing: of
    this kind of help, or of any. Empty without a source (ADR 34)."""
    costing = Costing.objects.for_list().first()
    if costing is None:
        return ""
    results = CostingResults(costing)
    some = [x for x in results.inaction.counted if x.one.need in (need, "")]
    if not some or results.without_source:
        return ""
    # The cost of one need, never of all: the sum divided by the price would be a number
    # of people that is in no release (ADR 33).
    low, likely, high = (
        format_money(results.inaction.of_one(some, scenario), costing.currency)
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
        "what": format_list(counted.one.title for counted in some),
        "source": format_list(dict.fromkeys(counted.one.source for counted in some)),
    }


def format_month(day: date) -> str:
    return date_format(day, "F Y")
