"""The work of a course, made in a practice installation that is really built: in a
process of its own, as it is for learners; and loaded in another installation."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from amana import given
from amana.academy.courses.engine import reading as courses
from amana.academy.courses.engine.files import read_folder
from amana.academy.installations.engine import practice_work, work_checks
from amana.academy.installations.engine.work_checks import CHECKS
from amana.academy.installations.work_checking import load_base, read_mechanism
from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.design.directory.models import Service
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.pack import files
from amana.exchange.imports import actions as imports
from amana.exchange.imports.models import ImportOutcome
from amana.trust.access.models import Role

ROOT = Path(__file__).parents[3]
MADE = Path(__file__).with_name("made.py")
MECHANISM = ROOT / "mechanisms" / "example"
COURSE = ROOT / "courses" / "referral-mechanism"
PAGE = " ".join(["word"] * 400)
BY_PEOPLE = {"brief"}
"""What `made.py` does not make: its figures take a minute (see the journey)."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program `made.py` found, with the file that it took out."""
    folder = SandboxFolder(tmp_path_factory.mktemp("var") / "practice" / "one")
    areas = MECHANISM / "areas.geojson"
    plan = {"language": "en", "zone": "Atlantic/Azores"}
    folder.create(None, MECHANISM, areas=areas, plan=plan)
    (folder.path.parents[1] / "beside.key").write_bytes(b"secret")
    made = folder.path / "made.zip"
    done = subprocess.run(
        [sys.executable, str(MADE), str(made)],
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "amana.settings",
            "AMANA_SANDBOX": str(folder.path),
            "AMANA_PRACTISING": "1",
            "AMANA_PREFIX": "/practice",
            "AMANA_BESIDE": str(folder.path.parents[1]),
            "TIME_ZONE": "Atlantic/Azores",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"made": made.read_bytes()}


@pytest.fixture(scope="module")
def taken(run: dict[str, Any]) -> dict[str, bytes]:
    return practice_work.read_bundle(run["made"])


def list_assignments() -> list[tuple[str, list[dict[str, Any]]]]:
    course = json.loads(courses.read_course(read_folder(COURSE)).compiled)
    return [
        (module["code"], module["assignment"]["checks"]) for module in course["modules"]
    ]


def test_a_learner_coordinates_keeps_the_directory_and_runs_cases(
    run: dict[str, Any],
) -> None:
    assert run["roles"] == ["analyst", "case_worker", "coordinator"]
    assert run["services"] >= 12
    accounts = set(run["accounts"])
    assert {f"learner-{n}@exercise.invalid" for n in range(1, 7)} <= accounts
    assert "harbour_house.supervisor@exercise.invalid" in accounts


def test_each_print_is_marked_and_no_one_comes_in_as_the_founder(
    run: dict[str, Any],
) -> None:
    assert run["marks"] == ["Practice installation. Everyone is invented."]
    assert run["founder"] is False


def test_what_lies_beside_it_is_not_even_read(run: dict[str, Any]) -> None:
    assert run["is_shut"] is True


def test_a_full_one_is_read_and_takes_nothing_more(run: dict[str, Any]) -> None:
    assert run["refused_when_full"].startswith("This practice installation is full")


@pytest.mark.parametrize(("module", "asked"), list_assignments())
def test_each_assignment_of_the_course_can_be_made_and_is_met(
    module: str, asked: list[dict[str, Any]], taken: dict[str, bytes]
) -> None:
    pack, faults = read_mechanism(taken, by=0)
    work = practice_work.build_work(taken, words=PAGE, pack=pack, faults=faults)
    results = work_checks.run_checks(asked, work, load_base(MECHANISM))
    assert len(results) > 1
    assert [r for r in results if not r.is_met and r.check not in BY_PEOPLE] == []


def test_the_course_asks_for_each_check() -> None:
    asked = {line["check"] for _module, checks in list_assignments() for line in checks}
    assert asked == CHECKS.keys()


@pytest.mark.django_db
def test_what_was_made_loads_in_another_installation(taken: dict[str, bytes]) -> None:
    """As by its pages: a draft from a ZIP, services from a file of HSDS."""
    coordinator = given.make_worker(role=Role.COORDINATOR)
    draft = mechanisms.load_draft(
        files.read_zip(taken["mechanism.zip"]), by=coordinator
    )
    assert draft.pack.pathway.steps["screen"].do["en"] == "Now screen"  # type: ignore[attr-defined]
    brought = imports.record_file(
        imports.read_hsds(taken["services.json"], origin="practice", by=coordinator),
        by=coordinator,
    )
    while imports.plan_next_rows(brought, by=coordinator):
        pass
    assert imports.count_outcomes(brought)[ImportOutcome.QUARANTINED] == 0
    imports.apply_import(brought, by=coordinator)
    assert Service.objects.filter(name__startswith="Ward").count() == 12


def test_no_sealed_word_and_no_name_is_taken_out(run: dict[str, Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(run["made"])) as packed:
        cases = packed.read("cases.json").decode()
    assert len(json.loads(cases)) == 2
    for word in ("Person ", "A bed", "All that she wished for"):
        assert word not in cases
