"""The demo takes a directory of services in whatever layout it is."""

from types import SimpleNamespace
from typing import Any

import pytest

from amana import given
from amana.demo.building import DemoUnfinished, import_directory
from amana.design.directory.models import Service
from amana.trust.access.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> Any:
    return SimpleNamespace(coordinator=given.make_worker(role=Role.COORDINATOR))


def test_a_sheet_is_imported_by_what_its_pages_would_suggest(country, tmp_path) -> None:
    file = tmp_path / "services.csv"
    file.write_text("Name,Partner,Category\nClinic,Port,Primary healthcare\nX,Port,?\n")
    *_steps, last = import_directory(file, country)

    assert [(s.name, s.types) for s in Service.objects.all()] == [("Clinic", ["HE2"])]
    assert last[0] == "1 could not be placed"


def test_what_is_no_directory_says_why(country, tmp_path) -> None:
    file = tmp_path / "services.json"
    file.write_text("{not JSON}")
    with pytest.raises(DemoUnfinished, match="line 1: It is not JSON"):
        list(import_directory(file, country))
