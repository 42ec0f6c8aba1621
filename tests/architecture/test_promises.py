"""Each promise is kept by a test that names it and that has caught a planted fault, or
says what is open."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.architecture.code import ROOT, functions, tree
from tests.mutants.faults import FAULTS
from tests.promises import PROMISES, Promise
from tests.promises.page import PAGE, page

IDS = [f"P{number:02}" for number in range(1, 48)]


def test_each_of_47_promises_is_there_once() -> None:
    assert [promise.id for promise in PROMISES] == IDS


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_a_promise_has_tests_that_name_it_and_faults_that_they_caught(
    promise: Promise,
) -> None:
    assert list(wrong(promise)) == []


def wrong(promise: Promise) -> Iterator[str]:
    """What keeps this promise from being believed."""
    for test in promise.tests:
        yield from wrong_with(test, promise)
    for name in promise.faults:
        if name not in FAULTS:
            yield f"{name} is no planted fault"
        elif not any(kills(test, FAULTS[name].killer) for test in promise.tests):
            yield f"{name} is caught by none of its tests: {FAULTS[name].killer}"
    if not (promise.tests and promise.faults) and not promise.later:
        yield "it does not say what is open"


def wrong_with(test: str, promise: Promise) -> Iterator[str]:
    file, _separator, name = test.partition("::")
    if not (ROOT / file).is_file():
        yield f"{file} is not there"
        return
    named = [found for found in functions(tree(ROOT / file)) if found.name == name]
    if name and not named:
        yield f"{file} has no {name}"
    said = [ast.get_docstring(node) or "" for node in (tree(ROOT / file), *named)]
    if not re.search(rf"\b{promise.id}\b", " ".join(said)):
        yield f"{test} does not name {promise.id}"


def kills(test: str, killer: str) -> bool:
    """Whether the killer is this test, is in its file, or is the folder of it."""
    killed_in = killer.partition("::")[0]
    if "::" in test and "::" in killer:
        return test == killer
    file = Path(test.partition("::")[0])
    return file == Path(killed_in) or Path(killed_in) in file.parents


def test_what_is_open_names_the_work_that_brings_it() -> None:
    subject = re.compile(r"[A-Z][a-z]+( [a-z]+)+: ")
    assert [p.id for p in PROMISES if p.later and not subject.match(p.later)] == []


def test_the_page_says_what_the_command_writes() -> None:
    assert PAGE.read_text() == page(), "./run promises --write"


KEPT = next(promise for promise in PROMISES if promise.faults and not promise.later)
PLANTED = {
    "is not there": replace(KEPT, tests=("tests/no_such_file.py",), faults=()),
    "has no test_nowhere": replace(KEPT, tests=(f"{KEPT.tests[0]}::test_nowhere",)),
    "does not name P99": replace(KEPT, id="P99"),
    "is no planted fault": replace(KEPT, faults=("no_such_fault",)),
    "is caught by none": replace(KEPT, faults=("swapped_signs_go_unnoticed",)),
    "does not say what is open": replace(KEPT, tests=(), faults=()),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_check_notices_what_it_forbids(what: str) -> None:
    assert any(what in problem for problem in wrong(PLANTED[what]))


def test_a_test_of_the_same_file_is_not_the_killer() -> None:
    assert kills("a/b.py::test_x", "a/b.py::test_x")
    assert kills("a/b.py", "a/b.py::test_y")
    assert kills("a/b.py", "a")
    assert not kills("a/b.py::test_x", "a/b.py::test_y")
    assert not kills("a/bc.py", "a/b")
