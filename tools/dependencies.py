"""What an installation is made of, from uv.lock, vendor.toml and licences.toml.

Uses the standard library alone, so that it also works where Amana is installed without
its tools for development. `uv export` could write much of it; its list of parts is
experimental, differs from run to run, and knows neither licences nor vendor.toml.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

PROJECT = "amana"
LOCK_VERSION = 1
"""uv reads a lock of the same version also when it was written by a newer uv."""


class Scope(StrEnum):
    """When a part is installed, in CycloneDX's words."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    EXCLUDED = "excluded"
    """In tests and development alone."""


@dataclass(frozen=True)
class File:
    where: str
    """An address, or a path in the source."""
    sha256: str


@dataclass(frozen=True)
class Dependency:
    name: str
    version: str
    purl: str
    scope: Scope
    licence: str
    """As SPDX writes it; empty: not known."""
    downloads: tuple[File, ...]
    needs: tuple[str, ...] = ()
    """The purls of what it needs itself."""
    files: tuple[File, ...] = ()
    """Those of it that lie in the source."""
    is_direct: bool = True
    """Whether we chose it; else something that we chose needs it."""


@dataclass(frozen=True)
class Sources:
    """The texts of the three files."""

    lock: str
    vendored: str
    licences: str


def read_dependencies(sources: Sources) -> list[Dependency]:
    """All parts that others made, by their purl."""
    python = read_python(tomllib.loads(sources.lock), tomllib.loads(sources.licences))
    vendored = read_vendored(tomllib.loads(sources.vendored))
    return sorted([*python, *vendored], key=lambda part: part.purl)


# --- Python packages


def read_python(
    lock: Mapping[str, Any], licences: Mapping[str, str]
) -> Iterator[Dependency]:
    packages = _by_name(lock)
    project = packages.pop(PROJECT)
    extras = project.get("optional-dependencies", {}).values()
    groups = project.get("dev-dependencies", {}).values()
    chosen = [project["dependencies"], *extras, *groups]
    direct = {need["name"] for needs in chosen for need in needs}
    required = find_needed(project["dependencies"], packages)
    optional = find_needed([need for extra in extras for need in extra], packages)
    for name, package in packages.items():
        yield Dependency(
            name=name,
            version=package["version"],
            purl=_purl_of(package),
            scope=_scope(name, required, optional),
            licence=licences.get(name, ""),
            downloads=tuple(_downloads(package)),
            needs=tuple(sorted({_purl_of(packages[n]) for n in _needs(package)})),
            is_direct=name in direct,
        )


def _by_name(lock: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    if lock["version"] != LOCK_VERSION:
        raise ValueError(f"uv.lock has version {lock['version']}, not {LOCK_VERSION}.")
    packages = {package["name"]: package for package in lock["package"]}
    if len(packages) != len(lock["package"]):
        raise ValueError("uv.lock has two versions of one package.")
    return packages


def find_needed(
    wanted: Iterable[Mapping[str, Any]], packages: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """Name what is wanted and all that it needs; extras only if they are asked for."""
    seen: set[tuple[str, str]] = set()
    todo = list(wanted)
    while todo:
        need = todo.pop()
        package = packages[need["name"]]
        for extra in ("", *need.get("extra", ())):
            if (need["name"], extra) not in seen:
                seen.add((need["name"], extra))
                todo += _needs_of_extra(package, extra)
    return {name for name, _extra in seen}


def _needs_of_extra(package: Mapping[str, Any], extra: str) -> list[Mapping[str, Any]]:
    if not extra:
        return list(package.get("dependencies", ()))
    return list(package["optional-dependencies"][extra])


def _needs(package: Mapping[str, Any]) -> set[str]:
    """With its extras: the lock names only those that someone asks for."""
    extras = package.get("optional-dependencies", {}).values()
    needs = [package.get("dependencies", ()), *extras]
    return {need["name"] for part in needs for need in part}


def _scope(name: str, required: set[str], optional: set[str]) -> Scope:
    if name in required:
        return Scope.REQUIRED
    return Scope.OPTIONAL if name in optional else Scope.EXCLUDED


def _purl_of(package: Mapping[str, Any]) -> str:
    return f"pkg:pypi/{quote(package['name'])}@{quote(package['version'])}"


def _downloads(package: Mapping[str, Any]) -> Iterator[File]:
    source = [package["sdist"]] if "sdist" in package else []
    for file in [*source, *package.get("wheels", ())]:
        yield File(file["url"], file["hash"].removeprefix("sha256:"))


# --- scripts, styles and fonts in the source

NPM = "https://registry.npmjs.org"


def read_vendored(packages: Mapping[str, Any]) -> Iterator[Dependency]:
    for name, package in packages.items():
        version = package["version"]
        archive = f"{NPM}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
        files = tuple(File(f["to"], f["sha256"]) for f in package["files"])
        tests = all(file.where.startswith("tests/") for file in files)
        yield Dependency(
            name=name,
            version=version,
            purl=f"pkg:npm/{quote(name)}@{quote(version)}",
            scope=Scope.EXCLUDED if tests else Scope.REQUIRED,
            licence=package["licence"],
            downloads=(File(archive, package["sha256"]),),
            files=files,
        )
