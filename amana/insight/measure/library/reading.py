"""The library of indicators, read from its file and checked by its schema."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from amana.design.mechanism.pack import shapes, yamls
from amana.insight.measure.engine.definitions import (
    Chosen,
    Indicator,
    Measure,
    Part,
    Target,
)

FOLDER = Path(__file__).parent
FILE, SCHEMA = "indicators.yaml", "indicators.schema"


class Faulty(Exception):
    """The file does not say what an indicator has to say: a sentence for each fault."""


@cache
def library() -> Mapping[str, Indicator]:
    """Load all indicators, by code."""
    return read((FOLDER / FILE).read_bytes())


def read(content: bytes) -> Mapping[str, Indicator]:
    try:
        source = yamls.read(FILE, content)
    except yamls.Misread as error:
        raise Faulty(str(error.fault)) from error
    if found := shapes.faults(source, SCHEMA, FOLDER):
        raise Faulty("\n".join(map(str, found)))
    return {
        code: indicator(code, entry)
        for code, entry in source.plain["indicators"].items()
    }


def indicator(code: str, one: Mapping[str, Any]) -> Indicator:
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
            name: part(name, {**inherited(one, number), **said})
            for number, (name, said) in enumerate(one["parts"].items())
        },
    )


def inherited(one: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Get what a figure takes from its indicator."""
    # An indicator's own target is that of its first figure: the others measure
    # something else, often in another unit.
    keys = ("title", "better", "target") if number == 0 else ("better",)
    return {key: one[key] for key in keys if key in one}


def part(name: str, said: Mapping[str, Any]) -> Part:
    counted = tuple(said.get("counted", ()))
    return Part(
        name=name,
        title=said["title"],
        measure=Measure(said["measure"]),
        chosen=chosen(said, (*counted, *said.get("others", ()))),
        counted=counted,
        over=said.get("over", ""),
        of=chosen(said["of"]) if "of" in said else None,
        per=said.get("per", 1.0),
        unit=said.get("unit", ""),
        by=tuple(said.get("by", ())),
        and_by=tuple(said.get("and_by", ())),
        better=said["better"],
        target=Target(**said["target"]) if "target" in said else None,
    )


def chosen(said: Mapping[str, Any], results: tuple[str, ...] = ()) -> Chosen:
    return Chosen(
        kind=said["kind"],
        results=results or tuple(said.get("results", ())),
        where={column: tuple(codes) for column, codes in said.get("where", {}).items()},
        adds_numbers=said.get("add") == "number",
    )
