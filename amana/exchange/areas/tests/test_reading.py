"""Areas of a file, and each fault with its row and field.

Planted faults, each seen caught here: a ring that need not be closed; crossing edges
that are not looked at; swapped numbers that count as outside the globe; the first fault
alone; an area above that is in no row and no directory.
"""

import json

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from amana.design.directory.area_files import plan_areas
from amana.exchange.areas.area_guessing import guess_area_mapping
from amana.exchange.areas.reading import AreaReading, read_areas
from amana.exchange.areas.tests.conftest import (
    COUNTRY,
    a_collection,
    a_feature,
    a_sheet,
    a_square,
)
from amana.exchange.sources.opening import read_file


def read(blob: bytes) -> AreaReading:
    file = read_file(blob)
    return read_areas(file, guess_area_mapping(file))


def list_faults(blob: bytes) -> list[tuple[str, str, str]]:
    reading = read(blob)
    plan = plan_areas(reading.records)
    return [(f.where, f.field, f.what) for f in (*reading.faults, *plan.faults)]


def test_areas_have_codes_names_and_shapes():
    records = {record.code: record for record in read(COUNTRY).records}
    assert records["JO"].names == {"en": "Joria", "ar": "جوريا"}
    assert records["JO0101"].above == "JO01"
    assert (records["JO02"].lat, records["JO02"].lon) == (31, 33)
    assert records["JO01"].geometry == a_square(30, 30, 2)


def test_areas_above_are_made_of_the_columns_beside():
    blob = a_sheet(
        ["ADM2_EN", "ADM2_PCODE", "ADM1_EN", "ADM1_PCODE", "lat", "lon"],
        ["Port", "JO0101", "West", "JO01", 30, 31],
        ["Quay", "JO0102", "West", "JO01", 32, 31],
    )
    records = {record.code: record for record in read(blob).records}
    assert records.keys() == {"JO0101", "JO0102", "JO01"}
    assert records["JO01"].names == {"en": "West"}
    assert (records["JO01"].lat, records["JO01"].lon) == (31, 31)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("features", "where", "field", "what"),
    [
        (
            [a_feature(a_square(1, 1), code=code, name="A") for code in ("", "B")],
            "row 1",
            "Code",
            "is empty",
        ),
        (
            [a_feature(a_square(1, 1), code="A", name=n) for n in "ab"],
            "row 2",
            "Code",
            "twice: also in entries, row 1",
        ),
        (
            [a_feature(a_square(1, 1), code="A", name=" ")],
            "row 1",
            "Name",
            "no language",
        ),
        (
            [a_feature(a_square(1, 1), code="A", name="A", above="B")],
            "row 1",
            "Area above",
            "“B”, is neither",
        ),
        (
            [
                a_feature(a_square(1, 1), code=code, name="A", above=above)
                for code, above in ("AB", "BA")
            ],
            "row 1",
            "Area above",
            "in itself",
        ),
        ([a_feature(code="A", name="A")], "row 1", "Shape", "neither a point"),
        (
            [a_feature(code="A", name="A", lat="131", lon="9")],
            "row 1",
            "Latitude",
            "look swapped",
        ),
        (
            [a_feature(code="A", name="A", lat="131", lon="199")],
            "row 1",
            "Latitude",
            "not on the globe",
        ),
        (
            [a_feature(code="A", name="A", lat="north", lon="9")],
            "row 1",
            "Latitude",
            "no latitude",
        ),
        ([a_feature(a_square(1, 1), code="A/B", name="A")], "row 1", "Code", "slash"),
    ],
)
def test_each_fault_names_its_row_and_field(features, where, field, what):
    found = list_faults(a_collection(*features))
    assert any(
        where in at and named == field and what in said for at, named, said in found
    ), found


def ring(*positions: tuple[float, float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [list(map(list, positions))]}


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (ring((0, 0), (1, 0), (1, 1), (0, 1)), "not closed"),
        (ring((0, 0), (1, 0), (0, 0)), "fewer than four"),
        (ring((0, 0), (2, 2), (2, 0), (0, 2), (0, 0)), "crosses itself"),
        (ring((0, 0), (2, 0), (1, 0), (0, 0)), "encloses nothing"),
        (ring((9, 131), (10, 131), (10, 132), (9, 131)), "look swapped"),
        (ring((190, 1), (191, 1), (191, 2), (190, 1)), "not on the globe"),
        ({"type": "Polygon", "coordinates": [[["a", 1]] * 4]}, "no position"),
        ({"type": "Polygon", "coordinates": []}, "is empty"),
        ({"type": "Polygon", "coordinates": [3]}, "no position"),
        (
            {
                "type": "Polygon",
                "coordinates": [
                    a_square(0, 0)["coordinates"][0],  # type: ignore[index]
                    a_square(5, 5)["coordinates"][0],  # type: ignore[index]
                ],
            },
            "hole",
        ),
    ],
)
def test_a_shape_that_contradicts_itself_is_a_fault(shape, what):
    reading = read(a_collection(a_feature(shape, code="A", name="A")))
    assert [fault.field for fault in reading.faults] == ["Shape"]
    assert what in reading.faults[0].what


def test_what_lies_in_the_area_above_only_when_turned_is_a_fault():
    blob = a_collection(
        a_feature(a_square(10, 40, 4), code="A", name="A"),
        a_feature(a_square(41, 11), code="A1", name="B", above="A"),
    )
    assert [(f.where, f.what) for f in read(blob).faults] == [
        (
            "entries, row 2",
            "It lies in “A” only if latitude and longitude are swapped.",
        )
    ]


def test_all_faults_are_told_at_once():
    blob = a_collection(
        a_feature(ring((0, 0), (1, 0), (1, 1), (0, 1)), code="A", name="A"),
        a_feature(a_square(1, 1), code="B", name="B", level="x"),
    )
    assert [f.field for f in read(blob).faults] == ["Shape", "Level"]


@pytest.mark.django_db
def test_a_level_that_is_not_below_the_one_above_is_a_fault():
    blob = a_collection(
        a_feature(a_square(1, 1), code="A", name="A", level=1),
        a_feature(a_square(1, 1), code="A1", name="A", level=1, above="A"),
    )
    assert [field for _where, field, _what in list_faults(blob)] == ["Level"]


@pytest.mark.django_db
def test_a_table_without_points_has_those_of_the_areas_around():
    blob = a_sheet(
        ["pcode", "name", "above", "lat", "lon"],
        ["JO", "Joria", "", 30, 31],
        ["JO1", "West", "JO", "", ""],
    )
    plan = plan_areas(read(blob).records)
    assert not plan.faults
    assert [(r.code, r.lat, r.lon) for r in plan.records] == [
        ("JO", 30, 31),
        ("JO1", 30, 31),
    ]


names = st.text("ابجقصabcéXYZ ’-", min_size=1, max_size=12).filter(str.strip)


@st.composite
def trees(draw) -> list[tuple[str, str, dict[str, str]]]:
    """Codes, each with the one above and names; in any order."""
    made = [("XA", "", {"en": draw(names)})]
    for number in range(draw(st.integers(0, 12))):
        above = draw(st.sampled_from(made))[0]
        in_languages = draw(st.sets(st.sampled_from(["fr", "ar"])))
        named = {"en": draw(names)} | {code: draw(names) for code in in_languages}
        made.append((f"XA{number:02}", above, named))
    shuffled: list[tuple[str, str, dict[str, str]]] = draw(st.permutations(made))
    return shuffled


@generated(trees())
def test_a_tree_comes_in_as_it_was_written_in_each_layout(tree):
    expected = {
        code: (above, {k: " ".join(v.split()) for k, v in named.items()})
        for code, above, named in tree
    }
    for blob in (as_features(tree), as_sheet(tree)):
        reading = read(blob)
        assert not reading.faults
        assert {r.code: (r.above, dict(r.names)) for r in reading.records} == expected


def as_features(tree) -> bytes:
    return json.dumps(
        [
            a_feature(a_square(n, n), code=code, parent=above)
            | {
                "properties": {
                    "adm_pcode": code,
                    "parent": above,
                    **{f"name_{language}": name for language, name in named.items()},
                }
            }
            for n, (code, above, named) in enumerate(tree)
        ]
    ).encode()


def as_sheet(tree) -> bytes:
    rows = [
        [code, above, *(named.get(language, "") for language in ("en", "fr", "ar"))]
        for code, above, named in tree
    ]
    heads = ["P-Code", "Parent code", "Name (EN)", "Nom (FR)", "Name AR"]
    return a_sheet([*heads, "lat", "lon"], *[[*row, 1, 2] for row in rows])
