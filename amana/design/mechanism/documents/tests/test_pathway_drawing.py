"""The referral map: nothing on anything else, every word in its box, mirrored for
those who read from the right."""

from itertools import combinations, pairwise
from random import Random
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from amana.design.mechanism.documents.document_catalogue import SHAPES
from amana.design.mechanism.documents.pathway_drawing import (
    INSIDE,
    WIDEST,
    draw_pathway,
    measure_width,
    wrap_words,
)
from amana.design.mechanism.documents.pathway_map import build_referral_map
from amana.design.mechanism.documents.source import PrintSource, build_file_edition
from amana.design.mechanism.documents.tests.printing import pack
from amana.design.mechanism.pack import reading
from amana.design.mechanism.tests.packs import PATHWAY, small
from amana.errors import Refused
from amana.printing.document import Paragraph, Picture, get_words
from amana.printing.layout import lay_out

MAPS = [("national", "en"), ("national", "ar"), ("district", "fr")]


def drawn(name, language):
    with override(language):
        return draw_pathway(PrintSource(pack(name), language, build_file_edition({})))


def touch(one, other):
    return (
        one.left < other.right
        and other.left < one.right
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@pytest.mark.parametrize(("name", "language"), MAPS)
def test_no_box_lies_on_another_and_every_word_is_in_its_box(name, language):
    for drawing in drawn(name, language):
        boxes = drawing.layout.boxes
        assert [
            (box.id, other.id)
            for box, other in combinations(boxes.values(), 2)
            if touch(box, other)
        ] == []
        for id, words in drawing.words.items():
            assert boxes[id].height >= sum(size for _line, size, _bold in words.lines)
            for line, size, bold in words.lines:
                assert measure_width(line, size, bold) <= boxes[id].width - 2 * INSIDE


@pytest.mark.parametrize(("name", "language"), MAPS)
def test_every_step_is_in_the_map_and_no_line_goes_through_a_box(name, language):
    found = drawn(name, language)
    pathway = pack(name).pathway
    there = {id for drawing in found for id in drawing.words}
    missing = pathway.steps.keys() - there
    assert {type(pathway.steps[id]).__name__ for id in missing} <= {"Choose"}
    for drawing in found:
        assert crossed(drawing.layout) == []


@pytest.mark.parametrize(("name", "language"), MAPS)
def test_no_drawing_is_so_wide_that_its_letters_are_tiny(name, language):
    """What is done at the same time is drawn by itself then, and named where it was."""
    found = drawn(name, language)
    assert max(drawing.width for drawing in found) <= WIDEST
    titles = {drawing.title.partition(": ")[2] for drawing in found[1:]}
    for words in found[0].words.values():
        if words.kind == "part" and "\n" in words.what:
            assert {line[2:] for line in words.what.split("\n")} <= titles


def test_no_line_begins_with_a_mark_that_belongs_to_the_word_before():
    """French puts a no-break space before a question mark."""
    words = "Y a-t-il des signes de traite\u00a0?"
    for room in range(60, 200, 4):
        assert not [
            line for line in wrap_words(words, 13, False, room) if line[0] == "?"
        ]


def crossed(layout):
    """Boxes that a line goes through on its way down beside them, layer by layer."""
    for line in layout.lines:
        assert all(upper.layer + 1 == other.layer for upper, other in pairwise(line))
    return [
        box.id
        for line in layout.lines
        for upper, _lower in pairwise(line)
        for box in layout.boxes.values()
        if box is not upper
        and box.layer == upper.layer
        and box.left < upper.x < box.right
    ]


@pytest.mark.parametrize("seed", range(20))
def test_any_pathway_is_laid_out_so(seed):
    rng = Random(seed)
    count = rng.randint(1, 40)
    sizes = {f"b{n}": (rng.uniform(40, 200), rng.uniform(20, 90)) for n in range(count)}
    links = sorted(
        {
            (f"b{first}", f"b{other}")
            for first in range(count)
            for other in range(first + 1, min(first + 9, count))
            if rng.random() < 0.25
        }
    )
    layout = lay_out(sizes, links)
    boxes = list(layout.boxes.values())
    assert not [1 for box, other in combinations(boxes, 2) if touch(box, other)]
    assert crossed(layout) == []
    assert all(layout.boxes[a].layer < layout.boxes[b].layer for a, b in links)
    assert all(box.left >= -0.01 and box.right <= layout.width + 0.01 for box in boxes)


def test_the_drawing_is_well_formed_and_mirrored_in_arabic():
    english, arabic = (drawn("national", language)[0] for language in ("en", "ar"))
    for drawing in (english, arabic):
        svg = ElementTree.fromstring(drawing.svg())
        assert svg.get("aria-label") == drawing.title
        assert len(svg.findall("{http://www.w3.org/2000/svg}text")) > 80
    for drawing, side in ((english, -1), (arabic, 1)):
        first = drawing.layout.boxes["meet"]
        assert (drawing.across(0) > drawing.across(1)) == (drawing is arabic)
        bar = next(m for m in drawing.marks() if m.get("width") == 6)
        assert (bar["x"] + 3 - drawing.across(first.x)) * side > 60


def test_a_tall_drawing_is_cut_between_its_layers():
    drawing = drawn("national", "en")[0]
    pieces = drawing.cuts(900)
    assert len(pieces) > 1
    assert pieces[0][0] == 0
    assert pieces[-1][1] == drawing.height
    assert all(piece[1] == other[0] for piece, other in pairwise(pieces))
    assert all(bottom - top <= 900 for top, bottom in pieces)


STEP = """\
  s{n}:
    do: {{en: Do it, fr: Faites, ar: افعل}}
    role: authority
    due: P5D
    late: [authority]
    next: {then}
"""
CHOICE = """\
  c{n}:
    choose:
      - {{if: 'agrees == "yes"', next: {then}}}
      - {{else: true, next: goodbye}}
"""


def pathway(steps, *, leaves):
    """That many steps in a row; from each of them a way to the end, if it `leaves`."""
    long = ""
    for n in range(steps):
        after = f"s{n + 1}" if n < steps - 1 else "goodbye"
        long += STEP.format(n=n, then=f"c{n}" if leaves else after)
        long += CHOICE.format(n=n, then=after) if leaves else ""
    before, decide, after = PATHWAY.partition("  decide:\n")
    after = after.replace("next: goodbye", "next: s0", 1)
    return before + long + decide + after


@pytest.mark.parametrize(("steps", "leaves"), [(100, True), (480, False)])
def test_a_pathway_that_nobody_can_follow_is_listed_and_not_drawn(steps, leaves):
    """Hundreds of ways past hundreds of layers took minutes, hundreds of steps in a row
    an error."""
    found, faults = reading.read_pack(small(pathway=pathway(steps, leaves=leaves)))
    assert found, faults[:1]
    with override("en"):
        document = build_referral_map(PrintSource(found, "en", build_file_edition({})))
    assert not any(isinstance(block, Picture) for block in document.blocks)
    first = document.blocks[0]
    assert isinstance(first, Paragraph)
    assert "too large to draw" in get_words(first.line)
    assert len(document.blocks) > steps
    with pytest.raises(Refused, match="too large to draw"):
        SHAPES["svg"].made(document, by=None)
