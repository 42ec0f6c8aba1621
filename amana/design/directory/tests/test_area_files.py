"""Areas come from a file, and the invented country is one."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from amana.design.directory.actions import load_areas
from amana.design.directory.area_files import plan_areas
from amana.design.directory.area_records import AreaRecord
from amana.design.directory.models import Area
from amana.trust.access.rules import Denied

COUNTRY = Path(__file__).parents[4] / "mechanisms" / "example" / "areas.geojson"


@pytest.mark.django_db
def test_the_invented_country_loads_and_loads_again():
    for _ in range(2):
        call_command("load_areas", COUNTRY, verbosity=0)
    country = Area.objects.get(level=0)
    assert Area.objects.filter(level=1).count() == 10
    assert Area.objects.within(country).count() == Area.objects.count() == 40
    district = Area.objects.get(code="XM0101")
    assert district.codes == ["XM", "XM01", "XM0101"]
    assert all(
        {*a.names} == {"en", "fr", "ar"} and a.geometry for a in Area.objects.all()
    )


@pytest.mark.django_db
def test_an_area_is_called_by_its_name_in_the_language_of_the_page():
    call_command("load_areas", COUNTRY, verbosity=0)
    country = Area.objects.get(level=0)
    with translation.override("ar"):
        assert country.name == "ميرافيا"
    with translation.override("fr"):
        assert country.name == "Merravie"


def test_those_who_keep_the_directory_load_areas(coordinator, worker):
    west = AreaRecord("row 1", "XA", "", {"en": "West"}, 1.0, 2.0)
    plan = plan_areas([west])
    with pytest.raises(Denied):
        load_areas(plan, by=worker)
    load_areas(plan, by=coordinator)
    assert Area.objects.get().name == "West"
    assert plan_areas([west]).same == 1
