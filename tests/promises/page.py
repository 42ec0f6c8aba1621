"""The page of promises in the manual, and the list that a command prints."""

from collections.abc import Iterator
from pathlib import Path

from tests.mutants.faults import FAULTS

from . import GROUPS, PROMISES, Promise

PAGE = Path(__file__).resolve().parents[2] / "docs/security/promises.md"


def page() -> str:
    return "\n".join([*head(), *groups(), *still_open()]) + "\n"


def head() -> list[str]:
    kept = sum(bool(promise.faults) for promise in PROMISES)
    return [
        "# What we promise",
        "",
        f"{len(PROMISES)} promises. One is kept when an automated test shows it, and "
        "that test has caught a fault that was planted on purpose: its name stands "
        "beside the test, and `./run mutants NAME` plants it again. For "
        f"{kept} there is such a test; what is open stands at the end.",
        "",
        "Who can still do what, in spite of it: [threat model](threat-model.md).",
        "",
        "`./run promises` prints this list; `./run promises --write` writes this page.",
        "",
    ]


def groups() -> Iterator[str]:
    for name, promises in GROUPS.items():
        yield from [f"## {name}", ""]
        yield from ["| | We promise | Tests | Planted faults |", "|---|---|---|---|"]
        for promise in promises:
            cells = (promise.id, promise.says, *map(codes, shown(promise)))
            yield f"| {' | '.join(cells)} |"
        yield ""


def still_open() -> Iterator[str]:
    yield from ["## What is open", ""]
    yield "Each with the subject of the work that brings it."
    yield ""
    for promise in PROMISES:
        if promise.later:
            part = "in part" if promise.faults else "not kept yet"
            yield f"* {promise.id}, {part}. {promise.later}"


def shown(promise: Promise) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return promise.tests, promise.faults


def codes(names: tuple[str, ...]) -> str:
    return "<br>".join(f"`{name}`" for name in names) or "open"


def lines() -> Iterator[str]:
    for promise in PROMISES:
        yield f"{promise.id}  {promise.says}"
        yield from (f"     test   {test}" for test in promise.tests)
        for name in promise.faults:
            yield f"     fault  {name}: {FAULTS[name].says}"
        if promise.later:
            yield f"     open   {promise.later}"
