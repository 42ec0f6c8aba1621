"""The pages for who works on the house are short, true, and in our words."""

import ast
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.architecture.code import PRODUCT, ROOT, functions, modules_of_tests, tree
from tools import draw_house
from tools.draw_house import BEGIN, END, PAGE, PICTURE, Drawn, Layer, read_contracts
from tools.measuring.settings import read_settings
from tools.measuring.texts import AvoidedWords, list_markdown

SETTINGS = ROOT / "tools/measures.toml"
SHORT = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "TESTING.md")
PAGES = [
    *(ROOT / name for name in SHORT if name != "SECURITY.md"),
    *sorted((ROOT / "docs/how-to").glob("*.md")),
]
A_PAGE = 750
"""Words. A newcomer reads all four before the first change."""


@pytest.mark.parametrize("name", SHORT)
def test_what_is_read_first_is_one_page(name: str) -> None:
    drawn = rf"{BEGIN}.*{END}"
    written = re.sub(drawn, "", (ROOT / name).read_text(), flags=re.DOTALL)
    words = [word for word in written.split() if re.search(r"\w", word)]
    assert len(words) <= A_PAGE


@pytest.mark.parametrize("guide", PAGES, ids=lambda guide: guide.stem)
def test_the_guide_avoids_what_the_glossary_avoids(guide: Path) -> None:
    settings = read_settings(SETTINGS)
    avoided = AvoidedWords(settings["avoided"], settings["irregular"])
    places = list_markdown(ROOT, guide)
    found = [(place, avoided.find_in(place.text)) for place in places]
    assert [f"{place}: {words}" for place, words in found if words] == []


def recipes() -> set[str]:
    """What `./run` knows: the recipes, and what it does itself for an operator."""
    just = str(Path(sys.executable).with_name("just"))
    words = [just, "--dump", "--dump-format", "json"]
    dumped = subprocess.run(words, cwd=ROOT, capture_output=True, check=True)
    script = (ROOT / "run").read_text()
    own = re.findall(r"^([a-z| -]+)\)", script, re.MULTILINE)
    listed: dict[str, object] = json.loads(dumped.stdout)["recipes"]
    return {*listed, *(name for names in own for name in names.split(" | "))}


@pytest.mark.parametrize("guide", PAGES, ids=lambda guide: guide.stem)
def test_what_the_guide_runs_can_be_run(guide: Path) -> None:
    asked = set(re.findall(r"\./run ([a-z][\w-]*)", guide.read_text()))
    assert asked - recipes() == set()


PATH = re.compile(
    r"`((?:amana|benchmarks|courses|docs|mechanisms|tests|tools)/[^`\s]*)"
)
MADE = re.compile(r"^```\w+ (\S+)$", re.MULTILINE)
"""What a how-to makes itself."""


@pytest.mark.parametrize("guide", PAGES, ids=lambda guide: guide.stem)
def test_each_path_in_the_guide_leads_somewhere(guide: Path) -> None:
    text = guide.read_text()
    paths = set(PATH.findall(text)) - set(MADE.findall(text))
    assert [path for path in paths if not any(ROOT.glob(path.rstrip("/")))] == []


def test_each_folder_of_tests_is_in_the_guide() -> None:
    page = (ROOT / "TESTING.md").read_text()
    folders = {path.parent for path in (ROOT / "tests").glob("*/test_*.py")}
    assert folders
    assert [f.name for f in folders if f"`tests/{f.name}/`" not in page] == []


def test_the_guide_lists_the_journeys_of_a_smoke_test() -> None:
    marked = [
        path.stem
        for path in modules_of_tests()
        if path.parent == ROOT / "tests/journeys"
        for function in functions(tree(path))
        if any("mark.smoke" in ast.unparse(mark) for mark in function.decorator_list)
    ]
    page = (ROOT / "TESTING.md").read_text()
    listed = re.findall(r"^\| .+ \| .+ \| `(test_\w+)` \|$", page, re.MULTILINE)
    assert sorted(listed) == sorted(marked)
    assert len(marked) == 8


# --- the picture


def test_the_picture_is_drawn_from_the_contracts() -> None:
    house = read_contracts(ROOT)
    assert PICTURE.read_text() == draw_house.draw(house), "./run docs"
    page = PAGE.read_text()
    assert draw_house.fill_page(page, house) == page, "./run docs"


def test_every_wing_and_room_is_in_the_picture_and_in_the_table() -> None:
    packages = {path.parent for path in PRODUCT.glob("*/__init__.py")}
    wings = {PRODUCT / wing for wing in read_contracts(ROOT).wings}
    packages |= {path.parent for wing in wings for path in wing.glob("*/__init__.py")}
    texts = {text.text for text in texts_of(PICTURE.read_text())}
    table = set(re.findall(r"\w+", PAGE.read_text()))
    assert wings < packages
    assert {package.name for package in packages} - texts == set()
    assert {package.name for package in packages} - table == set()


def texts_of(svg: str) -> list[ElementTree.Element]:
    space = "{http://www.w3.org/2000/svg}"
    return ElementTree.fromstring(svg).findall(f"{space}text")


def test_every_name_is_inside_the_picture() -> None:
    [_x, _y, width, height] = map(float, view_box(PICTURE.read_text()))
    for text in texts_of(PICTURE.read_text()):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        assert 0 < x < width
        assert 0 < y < height


def view_box(svg: str) -> list[str]:
    return ElementTree.fromstring(svg).attrib["viewBox"].split()


SMALL = Drawn(
    [Layer(["home"], True), Layer(["care", "academy"], True), Layer(["a", "b"], False)],
    {"care": [Layer(["cases"], True)], "academy": [Layer(["courses", "gates"], True)]},
    ["A course knows no case"],
)


def test_another_order_of_rooms_is_another_picture_and_table() -> None:
    other = replace(SMALL, wings={**SMALL.wings, "care": [Layer(["wards"], True)]})
    assert draw_house.draw(SMALL) != draw_house.draw(other)
    assert list(draw_house.list_floors(SMALL)) == [
        "| floor, the uppermost first | its rooms, the uppermost first |",
        "|---|---|",
        "| home | – |",
        "| **care**, academy | cases |",
        "| care, **academy** | courses, gates |",
        "| a + b | – |",
        "",
        "What import-linter holds as well:",
        "",
        "- A course knows no case.",
    ]


def test_too_many_rooms_for_a_row_go_on_in_the_next() -> None:
    rooms = [f"a_long_name_{number}" for number in range(20)]
    boxes = draw_house.place_layer(Layer(rooms, True), 0, 0, 400)
    assert [box.text for box in boxes] == rooms
    assert len({box.y for box in boxes}) > 1
    assert max(box.x + box.width for box in boxes) <= 400.001


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        draw_house.fill_page(PAGE.read_text().replace(END, ""), SMALL)
