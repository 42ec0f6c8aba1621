"""The import contracts hold, and each of them notices what it forbids."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from amana.installed import ROOMS

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", "--no-logo"],
        cwd=house,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(house), "COLUMNS": "200", "PATH": ""},
    )


def copied(to: Path) -> Path:
    """The product's modules and contracts, to be spoilt."""
    for path in (ROOT / "amana").rglob("*.py"):
        copy = to / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


def test_imports_point_only_where_they_may() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


PLANTED = {
    "one kind of practice knows another": (
        "academy.practice",
        "academy/practice/review/planted.py",
        "import amana.academy.practice.labs.models",
    ),
    "a mentor knows the circle": (
        "academy.community",
        "academy/community/mentoring/planted.py",
        "import amana.academy.community.alumni.models",
    ),
    "one format of courses knows another": (
        "exchange.learning",
        "exchange/learning/qti/planted.py",
        "import amana.exchange.learning.lti.models",
    ),
    "the engine of pathways knows Django": (
        "Engines and matching",
        "design/pathway/planted.py",
        "import django.db",
    ),
    "ground floor looks up": (
        "The house",
        "trust/access/planted.py",
        "import amana.care.cases.models",
    ),
    "the design system knows the work": (
        "The house",
        "ui/planted.py",
        "import amana.trust.access.models",
    ),
    "one side of a floor leans on the other": (
        "The house",
        "home/planted.py",
        "import amana.exchange.hsds",
    ),
    "a room that nobody placed": ("The house", "attic/__init__.py", ""),
    "access opens the vault": (
        "trust:",
        "trust/access/planted.py",
        "import amana.trust.vault.keys",
    ),
    "a room in trust that nobody placed": ("trust:", "trust/cellar/__init__.py", ""),
    "a room in design that nobody placed": ("design:", "design/loft/__init__.py", ""),
    "a room in care that nobody placed": ("care:", "care/ward/__init__.py", ""),
    "consent follows referrals": (
        "care:",
        "care/consent/planted.py",
        "import amana.care.referrals.models",
    ),
    "a case asks for consent": (
        "care:",
        "care/cases/planted.py",
        "import amana.care.consent.models",
    ),
    "a room in the academy that nobody placed": (
        "academy:",
        "academy/yard/__init__.py",
        "",
    ),
    "a certificate knows its course": (
        "academy:",
        "academy/credentials/planted.py",
        "import amana.academy.courses.models",
    ),
    "a course looks into a case": (
        "A course knows no case",
        "academy/courses/planted.py",
        "import amana.care.cases.models",
    ),
    "one format leans on another": (
        "exchange:",
        "exchange/hsds/planted.py",
        "import amana.exchange.htcds.writing",
    ),
    "a format that nobody placed": ("exchange:", "exchange/fax/__init__.py", ""),
    "an action shows a page": (
        "In a room",
        "care/planted/actions.py",
        "import amana.ui.http",
    ),
    "an action calls a view": (
        "In a room",
        "home/actions.py",
        "import amana.home.views",
    ),
    "a rule calls a view": (
        "In a room",
        "home/rules.py",
        "import amana.home.views",
    ),
    "a model calls a view": (
        "In a room",
        "home/models.py",
        "import amana.home.views",
    ),
    "matching asks the database": (
        "Engines and matching",
        "design/directory/matching.py",
        "import django.db",
    ),
    "an engine asks the database by a detour": (
        "Engines and matching",
        "design/planted/engine/steps.py",
        "import amana.trust.access.models",
    ),
    "invented people in production": (
        "Invented records",
        "home/planted.py",
        "import amana.given",
    ),
    "home-made cryptography": (
        "Only the vault",
        "care/cases/planted.py",
        "import cryptography.fernet",
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a house in which all of these are planted at once."""
    house = copied(tmp_path_factory.mktemp("house"))
    plant(house / "amana/home/views.py", "")
    for _contract, file, line in PLANTED.values():
        plant(house / "amana" / file, line)
    result = lint(house)
    assert result.returncode != 0, result.stdout
    return result.stdout


@pytest.mark.parametrize(
    ("contract", "file", "line"), PLANTED.values(), ids=PLANTED.keys()
)
def test_a_planted_violation_is_named(
    said: str, contract: str, file: str, line: str
) -> None:
    assert names_broken(said, contract), said
    why = reasons(said, contract)
    module = ".".join(Path("amana", file).with_suffix("").parts)
    named = rf"\b{re.escape(module.removesuffix('.__init__'))}\b"
    if imported := line.removeprefix("import "):
        # Of others' packages the first word alone is said.
        whole = imported if imported.startswith("amana.") else imported.split(".")[0]
        named += rf" -> {re.escape(whole)}\b"
    assert re.search(named, why), why


def plant(path: Path, line: str) -> None:
    for folder in [path.parent, *path.parent.parents]:
        if folder.name == "amana" or (folder / "__init__.py").exists():
            break
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    # First, so that what stands below can't keep it from being read.
    path.write_text(f"{line}\n" + (path.read_text() if path.exists() else ""))


def names_broken(output: str, contract: str) -> bool:
    return any(
        line.startswith(contract) and "BROKEN" in line for line in output.splitlines()
    )


def reasons(output: str, contract: str) -> str:
    """What stands under the heading of a broken contract, down to the next."""
    _summary, _, details = output.partition("Broken contracts")
    sections = re.split(r"\n(.+)\n-{3,}\n", details)
    return "".join(
        text
        for heading, text in zip(sections[1::2], sections[2::2], strict=True)
        if heading.startswith(contract)
    )


def test_each_wing_says_how_its_rooms_depend() -> None:
    """A new wing or a new room can't go unplaced."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())
    placed = {
        container
        for contract in contracts["tool"]["importlinter"]["contracts"]
        for container in contract.get("containers", [])
        if contract.get("exhaustive")
    }
    wings = {"trust", "design", "care", "insight", "academy", "exchange"}
    there = {f"amana.{wing}" for wing in wings if (ROOT / "amana" / wing).is_dir()}
    # Rooms in a room: a package in a wing that is no app and holds apps.
    there |= {room.rpartition(".")[0] for room in ROOMS if room.count(".") == 3}
    assert len(there) == len(wings) + 3
    assert there <= placed
