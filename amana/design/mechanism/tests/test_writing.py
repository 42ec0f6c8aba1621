"""One piece is written; everything else stays as its author wrote it."""

import pytest
from hypothesis import given as when
from hypothesis import strategies as st

from amana.design.mechanism import outline, steps, writing
from amana.design.mechanism.pack import reading
from amana.design.mechanism.tests.packs import MECHANISM, PATHWAY, small
from amana.yaml_files import yamls

FILES = small()


def lines(content: bytes) -> list[str]:
    return content.decode().splitlines()


def said(content: bytes):
    return yamls.read_yaml("some.yaml", content).plain


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Lines that went, and lines that came."""
    old, new = lines(before), lines(after)
    return [x for x in old if x not in new], [x for x in new if x not in old]


class TestOnePiece:
    def test_only_its_own_line_is_another(self):
        new = writing.write_value(
            FILES, "pathway.yaml", ("steps", "decide", "due"), "P10B"
        )
        went, came = changed_lines(FILES["pathway.yaml"], new["pathway.yaml"])
        assert (went, came) == (["    due: P5D"], ["    due: P10B"])

    def test_a_comment_beside_it_stays(self):
        place = ("steps", "meet", "due", "U0")
        new = writing.write_value(FILES, "pathway.yaml", place, "PT2H")["pathway.yaml"]
        line = "    due: {U0: PT2H, U1: PT24H, U2: P3B, U3: P5B}   # never later"
        assert line in lines(new)

    def test_a_comment_below_stays_with_what_comes_next(self):
        place = ("steps", "meet", "form")
        new = writing.write_value(FILES, "pathway.yaml", place, "safety")[
            "pathway.yaml"
        ]
        text = new.decode()
        assert text.index("form: safety") < text.index("# What the person wants")
        assert text.index("# What the person wants") < text.index("  agreed:")

    def test_what_is_taken_away_leaves_the_comment_below_it(self):
        new = writing.write_value(FILES, "pathway.yaml", ("steps", "decide"), None)
        text = new["pathway.yaml"].decode()
        assert "decide:" not in text
        assert "# The end." in text
        assert text.index("# The end.") < text.index("  goodbye:")

    def test_days_stay_days(self):
        place = ("calendar", "holidays")
        days = ["2026-12-25", "2027-01-01", {"country": "KE"}]
        new = writing.write_value(FILES, "mechanism.yaml", place, days)[
            "mechanism.yaml"
        ]
        assert said(new)["calendar"]["holidays"] == days
        assert "    - 2026-12-25  # not a day for clocks" in lines(new)

    def test_a_place_in_a_file_that_is_not_there_is_made(self):
        new = writing.write_value(
            {}, "glossary.yaml", ("victim", "term"), {"en": "Victim"}
        )
        assert said(new["glossary.yaml"]) == {"victim": {"term": {"en": "Victim"}}}

    def test_saying_the_same_changes_nothing(self):
        for path in ("mechanism.yaml", "pathway.yaml", "law.yaml"):
            same = writing.write_value(FILES, path, (), said(FILES[path]))
            assert same == {path: FILES[path]}


def places(found, place=()):
    yield place
    if isinstance(found, dict):
        for key, value in found.items():
            yield from places(value, (*place, key))
    elif isinstance(found, list):
        for number, value in enumerate(found):
            yield from places(value, (*place, number))


PLACES = [
    (path, place)
    for path, text in (("mechanism.yaml", MECHANISM), ("pathway.yaml", PATHWAY))
    for place in places(said(text.encode()))
    if place
]
CODES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
WORDS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp"),
        exclude_characters="\u202d\u202e\ufeff",
        include_characters="\n",
    ),
    max_size=40,
)
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(10**9), 10**9),
        CODES,
        WORDS,
        st.dates().map(lambda day: day.isoformat()),
        st.sampled_from(
            ["yes", "no", "null", "~", "true", "1", "1.5", "PT24H", "#", ""]
        ),
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(CODES, inner, max_size=4)
    ),
    max_leaves=8,
)


def put(plain, place, value):
    """What the file should say, worked out on plain data."""
    if not place:
        return value
    key, rest = place[0], place[1:]
    if isinstance(plain, list):
        return [put(v, rest, value) if n == key else v for n, v in enumerate(plain)]
    return {k: put(v, rest, value) if k == key else v for k, v in plain.items()}


def without(plain, place):
    key, rest = place[0], place[1:]
    if isinstance(plain, list):
        kept = [(n, v) for n, v in enumerate(plain) if rest or n != key]
        return [without(v, rest) if n == key else v for n, v in kept]
    kept = [(k, v) for k, v in plain.items() if rest or k != key]
    return {k: without(v, rest) if k == key else v for k, v in kept}


@when(st.sampled_from(PLACES), VALUES)
def test_what_is_written_is_read_and_nothing_else_has_changed(where, value):
    path, place = where
    new = writing.write_value(FILES, path, place, value)
    assert set(new) == {path}
    assert said(new[path]) == put(said(FILES[path]), place, value)


@when(st.sampled_from(PLACES))
def test_what_is_taken_away_is_gone_and_nothing_else(where):
    path, place = where
    new = writing.write_value(FILES, path, place, None)
    assert said(new[path]) == without(said(FILES[path]), place)


@when(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), max_size=4))
def test_comments_outlive_many_changes(changes):
    """Whatever is changed under the first step, what the author wrote above the next
    and at the top is still there."""
    files = dict(FILES)
    for (path, place), value in changes:
        if place[:2] != ("steps", "meet") or len(place) < 3:
            continue
        if writing.read_piece(files, path, place[:-1]) is None:
            continue
        try:
            files |= writing.write_value(files, path, place, value)
        except (writing.PieceNotFound, TypeError, IndexError):
            continue
    text = files["pathway.yaml"].decode()
    assert text.startswith("# The way through.")
    assert text.index("# What the person wants") < text.index("  agreed:")


class TestSteps:
    def test_a_step_is_put_between_two(self):
        new = steps.add_step(
            FILES,
            "rest",
            {"do": {"en": "Let the person rest"}, "role": "responder", "due": "P3D"},
            after=("steps", "meet", "next"),
        )
        plain = said(new["pathway.yaml"])["steps"]
        assert plain["meet"]["next"] == "rest"
        assert plain["rest"]["next"] == "agreed"
        assert list(plain)[:3] == ["meet", "rest", "agreed"]
        assert reading.read_pack(FILES | new)[1] == []

    def test_a_step_after_the_last_takes_over_its_end(self):
        new = steps.add_step(
            FILES,
            "call",
            {"do": {"en": "Call once more"}, "role": "responder"},
            after=("steps", "goodbye", "next"),
        )
        plain = said(new["pathway.yaml"])["steps"]
        assert plain["call"]["end"] == "closed"
        assert "end" not in plain["goodbye"]
        assert reading.read_pack(FILES | new)[1] == []

    def test_a_step_comes_on_one_way_of_several(self):
        new = steps.add_step(
            FILES,
            "card",
            {"do": {"en": "Give a card"}, "role": "responder"},
            after=("steps", "agreed", "choose", 1, "next"),
        )
        plain = said(new["pathway.yaml"])["steps"]
        assert [way["next"] for way in plain["agreed"]["choose"]] == ["decide", "card"]
        assert plain["card"]["next"] == "goodbye"

    def test_a_step_that_goes_is_mentioned_nowhere(self):
        new = steps.remove_step(FILES, ("steps", "decide"), leads_to="goodbye")
        files = FILES | new
        assert b"next: decide" not in files["pathway.yaml"]
        assert "decide" not in said(files["pathway.yaml"])["steps"]
        assert said(files["law.yaml"])["palermo"]["honoured_by"] == ["meet"]
        assert reading.read_pack(files)[1] == []

    def test_another_code_is_used_everywhere(self):
        new = steps.rename_step_in_files(FILES, ("steps", "meet"), "first_meeting")
        files = FILES | new
        assert said(files["pathway.yaml"])["start"] == "first_meeting"
        assert said(files["pathway.yaml"])["interrupts"]["withdrawal"]["keeps"] == [
            "first_meeting"
        ]
        assert b"{{ step.first_meeting.title }}" in files["sop/en/06-first-meeting.md"]
        assert reading.read_pack(files)[1] == []

    @pytest.mark.parametrize("step", ["meet", "agreed", "decide", "goodbye"])
    def test_there_and_back_again_is_the_same_file(self, step):
        there = FILES | steps.rename_step_in_files(FILES, ("steps", step), "elsewhere")
        back = there | steps.rename_step_in_files(there, ("steps", "elsewhere"), step)
        assert back == FILES

    def test_ways_out_are_those_that_are_written(self):
        plain = {"pathway.yaml": said(FILES["pathway.yaml"])}
        seen = outline.build_outline(plain)
        agreed = seen.steps["agreed"]
        assert [to for _place, to in steps.iterate_ways_out(agreed, agreed.place)] == [
            "decide",
            "goodbye",
        ]
