"""The list of parts names each of them, with its licence, and CycloneDX accepts it."""

import json
import tomllib
from collections import Counter
from importlib import metadata
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.architecture.code import ROOT
from tools import sbom
from tools.dependencies import Dependency, Scope, Sources, read_dependencies
from tools.sbom import Product, write_sbom

NAMES = ("uv.lock", "vendor.toml", "licences.toml")
SOURCES = Sources(*((ROOT / name).read_text() for name in NAMES))
PARTS = read_dependencies(SOURCES)
PYTHON = {part.name: part for part in PARTS if part.purl.startswith("pkg:pypi/")}
VENDORED = {part.name: part for part in PARTS if part.purl.startswith("pkg:npm/")}


@pytest.fixture(scope="module")
def text() -> str:
    return write_sbom(Product("0.1", "Apache-2.0", "c0ffee", 1795953600), PARTS)


@pytest.fixture(scope="module")
def parts(text: str) -> dict[str, Any]:
    return {part["purl"]: part for part in json.loads(text)["components"]}


# --- what there is


def test_what_is_installed_here_is_in_it_in_its_version() -> None:
    """A witness that read no lock: what the package installer put here."""
    here = {
        dist.metadata["Name"].lower().replace("_", "-").replace(".", "-"): dist.version
        for dist in metadata.distributions()
    }
    locked = {name: part.version for name, part in PYTHON.items()}
    assert len(here.keys() & locked.keys()) > 100
    assert {n: v for n, v in here.items() if n in locked and locked[n] != v} == {}


def test_what_we_chose_is_direct_and_what_that_needs_is_not() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    chosen = {line.split(">")[0].split("[")[0] for line in project["dependencies"]}
    direct = {p.name for p in PYTHON.values() if p.is_direct}
    assert chosen <= direct
    assert PYTHON["asgiref"].scope == Scope.REQUIRED
    assert not PYTHON["asgiref"].is_direct
    assert PYTHON["asgiref"].purl in PYTHON["django"].needs


def test_when_a_part_is_installed_is_said_of_each() -> None:
    scopes = {name: part.scope for name, part in (PYTHON | VENDORED).items()}
    assert scopes["psycopg-binary"] == Scope.REQUIRED  # by an extra of what we chose
    assert scopes["opendp"] == scopes["duckdb"] == Scope.OPTIONAL
    assert scopes["time-machine"] == scopes["pycountry"] == Scope.EXCLUDED
    assert scopes["pytest"] == scopes["axe-core"] == Scope.EXCLUDED
    assert scopes["htmx.org"] == Scope.REQUIRED
    # An extra that only a test asks for brings nothing into an installation.
    assert scopes["jsonschema"] == Scope.REQUIRED
    assert scopes["rfc3987-syntax"] == Scope.EXCLUDED


def test_each_part_can_be_downloaded_and_compared() -> None:
    for part in PARTS:
        assert part.downloads, part.purl
        for file in (*part.downloads, *part.files):
            assert len(bytes.fromhex(file.sha256)) == 32
        assert all(file.where.startswith("https://") for file in part.downloads)
    assert all(part.files for part in VENDORED.values())


@pytest.mark.parametrize(
    ("before", "after"),
    [("version = 1\n", "version = 2\n"), ('name = "arrow"', 'name = "attrs"')],
)
def test_a_lock_that_cannot_be_read_for_sure_is_refused(
    before: str, after: str
) -> None:
    lock = SOURCES.lock.replace(before, after, 1)
    assert lock != SOURCES.lock
    with pytest.raises(ValueError, match=r"uv\.lock"):
        read_dependencies(Sources(lock, SOURCES.vendored, SOURCES.licences))


# --- licences


def installed() -> dict[str, Dependency]:
    return {n: part for n, part in PYTHON.items() if part.scope != Scope.EXCLUDED}


def test_each_part_that_is_installed_has_its_licence_and_nothing_else_has() -> None:
    """Read what a package says, then add it to licences.toml."""
    assert tomllib.loads(SOURCES.licences).keys() == installed().keys()


def test_what_a_package_says_of_its_licence_is_what_we_say() -> None:
    said = {}
    for name in installed():
        try:
            licence = metadata.metadata(name).get("License-Expression")
        except metadata.PackageNotFoundError:
            continue  # of another system
        if licence:
            said[name] = licence
    assert len(said) > 20
    ours = {name: PYTHON[name].licence for name in said}
    assert ours == said


def test_no_part_that_is_installed_asks_us_to_change_our_own_licence() -> None:
    """LGPL asks nothing of who imports a library; GPL and AGPL do."""
    copyleft = [
        part.purl
        for part in (*installed().values(), *VENDORED.values())
        for word in part.licence.replace("(", " ").split()
        if word.startswith(("GPL-", "AGPL-", "SSPL-"))
    ]
    assert copyleft == []


# --- the list


def test_cyclonedx_accepts_the_list(text: str) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert json.loads(text)["specVersion"] == "1.6"
    assert validator.validate_str(text) is None
    broken = text.replace('"type": "library"', '"type": "cupboard"', 1)
    assert validator.validate_str(broken) is not None


def test_a_list_that_cyclonedx_refuses_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken(JsonV1Dot6):
        def output_as_string(self, **options: Any) -> str:
            whole: str = super().output_as_string(**options)
            return whole.replace("library", "shelf")

    monkeypatch.setattr(sbom, "JsonV1Dot6", Broken)
    with pytest.raises(ValueError, match=r"no CycloneDX 1\.6"):
        write_sbom(Product("0.1", "Apache-2.0", "c0ffee", 0), PARTS)


def test_the_list_says_of_each_part_what_we_know(parts: dict[str, Any]) -> None:
    assert parts.keys() == {part.purl for part in PARTS}
    font = parts["pkg:npm/%40expo-google-fonts/noto-sans@0.4.2"]
    assert font["licenses"] == [{"license": {"id": "OFL-1.1"}}]
    files = {file["name"]: file["hashes"] for file in font["components"]}
    vendored = tomllib.loads(SOURCES.vendored)["@expo-google-fonts/noto-sans"]
    assert files == {
        file["to"]: [{"alg": "SHA-256", "content": file["sha256"]}]
        for file in vendored["files"]
    }
    django = parts[PYTHON["django"].purl]
    assert {
        d["url"]: d["hashes"][0]["content"] for d in django["externalReferences"]
    } == {file.where: file.sha256 for file in PYTHON["django"].downloads}
    scopes = Counter(part["scope"] for part in parts.values())
    assert scopes == Counter(str(part.scope) for part in PARTS)


def test_the_list_tells_direct_parts_from_those_that_they_need(text: str) -> None:
    listed = json.loads(text)
    needs = {d["ref"]: set(d.get("dependsOn", ())) for d in listed["dependencies"]}
    root = listed["metadata"]["component"]["bom-ref"]
    assert needs[root] == {part.purl for part in PARTS if part.is_direct}
    reached, new = set[str](), {root}
    while new:
        reached |= new
        new = set[str]().union(*(needs[ref] for ref in new)) - reached
    assert reached == {part.purl for part in PARTS} | {root}
    assert listed["metadata"]["properties"] == [
        {"name": "amana:commit", "value": "c0ffee"}
    ]
