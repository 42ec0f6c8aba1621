"""What we took from others is what we agreed to take."""

from pathlib import Path

import pytest

from tools.vendor import ROOT, SOURCE_MAP, packages, sha256

VENDORED = (
    "amana/ui/static/ui/vendor",
    "amana/printing/fonts",
    "amana/academy/credentials/verifier_page/vendor",
    "tests/vendor",
)
FILES = [file for package in packages().values() for file in package["files"]]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file["to"]))
def test_a_file_is_the_one_that_was_agreed(file: dict[str, str]) -> None:
    assert sha256((ROOT / file["to"]).read_bytes()) == file["sha256"]


def test_nothing_lies_there_that_is_not_listed() -> None:
    there = {
        path
        for folder in VENDORED
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert there == {ROOT / file["to"] for file in FILES}


def test_every_package_says_its_version_its_licence_and_why() -> None:
    for package in packages().values():
        assert {"version", "licence", "why", "sha256"} <= package.keys()
        assert any(Path(file["to"]).name == "LICENSE" for file in package["files"])


@pytest.mark.parametrize(
    "end", [b"\n//# sourceMappingURL=a.js.map", b"/*# sourceMappingURL=a.css.map */\n"]
)
def test_the_line_about_a_source_map_is_left_out(end: bytes) -> None:
    assert SOURCE_MAP.sub(b"\n", b"a{}" + end) == b"a{}\n"
