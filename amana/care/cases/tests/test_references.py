"""References: said by telephone, typed on any keypad, and never misread unnoticed."""

import re
from itertools import combinations

from hypothesis import given as over
from hypothesis import strategies as st

from amana.care.cases.references import (
    BODY,
    compute_check_sign,
    generate_reference,
    is_valid_reference,
    may_be_misread,
)
from amana.trust.access.codes import ALPHABET

bodies = st.text(ALPHABET, min_size=BODY, max_size=BODY)


def whole(body: str) -> str:
    return body + compute_check_sign(body)


def test_a_reference_has_only_letters_and_digits() -> None:
    for _each in range(2000):
        assert re.fullmatch(
            "[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}", generate_reference()
        )


@over(bodies)
def test_every_single_wrong_sign_is_noticed(body: str) -> None:
    right = whole(body)
    for place, sign in enumerate(right):
        for other in ALPHABET.replace(sign, ""):
            assert not is_valid_reference(right[:place] + other + right[place + 1 :])


@over(bodies)
def test_any_two_signs_in_each_others_place_are_noticed(body: str) -> None:
    right = whole(body)
    for first, second in combinations(range(BODY + 1), 2):
        signs = list(right)
        signs[first], signs[second] = signs[second], signs[first]
        swapped = "".join(signs)
        assert swapped == right or not is_valid_reference(swapped)


@over(bodies)
def test_a_reference_is_right_as_people_say_and_type_it(body: str) -> None:
    right = whole(body)
    assert is_valid_reference(f"{right[:4]}-{right[4:]}")
    assert is_valid_reference(" ".join(right.lower()))
    assert is_valid_reference(right.replace("0", "O").replace("1", "l"))


def test_names_and_whole_references_are_not_called_misread() -> None:
    assert not may_be_misread("Alexandra")
    assert not may_be_misread(whole("K7QF2XM4"))
    assert may_be_misread(whole("K7QF2XM4").replace("K", "H"))
