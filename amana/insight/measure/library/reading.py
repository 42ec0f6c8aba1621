"""The library of indicators, read from its file and checked by its schema."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from amana.insight.measure.engine.definitions import (
    Indicator,
    IndicatorPart,
    Measure,
    ObservationChoice,
    Target,
)
from amana.reviewed_files import read_reviewed

FILE = Path(__file__).with_name("indicators.yaml")
type Entry = Mapping[str, Any]
"""An indicator in the file, or a part of one."""


@cache
def load_library() -> Mapping[str, Indicator]:
    """Load all indicators, by code. Raises FaultyFile."""
    return {
        code: build_indicator(code, entry)
        for code, entry in read_reviewed(FILE)["indicators"].items()
    }


def build_indicator(code: str, one: Entry) -> Indicator:
    return Indicator(
        code=code,
        title=one["title"],
        counts=one["counts"],
        of=one.get("of", {}),
        group=one["group"],
        better=one["better"],
        source=one["source"],
        checked=one["checked"] == "yes",
        parts={
            name: build_part(name, {**get_inherited(one, number), **said})
            for number, (name, said) in enumerate(one["parts"].items())
        },
    )


def get_inherited(one: Mapping[str, object], number: int) -> dict[str, object]:
    """Get what a figure takes from its indicator."""
    # An indicator's own target is that of its first figure: the others measure
    # something else, often in another unit.
    keys = ("title", "better", "target") if number == 0 else ("better",)
    return {key: one[key] for key in keys if key in one}


def build_part(name: str, said: Entry) -> IndicatorPart:
    counted = tuple(said.get("counted", ()))
    return IndicatorPart(
        name=name,
        title=said["title"],
        measure=Measure(said["measure"]),
        chosen=build_chosen(said, (*counted, *said.get("others", ()))),
        counted=counted,
        over=said.get("over", ""),
        of=build_chosen(said["of"]) if "of" in said else None,
        per=said.get("per", 1.0),
        unit=said.get("unit", ""),
        by=tuple(said.get("by", ())),
        and_by=tuple(said.get("and_by", ())),
        better=said["better"],
        target=Target(**said["target"]) if "target" in said else None,
    )


def build_chosen(said: Entry, results: tuple[str, ...] = ()) -> ObservationChoice:
    return ObservationChoice(
        kind=said["kind"],
        results=results or tuple(said.get("results", ())),
        where={column: tuple(codes) for column, codes in said.get("where", {}).items()},
        adds_numbers=said.get("add") == "number",
    )
