"""The services of the mechanisms that come along come in by the door for all files."""

import json

import pytest
from django.conf import settings

from amana.design.directory.models import Service
from amana.exchange.hsds import TAXONOMY
from amana.exchange.imports import actions
from amana.exchange.imports.tests.test_actions import a_house, brought_in


@pytest.mark.parametrize("name", ["example", "district-health", "migration-route"])
def test_the_services_of_each_mechanism_that_comes_along_are_taken_in_whole(
    coordinator, name
):
    """Yes and no, as we write them ourselves, were an error page."""
    file = settings.ROOT / "mechanisms" / name / "services" / "services.json"
    written = json.loads(file.read_text(encoding="utf-8"))["contents"]
    found = actions.read_hsds(file.read_bytes(), origin=name, by=coordinator)
    brought = actions.record_file(found, by=coordinator)
    actions.plan_next_rows(brought, by=coordinator)
    assert not brought.rows.exclude(problem="").exists()
    actions.apply_import(brought, by=coordinator)
    assert Service.objects.filter(origin=name).count() == len(written)
    flags = [
        attribute["taxonomy_term"]["code"]
        for service in written
        for attribute in service.get("attributes", ())
        if attribute["value"] == "true"
    ]
    for flag in sorted(set(flags)):
        field, _colon, _true = flag.partition(":")
        assert Service.objects.filter(**{field: True}).count() == flags.count(flag)


def test_a_value_that_a_field_can_not_have_is_quarantined_by_its_field(coordinator):
    def a_term(code):
        return {"taxonomy_term": {"code": code, "taxonomy": TAXONOMY}}

    said = [
        a_house(id=code, attributes=[a_term("types:SH2"), a_term(code)])
        for code in ("children_max:many", "waiting_list:maybe")
    ]
    brought = brought_in(*said, by=coordinator)
    problems = list(brought.rows.order_by("number").values_list("problem", flat=True))
    assert problems[0].startswith("children_max:")
    assert problems[1].startswith("waiting_list:")
