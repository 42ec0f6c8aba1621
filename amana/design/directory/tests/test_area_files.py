"""Areas come from a file, and the invented country is one."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from amana.design.directory import area_files
from amana.design.directory.models import Area
from amana.errors import Unreadable

COUNTRY = Path(__file__).parents[4] / "mechanisms" / "example" / "areas.geojson"


def feature(code, above="", **properties):
    made = {"code": code, "above": above, "name_en": code, "lat": 1.0, "lon": 2.0}
    return {"type": "Feature", "properties": made | properties, "geometry": None}


@pytest.fixture
def file(tmp_path):
    def written(*features):
        path = tmp_path / "areas.geojson"
        path.write_text(json.dumps({"features": list(features)}))
        return path

    return written


@pytest.mark.django_db
def test_the_invented_country_loads_and_loads_again():
    for _ in range(2):
        call_command("load_areas", COUNTRY, verbosity=0)
    country = Area.objects.get(level=0)
    assert Area.objects.filter(level=1).count() == 10
    assert Area.objects.within(country).count() == Area.objects.count() == 40
    district = Area.objects.get(code="XM0101")
    assert district.codes == ["XM", "XM01", "XM0101"]
    assert all(a.name_fr and a.name_ar and a.geometry for a in Area.objects.all())


@pytest.mark.django_db
def test_an_area_is_called_by_its_name_in_the_language_of_the_page():
    call_command("load_areas", COUNTRY, verbosity=0)
    country = Area.objects.get(level=0)
    with translation.override("ar"):
        assert country.name == "ميرافيا"
    with translation.override("fr"):
        assert country.name == "Merravie"


def test_areas_come_before_their_parts(file):
    said = area_files.read_areas(
        file(feature("A1", "A"), feature("A11", "A1"), feature("A"))
    )
    assert [area.code for area in said] == ["A", "A1", "A11"]


@pytest.mark.parametrize(
    ("features", "what"),
    [
        ([feature("A", "B")], "“B”, is not in the file"),
        ([feature("A", "A")], "is not in the file"),
        ([feature("A"), feature("A")], "appears twice"),
        ([feature("")], "“code” is missing"),
        ([feature("A", name_en=" ")], "“name_en” is missing"),
        ([feature("A", lat=None)], "neither a point nor a shape"),
        ([feature("A") | {"geometry": {"type": "Point"}}], "not a polygon"),
        (["A"], "no properties"),
    ],
)
def test_a_file_that_is_wrong_names_where(file, features, what):
    with pytest.raises(Unreadable, match=what):
        area_files.read_areas(file(*features))


@pytest.mark.django_db
def test_a_file_that_is_no_map_changes_nothing(tmp_path):
    path = tmp_path / "areas.geojson"
    for content in ("{", "[]", '{"features": 3}'):
        path.write_text(content)
        with pytest.raises(CommandError):
            call_command("load_areas", path)
    assert not Area.objects.exists()
