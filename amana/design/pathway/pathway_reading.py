"""A pathway from the plain contents of its files."""

from collections.abc import Mapping
from typing import Any

from amana.design.pathway.conditions.condition_parser import read_condition
from amana.design.pathway.decisions import DecisionTable, DecisionTableRow
from amana.design.pathway.pathway_model import (
    EMPTY,
    MAIN,
    Branch,
    Choose,
    Clock,
    Codes,
    Decide,
    Do,
    Interrupt,
    Part,
    Pathway,
    Step,
    Tell,
    Together,
    Wait,
    WaitExit,
    read_text,
)
from amana.design.pathway.plain import Plain
from amana.working_time import Calendar, parse_span


def read_pathway(
    plain: Plain,
    *,
    decisions: Plain = EMPTY,
    calendar: Calendar | None = None,
    roles: frozenset[str] = frozenset(),
) -> Pathway:
    """Read the pathway of a file that was checked first: this trusts what it reads."""
    parts = plain.get("parts") or {}
    starts = {name: part["start"] for name, part in parts.items()}
    steps = {
        id: read_step(id, step, name, starts)
        for name, part in ((MAIN, plain), *parts.items())
        for id, step in part["steps"].items()
    }
    used = {step.role for step in steps.values() if isinstance(step, Do)}
    return Pathway(
        start=plain["start"],
        steps=steps,
        starts_with=read_codes(plain.get("starts_with")),
        decisions={name: read_table(table) for name, table in decisions.items()},
        interrupts={
            id: Interrupt(id, i["on"], i["next"], frozenset(i.get("keeps") or ()))
            for id, i in (plain.get("interrupts") or {}).items()
        },
        parts=starts,
        calendar=calendar or Calendar(),
        roles=roles or frozenset(used),
    )


def read_step(id: str, plain: Plain, part: str, starts: Mapping[str, str]) -> Step:
    following = {"next": plain.get("next"), "end": plain.get("end")}
    common: dict[str, Any] = {"id": id, "part": part, **following}
    match plain:
        case {"do": words}:
            return Do(
                **common,
                do=read_text(words),
                role=plain["role"],
                how=read_text(plain.get("how")),
                form=plain.get("form") or "",
                screening=plain.get("screening") or "",
                gives=read_codes(plain.get("gives")),
                due=read_clock(plain.get("due")),
                remind=read_clock(plain.get("remind")),
                late=read_words(plain.get("late")),
            )
        case {"choose": branches}:
            return Choose(**common, choose=tuple(map(read_branch, branches)))
        case {"together": together}:
            each = plain.get("each") or ""
            return Together(**common, together=tuple(together), each=each)
        case {"decide": table}:
            return Decide(**common, decide=table, gives=plain["gives"])
        case {"tell": whom}:
            return Tell(**common, tell=whom, message=plain["message"])
        case {"wait": ways}:
            return Wait(**common, wait=tuple(map(read_way, ways)))
        case {"part": of}:
            return Part(**common, of=of, start=starts[of])
        case _:
            raise ValueError(id)


def read_codes(plain: Plain | None) -> Mapping[str, Codes]:
    return {name: read_words(codes) for name, codes in (plain or {}).items()}


def read_words(plain: object) -> tuple[str, ...]:
    """Read one word, or a list of them."""
    if plain is None:
        return ()
    return (plain,) if isinstance(plain, str) else tuple(plain)  # type: ignore[arg-type]


def read_clock(plain: object) -> Clock | None:
    if plain is None:
        return None
    if isinstance(plain, Mapping):
        return Clock({urgency: parse_span(span) for urgency, span in plain.items()})
    return Clock({"": parse_span(plain)})


def read_branch(plain: Plain) -> Branch:
    when = None if "else" in plain else read_condition(plain["if"])
    return Branch(when, plain.get("next"))


def read_way(plain: Plain) -> WaitExit:
    return WaitExit(
        message=plain.get("message") or "",
        sender=plain.get("from") or "",
        after=read_clock(plain.get("after")),
        next=plain.get("next"),
    )


def read_table(plain: Plain) -> DecisionTable:
    rows = tuple(
        DecisionTableRow(
            when=tuple(
                (name, frozenset(read_words(codes)))
                for name, codes in (row.get("when") or {}).items()
            ),
            then=row["then"],
            because=read_text(row.get("because")),
            otherwise="else" in row,
        )
        for row in plain["rows"]
    )
    return DecisionTable(tuple(plain["inputs"]), plain["gives"], rows)
