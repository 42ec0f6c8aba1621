"""A form that makes long texts of short answers makes no gigabyte."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amana.design.forms import plan
from amana.design.forms.engine import filling, values
from amana.design.forms.engine.filling import fill_form
from amana.design.forms.engine.form_model import Form
from amana.design.forms.tests import writing
from amana.design.forms.tests.writing import q
from tests.peers.node import Scripts

SCRIPTS = Path(__file__).parents[1] / "static/forms"
NOW = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
CLOCK = {"today": "2026-11-29", "now": values.format_moment(NOW)}


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    with Scripts(SCRIPTS) as running:
        yield running


def ten(name: str) -> str:
    return f"concat({', '.join(['${' + name + '}'] * 10)})"


def chain(links: int) -> Form:
    """Each calculation ten times as long as the one before."""
    rows = [q("text", "said")]
    for n in range(links):
        before = f"c{n - 1}" if n else "said"
        rows.append(q("calculate", f"c{n}", calculation=ten(before)))
    return writing.form(*rows)


def told(form: Form, answers: dict[str, str], scripts: Scripts) -> dict[str, str]:
    """The problems, by key, after both sides have said the same."""
    filled = fill_form(form, answers, now=NOW)
    (there,) = scripts.ask(
        "fill", plan=plan.build_plan(form, ""), fills=[answers], clock=CLOCK
    )
    found: dict[str, str] = {key: p.code for key, p in filled.errors.items()}
    assert {key: code for key, (code, _says) in there["wrong"].items()} == found
    assert there["values"] == dict(filled.values)
    assert filled.values["said"] == answers["said"], "no answer is lost"
    return found


def test_a_chain_ends_in_words_and_keeps_each_answer(scripts: Scripts) -> None:
    form = chain(9)
    assert told(form, {"said": "ten signs!"}, scripts) == {"c3": "grown"}
    filled = fill_form(form, {"said": "ten signs!"}, now=NOW)
    assert len(filled.values["c2"]) == 10_000
    assert filled.values["c3"] == ""
    assert sum(map(len, filled.values.values())) < values.LONGEST


def test_what_a_worker_writes_at_length_may_be_put_together(scripts: Scripts) -> None:
    form = writing.form(
        q("text", "said"),
        q("calculate", "both", calculation="concat(${said}, ' / ', ${said})"),
    )
    assert told(form, {"said": "🙂" * 10_000}, scripts) == {}


def test_many_that_are_not_long_may_not_be_long_together(scripts: Scripts) -> None:
    copies = [
        q("calculate", f"c{n}", calculation="concat(${said}, ${said})")
        for n in range(60)
    ]
    form = writing.form(q("text", "said"), *copies)
    found = told(form, {"said": "a" * 10_000}, scripts)
    assert found == {f"c{n}": "grown" for n in range(50, 60)}
    kept = fill_form(form, {"said": "a" * 10_000}, now=NOW).values
    assert sum(len(kept[f"c{n}"]) for n in range(60)) == filling.LONGEST_TOGETHER


@pytest.mark.parametrize("column", ["relevant", "constraint", "required", "default"])
def test_conditions_say_so_too(scripts: Scripts, column: str) -> None:
    long = f"string-length({ten('said')}) > 3" if column != "default" else ten("said")
    more: dict[str, Any] = {column: long}
    form = writing.form(q("text", "said"), q("text", "then", **more))
    answers = {"said": "a" * 9_000, **({"then": "b"} if column == "constraint" else {})}
    assert told(form, answers, scripts) == {"then": "grown"}


def test_a_group_says_so_too(scripts: Scripts) -> None:
    form = writing.form(
        q("text", "said"),
        q("begin_group", "g", relevant=f"{ten('said')} != ''"),
        q("text", "then"),
        q("end_group", ""),
    )
    assert told(form, {"said": "a" * 9_000}, scripts) == {"g": "grown"}


def test_one_letter_after_another_is_exchanged_in_one_pass(scripts: Scripts) -> None:
    form = writing.form(
        q("text", "said"),
        q("calculate", "c", calculation="translate(${said}, 'aba', 'xyz')"),
    )
    assert told(form, {"said": "abc🙂"}, scripts) == {}
    assert fill_form(form, {"said": "abc🙂"}, now=NOW).values["c"] == "xyc🙂"
