"""What the columns of other people’s files of areas are, without a decision."""

import pytest

from amana.exchange.areas.area_guessing import guess_area_mapping
from amana.exchange.areas.area_mapping import (
    BY_BEGINNING,
    AreaMapping,
    AreaTable,
    read_area_mapping,
    write_area_mapping,
)
from amana.exchange.areas.tests.conftest import a_collection, a_feature, a_sheet, shared
from amana.exchange.sources.opening import read_file


def guessed(blob: bytes) -> AreaMapping:
    return guess_area_mapping(read_file(blob))


def of_one_table(blob: bytes) -> AreaTable:
    [table] = guessed(blob).tables.values()
    return table


def test_a_sheet_of_districts_has_its_region_and_country_beside_it():
    table = of_one_table(
        a_sheet(
            ["ADM2_EN", "ADM2_AR", "ADM2_PCODE", "ADM1_EN", "ADM1_PCODE", "ADM0_PCODE"],
            ["Harbour", "ميناء", "JO0101", "West", "JO01", "JO"],
        )
    )
    assert [step.code for step in table.steps] == [
        "ADM2_PCODE",
        "ADM1_PCODE",
        "ADM0_PCODE",
    ]
    assert table.steps[0].names == {"en": "ADM2_EN", "ar": "ADM2_AR"}
    assert table.steps[1].names == {"en": "ADM1_EN"}


@pytest.mark.parametrize(
    ("heads", "code", "names"),
    [
        (["admin1Pcode", "admin1Name_fr"], "admin1Pcode", {"fr": "admin1Name_fr"}),
        (["GID_1", "NAME_1", "VARNAME_1"], "GID_1", {"en": "NAME_1"}),
        (["shapeID", "shapeName"], "shapeID", {"en": "shapeName"}),
        (["code", "name_en", "name_fr"], "code", {"en": "name_en", "fr": "name_fr"}),
        (["Code", "Nom français"], "Code", {"fr": "Nom français"}),
    ],
)
def test_headings_of_many_publishers_are_known(heads, code, names):
    table = of_one_table(a_sheet(heads, ["XA01", *["Word"] * (len(heads) - 1)]))
    assert table.steps[0].code == code
    assert table.steps[0].names == names


def test_a_name_without_a_language_is_told_by_its_letters():
    table = of_one_table(a_sheet(["code", "name"], ["XA01", "الميناء"]))
    assert table.steps[0].names == {"ar": "name"}


def test_codes_that_begin_with_others_need_no_column_for_the_area_above():
    table = of_one_table(
        a_sheet(
            ["pcode", "name"], ["JO", "Joria"], ["JO01", "West"], ["JO0101", "Port"]
        )
    )
    assert table.steps[1].code == BY_BEGINNING


def test_the_country_of_a_file_that_lacks_it_is_told_by_its_codes():
    mapping = guessed(
        a_collection(*[a_feature(adm1_pcode=f"JOR00{n}", adm1_en="Word") for n in "12"])
    )
    assert (mapping.root_code, mapping.root_name) == ("JOR", "Jordan")


def test_a_real_file_of_governorates_needs_no_decision():
    mapping = guessed(shared("unhcr-jordan/polygons.geojson"))
    [table] = mapping.tables.values()
    assert table.steps[0].code == "adm1_pro"
    assert table.steps[0].names == {"en": "adm1_name", "ar": "adm1_ar"}
    assert (mapping.root_code, mapping.root_name) == ("JOR", "Jordan")


def test_a_mapping_is_read_as_it_was_written():
    mapping = guessed(a_sheet(["pcode", "name"], ["JO", "Joria"]))
    assert read_area_mapping(write_area_mapping(mapping)) == mapping
