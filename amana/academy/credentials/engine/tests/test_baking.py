"""What is baked into a picture comes out of it, whoever baked it and however badly."""

from html import escape
from time import thread_time

import pytest

from amana.academy.credentials.engine import baking
from amana.academy.credentials.engine.faults import UnreadableCertificate

OPENED = "<openbadges:credential>"


@pytest.mark.parametrize("text", ['{"a":"é"}', "a]]>b", "]]>", "a <b> & c", "x.y.z"])
def test_it_comes_out_of_a_drawing_as_it_went_in(text):
    assert baking.extract_from_svg(baking.embed_in_svg("<svg><g/></svg>", text)) == text


@pytest.mark.parametrize("opened", [OPENED, OPENED[:-1] + ' verify="x">'])
@pytest.mark.parametrize("inside", ["{}", "<![CDATA[{}]]>", " \n<![CDATA[{}]]> "])
def test_others_write_the_element_in_their_ways(opened, inside):
    text = '{"a": "<&>"}'
    written = inside.format(text if "CDATA" in inside else escape(text))

    assert (
        baking.extract_from_svg(f"<svg>{opened}{written}</openbadges:credential>")
        == text
    )


@pytest.mark.parametrize(
    "picture", ["<svg/>", "<openbadges:credential", OPENED, f"{OPENED}{{}}</svg>"]
)
def test_a_drawing_without_one_is_not_readable(picture):
    with pytest.raises(UnreadableCertificate):
        baking.extract_from_svg(picture)


@pytest.mark.parametrize("more", ["", "<![CDATA["])
def test_a_drawing_that_begins_again_and_again_takes_no_long_time(more):
    """Ten times as much takes about ten times as long, not a hundred times."""

    def cost(times: int) -> float:
        picture, start = (OPENED + more) * times, thread_time()
        with pytest.raises(UnreadableCertificate):
            baking.extract_from_svg(picture)
        return thread_time() - start

    assert cost(4_000) < 25 * max(cost(400), 0.001)


@pytest.mark.parametrize("rest", [b"", b"\0\0", b"\0\0fr", b"\0\0fr\0word"])
def test_a_torn_text_in_a_picture_is_not_readable(rest):
    torn = baking.build_chunk(b"iTXt", baking.KEYWORD + b"\0" + rest)

    with pytest.raises(UnreadableCertificate):
        baking.extract_from_png(baking.PNG + torn)
