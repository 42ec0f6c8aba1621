import random
from collections.abc import Sequence
from typing import Any

import pytest
import yaml

from amana.insight.measure.engine.counting import PreparedCounts, count_all_figures
from amana.insight.measure.engine.definitions import D0, Measure
from amana.insight.measure.engine.figures import iterate_figures
from amana.insight.measure.library import reading
from amana.insight.measure.tests.by_hand import told
from amana.insight.measure.tests.worlds import Row, in_columns, invented

WORLDS, ROWS = 200, 80
INHABITANTS = 40_000
SAID: dict[str, Any] = yaml.load(reading.FILE.read_text(), Loader=yaml.BaseLoader)[
    "indicators"
]
PARTS = [
    (code, part)
    for code, indicator in reading.load_library().items()
    for part in indicator.parts.values()
]
"""All figures of all indicators."""


def as_said(code: str, name: str) -> Any:
    """As the file says it, its numbers as numbers."""
    said = dict(SAID[code]["parts"][name])
    return said | {"per": float(said.get("per", 1))}


def agree(code: str, part: Any, rows: Sequence[Row], found: dict[Any, Any]) -> None:
    expected = told(as_said(code, part.name), rows, INHABITANTS)
    if part.measure is Measure.DISTRIBUTION:
        assert {s: f.numerator for s, f in found.items() if f.numerator} == expected[
            "shares"
        ]
        assert {(f.denominator, f.unknown) for f in found.values()} == {
            (expected["known"], expected["unknown"])
        }
        return
    figure = found[""]
    assert figure.value == pytest.approx(expected["value"])
    assert (figure.numerator, figure.denominator, figure.unknown) == (
        expected["above"],
        expected["below"],
        expected["unknown"],
    )
    if figure.value is not None and figure.low is not None:
        assert figure.low <= figure.value + 1e-9
    if figure.value is not None and figure.high is not None:
        assert figure.value <= figure.high + 1e-9


def in_cell(found: Any, code: str) -> dict[Any, Any]:
    """The figures in the cell of a dimension's code, by state."""
    return {
        (key[1] if len(key) > 1 else ""): figure
        for key, figure in found
        if key[0] == code
    }


@pytest.mark.parametrize("batch", range(4))
def test_every_indicator_is_what_counting_by_hand_says(batch: int) -> None:
    chance = random.Random(batch)
    per_batch = WORLDS // 4
    for _world in range(per_batch):
        few = chance.sample(KINDS_USED, 8)
        rows = invented(chance, ROWS, few)
        columns = in_columns(rows)
        dims = chance.sample((*D0, "month", "agency"), 1)
        tallies = count_all_figures([part for _code, part in PARTS], columns, dims)
        for number, (code, part) in enumerate(PARTS):
            whole = iterate_figures(code, tallies[number, ""], INHABITANTS)
            agree(
                code, part, rows, {(k[0] if k else ""): figure for k, figure in whole}
            )
            if part.chosen.kind not in few:
                continue
            for dim in (*dims, *part.by):
                tally = tallies[number, dim]
                found = list(iterate_figures(code, tally, INHABITANTS))
                for name in tally.codes[0]:
                    here = [row for row in rows if row.get(dim) == name]
                    agree(code, part, here, in_cell(found, name))


KINDS_USED = sorted({part.chosen.kind for _code, part in PARTS})


def test_of_five_people_one_unknown_a_share_is_of_four() -> None:
    """The published rule (CTDC codebook, 6): 50, 50 and 25 %, not 40, 40 and 20 %."""
    said = {
        "housing": ("yes", "yes", "no", "no", ""),
        "safety": ("no", "yes", "yes", "partly", ""),
        "support": ("no", "no", "no", "yes", ""),
    }
    rows = [
        Row("outcome", result=result, topic=topic)
        for topic, results in said.items()
        for result in results
    ]
    part = reading.load_library()["I44"].part()
    found = dict(
        iterate_figures("I44", PreparedCounts(part, in_columns(rows)).by("topic"))
    )
    shares = {topic: found[topic,] for topic in said}
    assert [share.value for share in shares.values()] == [0.5, 0.5, 0.25]
    assert {(share.denominator, share.unknown) for share in shares.values()} == {(4, 1)}


def test_of_whom_the_age_is_unknown_nobody_says_a_child() -> None:
    rows = [
        Row("guardian", "in_time", dims={"age_band": "12-17"}),
        Row("guardian", "late", dims={"age_band": ""}),
        Row("guardian", "late", dims={"age_band": "25-59"}),
    ]
    part = reading.load_library()["I35"].part("guardian")
    found = dict(iterate_figures("I35", PreparedCounts(part, in_columns(rows)).by()))[
        ()
    ]
    assert (found.numerator, found.denominator, found.unknown) == (1, 1, 1)


def test_a_filter_keeps_those_alone_who_are_known_to_fit() -> None:
    rows = [Row("screening", "presumed", dims={"sex": sex}) for sex in ("female", "")]
    kept = in_columns(rows).where({"sex": ["female", ""]})
    assert len(kept) == 1


def test_two_dimensions_at_once() -> None:
    rows = invented(random.Random(7), 400, ["answer"])
    part = reading.load_library()["I19"].part()
    found = dict(
        iterate_figures("I19", PreparedCounts(part, in_columns(rows)).by("sex", "area"))
    )
    for (sex, area), figure in found.items():
        here = [r for r in rows if r.get("sex") == sex and r.get("area") == area]
        agree("I19", part, here, {"": figure})
