"""Gaps of 10,000 services in 20 regions, beside the sheets of a million facts.

Facts and services are invented. The sheets are drawn up without hiding anything, which
takes a while and happens once a month; pages read them all the same.
"""

import random
from datetime import date, timedelta

import numpy as np
from django.utils import timezone

from amana import given
from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.models import Area, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.taxonomy import ServiceType
from amana.insight.facts.kinds import KINDS
from amana.insight.gaps import gap_view
from amana.insight.measure import observation_columns
from amana.insight.measure.engine import protected_tables, table_json
from amana.insight.measure.engine.columns import ObservationColumn, ObservationColumns
from amana.insight.measure.engine.definitions import D0
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.models import ProtectedTable
from benchmarks.bench import bench

FACTS, SERVICES, REGIONS = 1_000_000, 10_000, 20
YEAR = timezone.localdate().year - 1
chance = random.Random(5)


def a_country() -> list[Area]:
    country = given.make_area(code="XM", lat=8.0, lon=-25.0)
    return [
        given.make_area(
            above=country, code=f"XM{n:02}", lat=6 + n * 0.3, lon=-27 + n * 0.2
        )
        for n in range(REGIONS)
    ]


def services(areas: list[Area]) -> None:
    team, kinds = given.make_team(), list(ServiceType)
    made = []
    for n in range(SERVICES):
        area, hidden = chance.choice(areas), chance.random() < 0.2
        place = {} if hidden else {"lat": area.lat, "lon": area.lon}
        made.append(
            Service(
                organisation=team.organisation,
                team=team,
                name=f"Service {n}",
                types=chance.sample(kinds, chance.randint(1, 3)),
                area=area,
                hidden=hidden,
                sexes=chance.choice([[], [], ["female"], ["male"]]),
                costs=chance.random() < 0.1,
                needs_police=chance.random() < 0.1,
                hours=chance.choice([None, [[0, 10_080]], [[480, 960]]]),
                counts_places=True,
                places_total=chance.randint(1, 40),
                verify_by=timezone.localdate() + timedelta(days=chance.randint(-9, 80)),
                **place,
            )
        )
    Service.objects.bulk_create(made, batch_size=500)
    record_change()


def a_million() -> ObservationColumns:
    """Facts of the kinds that gaps read, each with what its kind can have."""
    months = observation_columns.list_months(date(YEAR, 1, 1), date(YEAR + 1, 1, 1))
    lists, some = observation_columns.list_codes(months), np.random.default_rng(7)
    kinds = ("need", "acceptance", "need_met", "service_start")
    numbers = [list(lists["kind"]).index(kind) + 1 for kind in kinds]
    coded = {}
    for name, known in (lists | {"agency": ["one"]}).items():
        allowed = list(range(1, len(known) + 1))
        if name == "kind":
            allowed = numbers
        elif name == "topic":
            allowed = [
                list(known).index(service_type) + 1
                for service_type in ServiceType.values
            ]
        found = some.choice(np.array(allowed), FACTS)
        coded[name] = ObservationColumn(("", *known), found.astype(np.uint8))
    for number, kind in zip(numbers, kinds, strict=True):
        here, words = coded["kind"].values == number, coded["result"].names
        can = [words.index(result) for result in KINDS[kind].results]
        coded["result"].values[here] = some.choice(np.array(can), int(here.sum()))
    return ObservationColumns(coded, np.full(FACTS, np.nan), observation_columns.BANDS)


def draw_up() -> None:
    facts, results = a_million(), {code: kind.results for code, kind in KINDS.items()}
    for kind, figures in protected_tables.map_figures_by_kind(
        load_library(), results
    ).items():
        found = facts.kind(kind)
        if len(found):
            made = protected_tables.build_protected_tables(
                found, figures, name=kind, dims=D0, smallest=None
            )
            ProtectedTable.objects.create(
                year=YEAR,
                kind=kind,
                tables=table_json.convert_to_json(made.tables),
                said=made.said,
                until=date(YEAR + 1, 1, 1),
                made_at=timezone.now(),
            )


services(a_country())
draw_up()
with open_catalogue():
    pass  # read once by each process, and then followed


@bench(
    f"All gaps of {SERVICES:,} services and {FACTS:,} facts, {REGIONS} regions",
    at_most_ms=1_000,
    at_most_queries=12,
    times=3,
)
def _gaps() -> None:
    assert gap_view.build_look().gaps
