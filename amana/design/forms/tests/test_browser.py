"""The browser's script and Python give the same answers (the script runs in Node)."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amana.design.forms import plan
from amana.design.forms.engine import values
from amana.design.forms.engine.expressions import Tree, evaluate
from amana.design.forms.engine.filling import fill_form
from amana.design.forms.engine.form_model import Form
from amana.design.forms.engine.functions import FUNCTIONS
from amana.design.forms.engine.values import Value
from amana.design.forms.tests import writing
from amana.design.forms.tests.filling_at_random import random_answers
from amana.design.forms.tests.long_form import long_form
from amana.design.forms.tests.writing import q
from tests.peers.node import Scripts

SCRIPTS = Path(__file__).parents[1] / "static/forms"
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
CLOCK = {"today": "2026-11-25", "now": values.format_moment(NOW)}
NAMES: dict[str, Value] = {
    "none": "",
    "age": "17",
    "owed": "12.50",
    "day": "2026-02-28",
    "moment": "2026-02-28T23:15:30.250+02:00",
    "signs": "debt papers",
    "word": "نص 🙂 text",
    "ages": ["4", "", "19"],
    "nobody": [],
}


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    with Scripts(SCRIPTS) as running:
        yield running


class Scope:
    """The same names as the script is given."""

    dot = "debt"

    def look(self, name: str) -> Value:
        return NAMES[name]

    def all_of(self, name: str) -> list[str]:
        value = NAMES[name]
        return value if isinstance(value, list) else [values.convert_to_text(value)]

    def position(self) -> int:
        return 3

    def column(self, name: str) -> str:
        return "p01"

    def label(self, name: str, value: str) -> str:
        return f"{name}: {value}"

    def today(self) -> str:
        return CLOCK["today"]

    def now(self) -> str:
        return CLOCK["now"]

    def note_too_long(self) -> None:
        raise AssertionError("nothing here is long")


texts = st.sampled_from(
    [
        *("", "yes", "debt", "17", "-3.5", " 8 ", "1e5", ".5", "a  b", "نص", "🙂x"),
        *("2026-01-31", "2026-02-30", "10:30", "0000-01-01", "%Y/%n %b", "%"),
        *("true", "Infinity"),
    ]
) | st.text(max_size=8)
numbers = st.sampled_from(
    [0.0, 0.5, 1.0, 2.0, 3.0, 0.1, 1e21, 1.5e-7, 123456789.125, 1e300]
) | st.floats(min_value=0, allow_nan=False, allow_infinity=False)
leaves: st.SearchStrategy[Tree] = (
    numbers
    | texts.map(lambda text: ["'", text])
    | st.sampled_from(sorted(NAMES)).map(lambda name: ["$", name])
    | st.sampled_from([["."], ["#"], ["c", "province"]])
)
PATTERNS = [["'", p] for p in (r"\d+", r"[a-z]+( [a-z]+)?", ".*", "(yes|no)")]
PLAIN = sorted(set(FUNCTIONS) - {"uuid", "regex", "position", "indexed-repeat"})
SIGNS = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or"]


def larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.tuples(st.sampled_from(SIGNS), inner, inner).map(list),
        inner.map(lambda tree: ["neg", tree]),
        st.sampled_from(PLAIN).flatmap(lambda name: calls(name, inner)),
        st.tuples(inner, st.sampled_from(PATTERNS)).map(
            lambda both: ["f", "regex", *both]
        ),
        inner.map(lambda at: ["f", "indexed-repeat", ["$", "ages"], ["$", "age"], at]),
    )


def calls(name: str, inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    if name == "jr:choice-name":
        return inner.map(lambda tree: ["f", name, tree, ["$", "signs"]])
    function = FUNCTIONS[name]
    most = min(function.most, 3)
    arguments = st.lists(inner, min_size=function.least, max_size=most)
    return arguments.map(lambda given: ["f", name, *given])


trees = st.recursive(leaves, larger, max_leaves=12)


def told(value: Value) -> list[Any]:
    if isinstance(value, list):
        return ["list", value]
    if isinstance(value, float):
        return ["number", values.format_number(value)]
    return ["boolean" if isinstance(value, bool) else "string", value]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(some=st.lists(trees, min_size=30, max_size=60))
def test_every_expression_has_one_answer(scripts: Scripts, some: list[Tree]) -> None:
    sent = [plan.shorten_tree(tree) for tree in some]
    theirs = scripts.ask(
        "evaluate", trees=sent, names=NAMES, dot=Scope.dot, column="p01", clock=CLOCK
    )
    for tree, said in zip(some, theirs, strict=True):
        assert said == told(evaluate(tree, Scope())), tree


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"uuid"}))
def test_the_script_knows(scripts: Scripts, name: str) -> None:
    """Each function at least once, whatever chance brings."""
    arguments: list[Tree] = [["$", "signs"], ["'", "debt"], 1.0]
    if name in ("jr:choice-name", "indexed-repeat"):
        arguments = [["$", "ages"], ["$", "age"], 2.0]
    given = arguments[: FUNCTIONS[name].least]
    tree: Tree = ["#"] if name == "position" else ["f", name, *given]
    sent = [plan.shorten_tree(tree)]
    said = scripts.ask(
        "evaluate", trees=sent, names=NAMES, dot="", column="", clock=CLOCK
    )
    scope = Scope()
    scope.dot = ""
    assert said == [told(evaluate(tree, scope))]


def agree(scripts: Scripts, form: Form, language: str, fills: list[Any]) -> None:
    made = plan.build_plan(form, language)
    theirs = scripts.ask("fill", plan=made, fills=fills, clock=CLOCK)
    for answers, said in zip(fills, theirs, strict=True):
        filled = fill_form(form, answers, now=NOW, language=language)
        assert said["values"] == dict(filled.values), answers
        assert said["off"] == sorted(filled.off), answers
        assert said["counts"] == dict(filled.counts), answers
        wrong = {key: problem.code for key, problem in filled.errors.items()}
        assert {key: code for key, (code, _) in said["wrong"].items()} == wrong, answers
        assert said["options"] == {
            key: [choice.name for choice in offered]
            for key, offered in filled.options.items()
        }


def without_chance(form: Form, answers: dict[str, str]) -> dict[str, str]:
    """With the id that is drawn by lot already drawn."""
    return answers | {"own_id": "drawn"} if "own_id" in form.questions else answers


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_hundred_fills_of_a_long_form_settle_alike(
    scripts: Scripts, language: str
) -> None:
    form, chance = long_form(), Random(language)
    fills = [without_chance(form, random_answers(form, chance)) for _ in range(200)]
    agree(scripts, form, language, fills)


def test_repeats_in_repeats_settle_alike(scripts: Scripts) -> None:
    form = writing.form(
        q("integer", "homes"),
        q("begin_repeat", "home", repeat_count="${homes}"),
        q("integer", "rooms", constraint=". < 20", required="${homes} > 1"),
        q("begin_repeat", "room"),
        q("integer", "beds", default="position(..) + 1"),
        q("text", "who", relevant="${beds} > 1 and ${rooms} > 1"),
        q("calculate", "here", calculation="concat(${rooms}, '/', position(..))"),
        q("end_repeat", ""),
        q("calculate", "home_beds", calculation="sum(${beds})"),
        q("end_repeat", ""),
        q("calculate", "all_beds", calculation="sum(${beds}) + count(${room})"),
        q("calculate", "second", calculation="indexed-repeat(${rooms}, ${home}, 2)"),
    )
    fills: list[dict[str, str]] = [
        {},
        {"homes": "2", "room.0": "2", "room.1": "1", "rooms.0": "3", "rooms.1": "25"},
        {"homes": "1", "room.0": "2", "beds.0.1": "7", "rooms.0": "3", "who.0.1": "x"},
        {"homes": "99", "room.3": "1"},
    ]
    agree(scripts, form, "", fills)
    filled = fill_form(form, fills[1], now=NOW)
    assert filled.values["all_beds"] == "10"
    assert filled.values["home_beds.0"] == "5"
    assert filled.values["second"] == "25"
    assert filled.values["here.0.1"] == "3/2"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.dictionaries(
        st.sampled_from(["whole", "part", "day", "time", "at", "where", "hours"]),
        texts | st.sampled_from(["٣٥", "3,5", "−4", "1 000", "36.8 10.1", "24", "11"]),
        min_size=1,
    )
)
def test_what_is_typed_is_read_and_judged_alike(
    scripts: Scripts, answers: dict[str, str]
) -> None:
    form = writing.form(
        q("integer", "whole"),
        q("decimal", "part"),
        q("date", "day"),
        q("time", "time"),
        q("dateTime", "at"),
        q("geopoint", "where"),
        q("range", "hours", parameters="start=0 end=24 step=1"),
    )
    agree(scripts, form, "", [{k: v for k, v in answers.items() if v.isprintable()}])


def test_what_is_said_of_an_answer_is_the_authors_own_sentence(
    scripts: Scripts,
) -> None:
    made = plan.build_plan(long_form(), "fr")
    said = scripts.ask("fill", plan=made, fills=[{"age": "300"}], clock=CLOCK)
    assert said[0]["wrong"]["age"] == ["constraint", "Entre 0 et 110."]


def test_a_number_is_never_written_with_an_exponent() -> None:
    assert values.format_number(1e21) == "1" + "0" * 21
    assert values.format_number(-1.5e-7) == "-0.00000015"
    assert values.format_number(-0.0) == "0"
    assert values.format_number(math.inf) == "Infinity"
