"""Whether a decision table has the shape of one."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.design.mechanism.engine.pathway_schema.pathway_validator import (
    PathwayContext,
    PathwayValidator,
    shorten_text,
)
from amana.design.mechanism.engine.pathway_schema.schema_faults import (
    FILE_MISSING,
    NOT_A_MAPPING,
    TITLES,
)
from amana.faults import Fault, Where, gettext_noop

NO_ROWS = gettext_noop("The table has no rows.")


NO_INPUTS = gettext_noop("The table must name what it uses (inputs).")


NOT_AN_INPUT = gettext_noop("“%(name)s” is not among the inputs of the table.")


ROW_NEEDS = gettext_noop("A row needs a condition (when, or else: true) and a “then”.")


TABLE_NO_ELSE = gettext_noop("The last row must cover everything else (else: true).")


ROW_AFTER_ELSE = gettext_noop("After the row with else: true, no other ever applies.")


def iterate_table_faults(plain: object, file: str) -> Iterator[Fault]:
    shapes = PathwayValidator({}, PathwayContext(), file)
    check_table(shapes, plain)
    yield from shapes.faults


def check_table(shapes: PathwayValidator, plain: object) -> None:
    if not isinstance(plain, Mapping):
        shapes.breaks((), NOT_A_MAPPING)
        return
    shapes.keys((), plain, {"inputs", "gives", "rows"} | TITLES)
    inputs = plain.get("inputs")
    if not isinstance(inputs, list | tuple) or not inputs:
        shapes.breaks(("inputs",), NO_INPUTS)
        inputs = None
    if "gives" not in plain:
        shapes.breaks((), FILE_MISSING, name="gives")
    else:
        shapes.id(("gives",), plain["gives"])
    rows = plain.get("rows")
    if not isinstance(rows, list | tuple) or not rows:
        shapes.breaks(("rows",), NO_ROWS)
        return
    otherwise = False
    for n, row in enumerate(rows):
        where: Where = ("rows", n)
        if otherwise:
            shapes.say(where, ROW_AFTER_ELSE)
            return
        if not isinstance(row, Mapping) or "then" not in row:
            shapes.breaks(where, ROW_NEEDS)
            continue
        shapes.keys(where, row, {"when", "else", "then", "because"})
        shapes.code((*where, "then"), row["then"])
        otherwise = row.get("else") is True
        if otherwise == ("when" in row):
            shapes.breaks(where, ROW_NEEDS)
        elif not otherwise:
            check_row(shapes, (*where, "when"), row["when"], inputs)
    if not otherwise:
        shapes.say(("rows",), TABLE_NO_ELSE)


def check_row(shapes: PathwayValidator, where: Where, when: Any, inputs: Any) -> None:
    if not isinstance(when, Mapping) or not when:
        shapes.breaks(where, NOT_A_MAPPING)
        return
    for name, codes in when.items():
        at: Where = (*where, name)
        if inputs is not None and name not in inputs:
            shapes.say(at, NOT_AN_INPUT, name=shorten_text(name))
        for code in codes if isinstance(codes, list | tuple) else [codes]:
            shapes.code(at, code)
