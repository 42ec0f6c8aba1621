"""What is taken as captions, and what is said of a file that isn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.sessions.engine import captions
from amana.academy.sessions.engine.captions import CaptionCue, FaultyCaptions

GOOD = """WEBVTT - a title

NOTE written by hand

1
00:00:01.000 --> 00:00:02.500 align:start
<v Tariq>Welcome.
Please sit.

01:00.000 --> 01:02.000
السلام عليكم
"""


def test_a_file_is_read_with_its_times_and_words():
    assert captions.read(("\ufeff" + GOOD).replace("\n", "\r\n").encode()) == [
        CaptionCue(1.0, 2.5, "Welcome.\nPlease sit."),
        CaptionCue(60.0, 62.0, "السلام عليكم"),
    ]


@pytest.mark.parametrize(
    ("file", "what", "line"),
    [
        (b"", "header", 1),
        (b"WEBVTTX\n", "header", 1),
        (b"\xff\xfe", "encoding", 0),
        (b"WEBVTT\n", "empty", 0),
        (b"WEBVTT\n\n00:01 --> 00:02\nx", "times", 3),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx", "times", 3),
        (b"WEBVTT\n\nname\nno times", "times", 4),
        (
            b"WEBVTT\n\n00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\ny",
            "order",
            6,
        ),
        (b"WEBVTT" + b" " * captions.LARGEST, "size", 0),
    ],
)
def test_what_is_wrong_is_told_with_its_line(file, what, line):
    with pytest.raises(FaultyCaptions) as caught:
        captions.read(file)
    assert (caught.value.what, caught.value.line) == (what, line)


WRONG = {"size", "encoding", "header", "times", "order", "empty"}


@given(st.binary(max_size=200), st.text(max_size=200))
def test_any_file_is_read_or_refused(blob, text):
    for file in (blob, b"WEBVTT\n\n" + text.encode(errors="replace")):
        assert what_came_of(file) in WRONG | {"read"}


def what_came_of(file):
    try:
        return "read" if captions.read(file) else "nothing"
    except FaultyCaptions as faulty:
        return faulty.what
