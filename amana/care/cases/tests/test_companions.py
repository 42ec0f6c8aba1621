"""A family is one request: who comes along, with ages, sexes and relations."""

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given as over
from hypothesis import strategies as st

from amana import given
from amana.care.cases.companions import (
    ALONE,
    OLDEST,
    Companion,
    CompanionRows,
    CompanionSex,
    CompanionsField,
    Relation,
    count_adults,
    count_children,
    format_companions,
    read_companions,
)
from amana.care.cases.forms import RecordForm
from amana.care.cases.person import load_person
from amana.trust.vault.compartments import Compartment

GIRL = {"age": "4", "sex": "female", "relation": "child"}
BOY = {"age": "7", "sex": "male", "relation": ""}
GRANDMOTHER = {"age": "61", "sex": "female", "relation": "parent"}

rows = st.lists(
    st.fixed_dictionaries(
        {
            "age": st.just("") | st.integers(0, OLDEST).map(str),
            "sex": st.sampled_from(["", *CompanionSex]).map(str),
            "relation": st.sampled_from(["", *Relation]).map(str),
        }
    ).filter(lambda row: any(row.values())),
    max_size=12,
)


def typed(companions: list[dict[str, str]], **more: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for row in companions:
        for name, value in row.items():
            data.appendlist(f"companions_{name}", value)
    data.update(more)
    return data


def read_back(data: QueryDict) -> object:
    form = RecordForm(data, compartment=Compartment.NEEDS, record={})
    assert form.is_valid(), form.errors
    return form.record["companions"]


@over(rows)
def test_what_is_typed_row_by_row_is_what_is_kept(
    companions: list[dict[str, str]],
) -> None:
    assert read_back(typed(companions)) == companions


@over(rows)
def test_everyone_who_comes_along_is_counted_once(
    companions: list[dict[str, str]],
) -> None:
    found = read_companions(companions)
    if not companions:
        assert found is None
        return
    assert (count_children(found) or 0) + count_adults(found) == len(companions)


def test_nobody_comes_along_is_an_answer_and_nothing_typed_is_none() -> None:
    assert read_back(typed([], companions_alone="1")) == ALONE
    assert read_back(typed([])) == []
    assert (read_companions(ALONE), read_companions([]), read_companions(None)) == (
        (),
        None,
        None,
    )
    assert (format_companions(ALONE), format_companions([])) == ("Comes alone", "")


def test_a_family_is_told_by_age_and_sex() -> None:
    assert format_companions([GIRL, BOY]) == "Girl 4, Boy 7"
    assert format_companions([GRANDMOTHER]) == "Woman 61 (Parent)"
    assert format_companions([{"relation": "child"}]) == "Child"
    assert (
        format_companions([{"sex": "male", "relation": "partner"}]) == "Man (Partner)"
    )
    with translation.override("ar"):
        assert "4" in format_companions([GIRL])


@pytest.mark.parametrize("age", ["-1", "4.5", "four", str(OLDEST + 1)])
def test_an_age_that_is_none_is_refused(age: str) -> None:
    form = RecordForm(
        typed([GIRL | {"age": age}]), compartment=Compartment.NEEDS, record={}
    )
    assert not form.is_valid()
    assert "companions" in form.errors


def test_only_codes_of_the_lists_are_taken() -> None:
    form = RecordForm(
        typed([GIRL | {"sex": "dragon"}]), compartment=Compartment.NEEDS, record={}
    )
    assert not form.is_valid()


def test_every_row_that_is_written_is_shown_again() -> None:
    widget = CompanionRows()
    shown = widget.render("companions", [GIRL, BOY, GRANDMOTHER], {"id": "who"})
    for age in ("4", "7", "61"):
        assert f'value="{age}"' in shown
    assert "checked" in widget.render("companions", ALONE, {"id": "who"})
    assert CompanionsField(required=False).clean([GIRL]) == [GIRL]


def test_matching_counts_children_and_grown_companions(db: None) -> None:
    worker = given.make_worker()
    case = given.make_case(
        worked_on_by=worker, needs_companions=[GIRL, BOY, GRANDMOTHER]
    )
    known = load_person(case, by=worker, purpose="matching")
    assert known.children == 2
    asked = known.for_need(["SH1"], at=case.opened_at)
    assert (asked.children, asked.adults, asked.places) == (2, 1, 4)


def test_without_an_age_their_child_is_a_child_and_a_partner_is_not() -> None:
    assert Companion(relation="child").is_child
    assert Companion().is_child
    assert not Companion(relation="partner").is_child
