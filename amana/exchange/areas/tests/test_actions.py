"""Areas are loaded all or none, again and again, and none is lost.

Planted faults, each seen caught here: what a file leaves out is deleted; half a file
stays; a second load makes each area new; any worker may load.
"""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from amana import given
from amana.design.directory.models import Area
from amana.errors import Refused
from amana.exchange.areas import actions
from amana.exchange.areas.area_mapping import read_area_mapping
from amana.exchange.areas.models import AreaFile
from amana.exchange.areas.tests.conftest import (
    COUNTRY,
    a_collection,
    a_feature,
    a_sheet,
    a_square,
)
from amana.exchange.sources.opening import open_file
from amana.trust.access.models import Role, User
from amana.trust.audit.models import AuditEvent


def kept(blob: bytes, *, by: User) -> AreaFile:
    file = actions.prepare_area_file(open_file(blob, by=by.pk), "areas", by=by)
    actions.keep_area_file(file, by=by)
    return file


def loaded(blob: bytes, *, by: User) -> None:
    file = kept(blob, by=by)
    actions.load_area_file(file, actions.plan_area_file(file, by=by), by=by)


def list_paths() -> list[str]:
    return list(Area.objects.order_by("path").values_list("path", flat=True))


def test_a_file_is_loaded_and_loaded_again(coordinator):
    loaded(COUNTRY, by=coordinator)
    assert list_paths() == [
        "JO/",
        "JO/JO01/",
        "JO/JO01/JO0101/",
        "JO/JO02/",
    ]
    before = list(Area.objects.order_by("pk").values())

    file = kept(COUNTRY, by=coordinator)
    plan = actions.plan_area_file(file, by=coordinator)
    assert (plan.new, plan.changed, plan.same, plan.left_out) == (0, 0, 4, [])
    actions.load_area_file(file, plan, by=coordinator)
    assert list(Area.objects.order_by("pk").values()) == before
    assert not AreaFile.objects.exists()


def test_what_a_later_file_says_otherwise_is_changed_by_code(coordinator):
    loaded(COUNTRY, by=coordinator)
    used = given.make_service(area=Area.objects.get(code="JO0101"))
    again = COUNTRY.replace(b'"above": "JO01"', b'"above": "JO02"')
    loaded(again.replace(b"Harbour", b"Port"), by=coordinator)

    used.refresh_from_db()
    assert used.area is not None
    assert (used.area.path, used.area.name) == ("JO/JO02/JO0101/", "Port")


def test_what_a_file_leaves_out_stays_and_is_marked(coordinator):
    loaded(COUNTRY, by=coordinator)
    fewer = json.loads(COUNTRY)
    fewer["features"] = [
        f for f in fewer["features"] if f["properties"]["pcode"] != "JO02"
    ]
    blob = json.dumps(fewer).encode()

    file = kept(blob, by=coordinator)
    plan = actions.plan_area_file(file, by=coordinator)
    assert plan.left_out == ["JO02"]
    actions.load_area_file(file, plan, by=coordinator)
    assert Area.objects.exclude(left_out_at=None).get().code == "JO02"

    loaded(COUNTRY, by=coordinator)
    assert not Area.objects.exclude(left_out_at=None).exists()


def test_a_file_that_is_not_complete_marks_nothing(coordinator):
    loaded(COUNTRY, by=coordinator)
    file = kept(a_collection(json.loads(COUNTRY)["features"][1]), by=coordinator)
    mapping = read_area_mapping(file.mapping | {"is_complete": False})
    actions.map_area_file(file, mapping, by=coordinator)
    plan = actions.plan_area_file(file, by=coordinator)
    actions.load_area_file(file, plan, by=coordinator)
    assert not Area.objects.exclude(left_out_at=None).exists()


def test_parts_that_a_file_does_not_name_go_where_their_area_goes(coordinator):
    loaded(COUNTRY, by=coordinator)
    moved = a_collection(
        a_feature(a_square(30, 30, 2), pcode="JO01", name_en="West", above="JO02")
    )
    loaded(moved, by=coordinator)
    assert Area.objects.get(code="JO0101").path == "JO/JO02/JO01/JO0101/"
    assert Area.objects.get(code="JO0101").level == 3


def test_an_area_cannot_be_put_into_its_own_part(coordinator):
    loaded(COUNTRY, by=coordinator)
    file = kept(
        a_collection(
            a_feature(a_square(30, 30), pcode="JO01", name="W", above="JO0101")
        ),
        by=coordinator,
    )
    [fault] = actions.plan_area_file(file, by=coordinator).faults
    assert "It is in itself" in fault.what


def test_regions_of_another_publisher_join_the_country_that_is_here(coordinator):
    loaded(COUNTRY, by=coordinator)
    governorates = [
        a_feature(a_square(n, 30), adm1_pcode=f"JOR00{n}", adm1_en="North")
        for n in (1, 2)
    ]
    file = kept(a_collection(*governorates), by=coordinator)
    plan = actions.plan_area_file(file, by=coordinator)
    assert not plan.faults
    assert {record.above for record in plan.records} == {"JO"}


def test_names_in_a_table_leave_the_shapes_and_names_that_are_here(coordinator):
    loaded(COUNTRY, by=coordinator)
    blob = a_sheet(
        ["pcode", "name_fr", "above"], ["JO01", "Ouest", "JO"], ["JO02", "Est", "JO"]
    )
    loaded(blob, by=coordinator)
    west = Area.objects.get(code="JO01")
    assert west.names == {"en": "West", "fr": "Ouest"}
    assert west.geometry == a_square(30, 30, 2)


def test_nothing_of_a_faulty_file_is_loaded(coordinator):
    bad = a_feature(a_square(1, 1), pcode="JO03", name_en="", above="JO")
    good = json.loads(COUNTRY)["features"]
    file = kept(a_collection(*good, bad), by=coordinator)
    plan = actions.plan_area_file(file, by=coordinator)
    assert [fault.where for fault in plan.faults] == ["entries, row 5"]
    with pytest.raises(Refused, match="nothing was loaded"):
        actions.load_area_file(file, plan, by=coordinator)
    assert not Area.objects.exists()
    assert AreaFile.objects.exists()


def test_each_act_is_in_the_log(coordinator):
    file = kept(COUNTRY, by=coordinator)
    actions.map_area_file(file, read_area_mapping(file.mapping), by=coordinator)
    actions.discard_area_file(file, by=coordinator)
    loaded(COUNTRY, by=coordinator)
    acts = AuditEvent.objects.filter(did__contains="area").order_by("pk")
    assert [event.did for event in acts] == [
        "kept area file",
        "mapped area file",
        "discarded area file",
        "kept area file",
        "loaded area file",
        "loaded areas",
    ]


def test_only_those_who_keep_the_directory_load_areas(coordinator):
    file = kept(COUNTRY, by=coordinator)
    plan = actions.plan_area_file(file, by=coordinator)
    tables = actions.open_area_file(file)
    worker, colleague = given.make_worker(), given.make_worker(role=Role.COORDINATOR)
    for act in (
        lambda: actions.prepare_area_file(tables, "x", by=worker),
        lambda: actions.keep_area_file(file, by=worker),
        lambda: actions.plan_area_file(file, by=colleague),
        lambda: actions.load_area_file(file, plan, by=colleague),
        lambda: actions.map_area_file(
            file, read_area_mapping(file.mapping), by=colleague
        ),
        lambda: actions.discard_area_file(file, by=worker),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not Area.objects.exists()


def test_a_file_that_waits_is_forgotten_after_a_week(coordinator):
    file = kept(COUNTRY, by=coordinator)
    AreaFile.objects.filter(pk=file.pk).update(
        brought_at=timezone.now() - actions.KEPT * 2
    )
    kept(COUNTRY, by=coordinator)
    call_command("forget_area_files")
    assert AreaFile.objects.count() == 1


@pytest.mark.django_db
def test_the_command_line_loads_what_the_pages_do(tmp_path, capsys):
    path = tmp_path / "areas.geojson"
    path.write_bytes(COUNTRY)
    call_command("load_areas", path)
    assert "4 areas loaded" in capsys.readouterr().out
    nameless = [a_feature(a_square(1, 1), code=code, name="A") for code in ("", "B")]
    path.write_bytes(a_collection(*nameless))
    with pytest.raises(CommandError, match="The code is empty"):
        call_command("load_areas", path)
    path.write_bytes(b"{")
    with pytest.raises(CommandError, match="not JSON"):
        call_command("load_areas", path)
