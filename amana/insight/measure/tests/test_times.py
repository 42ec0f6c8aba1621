"""Quarters and halves beside each other tell no more than the sheets do."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from amana import given
from amana.insight.disclosure.engine import K
from amana.insight.disclosure.engine.tests.attacker import Attacker
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation
from amana.insight.measure import actions, figure_years, times
from amana.insight.measure.engine import protected_tables as engine
from amana.insight.measure.engine import statistics
from amana.insight.measure.engine.columns import ObservationColumn, ObservationColumns
from amana.insight.measure.engine.definitions import D0, Measure
from amana.insight.measure.engine.protected_tables import OFF
from amana.insight.measure.engine.table_json import convert_to_json
from amana.insight.measure.engine.visible_figures import (
    ShownValue,
    TablePage,
    YearTables,
)
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_questions import FigureQuestion
from amana.insight.measure.figure_view import FigureView
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.library.reading import load_library

from .conftest import TODAY, YEAR
from .worlds import Row, in_columns

SHARE = "I17.all"
STATES = ("counted", "others")
RESULTS = {"counted": "complete", "others": "incomplete"}
WANTED = engine.map_figures_by_kind(
    load_library(), {code: kind.results for code, kind in KINDS.items()}
)

type Half = tuple[str, tuple[str, ...], float, int]
"""A state, the quarters, how many, and how many more or fewer they may be."""
type Plans = dict[tuple[str, str], int]
"""How many plans were complete or not, in each quarter."""


def in_a_year(rows: list[Row]) -> ObservationColumns:
    """With a month of each quarter, which the other invented facts have not."""
    found = in_columns([replace(row, month="2026-01") for row in rows])
    months = tuple(f"2026-{3 * n + 1:02}" for n in range(4))
    month = ObservationColumn.of(months, [row.month for row in rows])
    return ObservationColumns(
        {**found.coded, "month": month}, found.number, found.bands
    )


def plans(counts: Plans) -> list[Row]:
    return [
        Row("plan", RESULTS[state], month=f"2026-{3 * int(quarter) - 2:02}")
        for (state, quarter), many in counts.items()
        for _one in range(many)
    ]


def drawn_up(counts: Plans) -> engine.TableContent:
    facts = in_a_year(plans(counts)).kind("plan")
    figures = WANTED["plan"]
    return engine.build_protected_tables(
        facts, figures, name="plan", dims=D0, smallest=K
    )


def look(made: engine.TableContent, code: str = "I17", only: str = "") -> FigureView:
    kept = convert_to_json(made.tables)
    page = TablePage(kept["codes"], kept["cells"], made.said, exact=False)
    year = FigureYear(2026, date(2027, 1, 1), K, YearTables({"plan": page}))
    indicator = load_library()[code]
    definition = Definition(indicator, indicator.part())
    return FigureView(definition, year, FigureQuestion(2026, only))


def as_told(counts: Plans, made: engine.TableContent) -> Iterator[Half]:
    """What the page says of halves."""
    for quarters in times.HALVES.values():
        shown = times.get_period_figure(look(made), quarters)
        if shown.counted is not None and shown.of is not None:
            said = {"counted": shown.counted, "others": shown.of - shown.counted}
            yield from ((state, quarters, n, 2 * OFF) for state, n in said.items())


def counted_anew(counts: Plans, made: engine.TableContent) -> Iterator[Half]:
    """As a table of its own, of which only what is small is hidden."""
    for state, quarters in product(STATES, times.HALVES.values()):
        n = sum(counts[state, quarter] for quarter in quarters)
        if n >= K:
            yield state, quarters, n, OFF


def learnt(
    seed: int, halves: Callable[[Plans, engine.TableContent], Iterator[Half]]
) -> Any:
    """By somebody who reads the sheet, and what is said of halves."""
    chance = np.random.default_rng(seed)
    cells = list(product(STATES, times.QUARTERS))
    some = chance.choice([5, 6, 14, 30, 60], len(cells))
    counts = {cell: int(n) for cell, n in zip(cells, some, strict=True)}
    made = drawn_up(counts)
    tables = [t for t in made.tables if t.dims in {(SHARE,), (SHARE, "quarter")}]
    codes = {d: c for t in tables for d, c in zip(t.dims, t.codes, strict=True)}
    attacker = Attacker([(SHARE, "quarter")], codes)
    attacker.read(tables)
    for state, quarters, n, off in halves(counts, made):
        cells_of = [{SHARE: state, "quarter": quarter} for quarter in quarters]
        terms = [term for cell in cells_of for term in attacker.terms(cell)]
        attacker.rows.append((terms, n - off, n + off))
    return [
        (state, quarter)
        for (state, quarter), n in counts.items()
        if n < K and attacker.learns({SHARE: state, "quarter": quarter}, K)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_halves_tell_no_quarter_that_is_hidden(seed):
    assert learnt(seed, as_told) == []


def test_halves_that_were_counted_anew_would_tell_it():
    assert any(learnt(seed, counted_anew) for seed in range(12))


def test_a_half_is_the_sum_of_two_quarters():
    counts = {(state, n): 40 for state in STATES for n in times.QUARTERS}
    counts["counted", "2"] = 120

    first = times.get_period_figure(look(drawn_up(counts)), times.HALVES["H1"])

    assert (first.counted, first.of) == (160, 240)
    assert (first.low, first.high) == statistics.compute_wilson_interval(160, 240)


def test_where_a_quarter_is_hidden_its_half_is():
    counts = {(state, n): 40 for state in STATES for n in times.QUARTERS}
    counts["counted", "4"] = 4
    seen = look(drawn_up(counts))

    assert not times.get_period_figure(seen, ("3",)).hidden
    assert times.get_period_figure(seen, times.HALVES["H2"]).hidden


def test_a_mean_of_a_half_is_not_told():
    part = replace(load_library()["I17"].part(), measure=Measure.MEAN)
    quarter = ShownValue(value=3.0, low=2.0, high=4.0, counted=40, of=40)

    assert times.add_up_periods(part, [quarter, quarter]).hidden


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (60, 100, "higher: it was 60"),
        (100, 60, "lower: it was 100"),
        (60, 80, "no clear difference: it was 60"),
        (None, 80, ""),
    ],
)
def test_a_difference_is_one_where_chance_hardly_makes_it(db, before, now, words):
    part = replace(load_library()["I17"].part(), measure=Measure.COUNT)

    assert (
        times.format_change(part, ShownValue(value=before), ShownValue(value=now))
        == words
    )


@pytest.fixture
def two_years(facts):
    """In the first, half as many were accepted."""
    Observation.objects.bulk_create(
        Observation(
            kind="acceptance",
            result="accepted" if n % 3 == 0 else "declined",
            month=date(YEAR - 1, n % 12 + 1, 1),
            sex="female",
        )
        for n in range(480)
    )
    actions.prepare_protected_tables(TODAY)
    actions.prepare_protected_tables(date(YEAR, 2, 10))


def test_halves_stand_beside_the_one_before_and_the_year_before(two_years):
    indicator, year = load_library()["I20"], figure_years.load_year(YEAR)
    definition = Definition(indicator, indicator.part())
    assert year is not None
    found = {
        time.line.code: time
        for time in times.compare_periods(
            FigureView(definition, year, FigureQuestion(YEAR))
        )
    }

    assert found["H1"].before == found["H1"].year_before == "higher: it was 33 %"
    assert found["H2"].year_before == "higher: it was 33 %"
    assert found["H2"].before.startswith("no clear difference")
    assert found["1"].before == "higher: it was 33 %"


def test_the_page_and_the_file_have_quarters_and_halves(two_years, analyst):
    client = given.sign_in(analyst)
    page = client.get(reverse("measure:figure", args=["I20"]), {"year": YEAR})
    file = client.get(
        reverse("measure:table", args=["I20", "accepted"]), {"year": YEAR}
    )

    assert "Compared with earlier periods" in page.content.decode()
    assert "higher: it was 33 %" in page.content.decode()
    rows = csv.DictReader(file.content.decode().splitlines())
    assert {"H1", "H2", "1", "4"} <= {row["Group code"] for row in rows}


def test_without_a_year_before_halves_stand_beside_each_other_alone(sheets, analyst):
    page = given.sign_in(analyst).get(
        reverse("measure:figure", args=["I20"]), {"year": YEAR}
    )

    assert "January to June" in page.content.decode()
