"""Load the protected tables of a year for the pages that show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Max

from amana.insight.measure import country
from amana.insight.measure.engine.visible_figures import TablePage, YearTables
from amana.insight.measure.models import ProtectedTable


@dataclass(frozen=True)
class FigureYear:
    number: int
    until: date
    """Facts of months before this one are in it."""
    smallest: int
    sheets: YearTables

    @property
    def is_over(self) -> bool:
        return self.until.year > self.number


def list_years() -> list[int]:
    """List the years that there are protected tables of, the latest first."""
    found = ProtectedTable.objects.order_by("-year").values_list("year", flat=True)
    return list(found.distinct())


def choose_default_year(years: list[int]) -> int:
    """Choose the latest year of which there are four months or more; else the one
    before."""
    latest = years[0]
    until = ProtectedTable.objects.filter(year=latest).aggregate(until=Max("until"))[
        "until"
    ]
    # In the first months of a year too little could be shown.
    short = until.year == latest and until.month <= ENOUGH_MONTHS
    return latest - 1 if short and latest - 1 in years else latest


ENOUGH_MONTHS = 4


def load_year(number: int) -> FigureYear | None:
    known = ProtectedTable.objects.filter(year=number).aggregate(
        made_at=Max("made_at"), until=Max("until"), smallest=Max("smallest")
    )
    if known["made_at"] is None:
        return None
    inhabitants = country.get_inhabitants(date(number, 1, 1), known["until"])
    found = YearTables(load_pages(number, str(known["made_at"])), inhabitants)
    return FigureYear(
        number, known["until"], known["smallest"] or country.SMALLEST, found
    )


@lru_cache(maxsize=8)
def load_pages(year: int, made_at: str) -> Mapping[str, TablePage]:
    """Load the protected tables of a year, and keep them in memory while they are the
    latest."""
    # `made_at` is only in the key of the cache: tables are replaced once a month, and
    # each process then sees the new time and loads them again.
    return {
        sheet.kind: build_page(sheet)
        for sheet in ProtectedTable.objects.filter(year=year)
    }


def build_page(sheet: ProtectedTable) -> TablePage:
    tables: Mapping[str, Any] = sheet.tables
    exact = sheet.smallest is None
    return TablePage(tables["codes"], tables["cells"], sheet.said, exact)
