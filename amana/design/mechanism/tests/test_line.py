"""The pathway as a line: every step in one station, nothing on anything else, and all
that is drawn also said."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from amana.design.mechanism import labels, line
from amana.design.mechanism.line import (
    MARK_ROWS,
    StationText,
    build_graph,
    build_line,
    build_lines,
)
from amana.design.mechanism.outline import Outline, build_outline
from amana.design.mechanism.pack import files
from amana.design.mechanism.pack.tests.packs import ROOT, SHIPPED, SMALL
from amana.design.mechanism.writing import read_plain
from amana.design.pathway.tests.pathways import a_random
from amana.printing import layout
from amana.printing.layout import assign_lanes, assign_layers

PACKS = [*(path.name for path in SHIPPED), "small"]
LANGUAGES = ("en", "fr", "ar")
MOST = 12_000
"""Bytes of a drawing."""


def outline_of(name: str) -> Outline:
    if name == "small":
        said = {path: content.encode() for path, content in SMALL.items()}
    else:
        said = dict(files.read_folder(ROOT / "mechanisms" / name))
    said = {path: content for path, content in said.items() if path.endswith(".yaml")}
    return build_outline({path: read_plain(said, path) for path in said})


def stations_of(seen: Outline) -> list[line.LineStation]:
    return [
        station for drawing in build_lines(seen, {}) for station in drawing.stations
    ]


def test_packs_are_shipped():
    assert len(SHIPPED) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PACKS)
def test_every_step_has_one_station_or_is_the_fork_of_one(name, language):
    seen = outline_of(name)
    with override(language):
        found = Counter(
            id
            for part in ("", *seen.parts)
            for id in build_graph(seen, {}, part).within
        )
        at_stations = Counter(station.stop.id for station in stations_of(seen))
    assert set(found) == set(seen.steps)
    assert set(found.values()) == set(at_stations.values()) == {1}
    alone = set(at_stations) & set(seen.steps)
    for id in set(seen.steps) - alone:
        assert seen.steps[id].kind == "choose"
    assert len(set(at_stations) - alone) == len(seen.interrupts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PACKS)
def test_the_list_says_all_that_is_drawn(name, language):
    """Each step by its name, who does it, and each way out of a fork."""
    seen = outline_of(name)
    with override(language):
        html = "".join(
            render_to_string("mechanism/line.html", {"line": drawing})
            for drawing in build_lines(seen, {id: f"#{id}" for id in seen.steps})
        )
        for step in seen.steps.values():
            if step.kind == "do":
                assert f'href="#{step.id}"' in html
                assert escape(labels.format_step_title(seen, step.id)) in html
                assert escape(labels.format_role_title(seen, step.role)) in html
            for lead in step.leads:
                if lead.when:
                    way = labels.build_way(seen, lead)
                    assert escape(way.words) in html
                    assert escape(way.title) in html


@pytest.mark.parametrize("name", PACKS)
def test_a_drawing_is_light_and_styled_by_classes_alone(name):
    for drawing in build_lines(outline_of(name), {}):
        html = render_to_string("mechanism/line.html", {"line": drawing})
        svg = sum(
            len(piece.partition("</svg>")[0].encode()) + len("<svg</svg>")
            for piece in html.split("<svg")[1:]
        )
        assert svg <= MOST
        assert "style=" not in html
        assert "<script" not in html


@pytest.mark.parametrize("name", PACKS)
def test_every_column_has_room_for_its_words(name):
    for drawing in build_lines(outline_of(name), {}):
        for stretch in drawing.stretches:
            assert stretch.is_wide
            taken: set[tuple[int, int]] = set()
            for station in stretch.stations:
                assert station.span >= MARK_ROWS + station.stop.lines
                assert 1 <= station.column <= drawing.columns
                cells = {
                    (station.column, row)
                    for row in range(station.row, station.row + station.span)
                }
                assert taken.isdisjoint(cells)
                taken |= cells
                assert station.row + station.span - 1 <= stretch.rows


def test_the_classes_of_places_are_in_the_sheet():
    sheet = (
        Path(line.__file__).parents[1] / "static" / "mechanism" / "line.css"
    ).read_text()
    for letter, most in (
        ("c", line.WIDE),
        ("r", line.MOST_ROWS),
        ("l", line.MOST_LANES - 1),
        ("w", line.MOST_LANES - 1),
    ):
        assert f".{letter}{most} {{" in sheet
    assert f".s{line.MOST_SPAN} {{" in sheet


# --- any pathway


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 30))
    ids = [f"s{n}" for n in range(count)]
    links = draw(
        st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=60)
    )
    return ids, links


@given(graphs())
@settings(max_examples=200, deadline=None)
def test_in_any_graph_nothing_shares_a_cell(found):
    ids, links = found
    forward = layout.list_forward_links(ids, links)
    order = layout.sort_by_links(ids, forward)
    assert sorted(order) == sorted(ids)
    place = {id: nth for nth, id in enumerate(order)}
    assert all(place[this] < place[other] for this, other in forward)
    for layers in (assign_layers(order, forward), place):
        lanes = assign_lanes(order, forward, layers)
        taken = Counter(lanes.cells.values())
        for way in lanes.ways.values():
            taken.update(way[1:-1])
            assert all(cell[0] + 1 == other[0] for cell, other in pairwise(way))
        assert set(taken.values()) <= {1}
        assert set(lanes.ways) == set(forward)


@given(graphs(), st.integers(2, 7))
@settings(max_examples=100, deadline=None)
def test_any_graph_is_drawn_with_each_stop_once(found, columns):
    ids, links = found
    one = build_line([StationText(id, "do", id) for id in ids], links, columns=columns)
    assert sorted(station.stop.id for station in one.stations) == sorted(ids)
    below = [station.stop.id for station in one.stations]
    forward = layout.list_forward_links(ids, links)
    assert all(below.index(a) < below.index(b) for a, b in forward)
    for stretch in one.stretches:
        at = [(station.column, station.row) for station in stretch.stations]
        assert len(set(at)) == len(at)


@pytest.mark.parametrize("seed", range(30))
def test_any_valid_pathway_has_every_step_once(seed):
    said, _decisions = a_random(Random(seed))
    seen = build_outline({"pathway.yaml": said})
    ids = [
        id for part in ("", *seen.parts) for id in build_graph(seen, {}, part).within
    ]
    assert sorted(ids) == sorted(seen.steps)
    shown = [station.stop.id for station in stations_of(seen)]
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"start": "no", "steps": {"a": {"do": "A", "next": "nowhere"}}},
        {"start": "a", "steps": {"a": {"do": "A", "next": "a"}}},
        {"start": "a", "steps": {"a": {"together": ["a", "b"]}, "b": None}},
        {"start": "a", "steps": {"a": {"choose": [{"next": "b"}, "x"]}}, "parts": 3},
        {"interrupts": {"w": {"on": "x", "next": "nowhere"}}, "steps": {"a": {}}},
    ],
)
def test_an_unfinished_draft_is_drawn_as_far_as_it_goes(said):
    seen = build_outline({"pathway.yaml": said})
    steps = {station.stop.id for station in stations_of(seen)} & set(seen.steps)
    assert steps == set(seen.steps)


@pytest.mark.parametrize("leaves", ["end", "each other"])
def test_what_is_too_large_to_draw_is_a_list_of_all_its_steps(leaves):
    """Hundreds of ways past hundreds of layers; or tens of thousands between two."""
    half = 200
    steps: dict[str, Any]
    if leaves == "end":
        steps = {
            f"s{n}": {
                "choose": [
                    {"if": 'a == "b"', "next": "end"},
                    {"else": True, "next": f"s{n + 1}" if n < half else "end"},
                ]
            }
            for n in range(half + 1)
        }
    else:
        exits = [{"message": f"m{n}", "next": f"t{n}"} for n in range(half)]
        steps = {f"s{n}": {"wait": exits} for n in range(half)}
        steps["all"] = {"together": list(steps)}
        for n in range(half):
            steps[f"t{n}"] = {"do": "Go", "role": "x", "end": "e"}
    steps["end"] = {"do": "End", "role": "x", "end": "closed"}
    start = "all" if "all" in steps else "s0"
    seen = build_outline({"pathway.yaml": {"start": start, "steps": steps}})

    (drawing,) = build_lines(seen, {})

    assert drawing.is_list
    stations = {station.stop.id for station in drawing.stations}
    assert stations == set(steps)
    assert not any(station.rails for station in drawing.stations)
    html = render_to_string("mechanism/line.html", {"line": drawing})
    assert "This is too large to draw" in html


# --- how it looks


def test_the_main_line_is_straight_and_a_detour_lies_beside_it():
    links = [("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")]
    lanes = assign_lanes(list("abcd"), links, assign_layers("abcd", links))
    assert [lanes.cells[id] for id in "abcd"] == [(0, 0), (1, 1), (2, 0), (3, 0)]


def test_the_end_of_a_branch_goes_on_after_its_block():
    said = {
        "start": "all",
        "steps": {
            "all": {"together": ["one", "two"], "next": "after"},
            "one": {"do": "One", "role": "x"},
            "two": {"do": "Two", "role": "x"},
            "after": {"do": "After", "role": "x", "end": "closed"},
        },
    }
    graph = build_graph(build_outline({"pathway.yaml": said}), {})
    assert set(graph.links) == {
        ("all", "one"),
        ("all", "two"),
        ("one", "after"),
        ("two", "after"),
    }


def test_a_fork_after_a_block_is_where_its_branches_end():
    seen = outline_of("migration-route")
    graph = build_graph(seen, {})
    assert ("rights", "onward") in graph.links
    assert not [note for note in graph.stops["rights"].notes if "Back" in note]


def test_what_leads_back_is_said_and_not_drawn():
    seen = outline_of("example")
    with override("en"):
        stop = build_graph(seen, {}).stops["add"]
    assert "Back to: Decide whether there are reasonable grounds" in stop.notes


def test_what_may_happen_at_any_time_stands_beside_what_it_leads_to():
    with override("en"):
        first = build_lines(outline_of("example"), {})[0]
    column = {station.stop.id: nth for nth, station in enumerate(first.stations)}
    assert column["open:withdrawal"] > column["meet"] + 5


def test_a_condition_is_said_by_its_codes_beside_what_asked_for_them():
    with override("en"):
        said = labels.format_answers
        assert said('safety == "danger"') == "Danger"
        assert said('agrees == "yes" or age_group in ["child"]') == "Yes or A child"
        assert said('safety != "danger"').startswith("If ")
