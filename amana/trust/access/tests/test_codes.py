import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amana.trust.access import codes


def test_a_code_has_the_bits_it_promises():
    assert len(codes.parse_code(codes.create_code(90))) == 18 + codes.CHECK
    assert len(codes.parse_code(codes.create_code(128))) == 26 + codes.CHECK


def test_two_codes_are_never_the_same():
    assert len({codes.create_code(90) for _n in range(1000)}) == 1000


def test_lookalikes_are_read_as_what_was_meant():
    code = next(
        c
        for c in (codes.create_code(90) for _n in range(1000))
        if "0" in c and "1" in c
    )

    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")

    assert codes.parse_code(typed) == code.replace("-", "")


@settings(max_examples=200)
@given(st.data())
def test_a_slip_of_the_pen_is_nearly_always_noticed(data):
    code = codes.parse_code(codes.create_code(90))
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([c for c in codes.ALPHABET if c != code[at]]))
    wrong = code[:at] + other + code[at + 1 :]

    if codes.compute_check(wrong[:-2]) != wrong[-2:]:
        with pytest.raises(codes.MisreadCode):
            codes.parse_code(wrong)


@pytest.mark.parametrize("nonsense", ["", "-", "a", "12", "*****", "ب" * 20])
def test_nonsense_is_misread(nonsense):
    with pytest.raises(codes.MisreadCode):
        codes.parse_code(nonsense)


def test_what_is_stored_does_not_show_the_code():
    code = codes.parse_code(codes.create_code(90))

    assert code.encode() not in codes.compute_digest(code)
    assert codes.compute_digest(code) == codes.compute_digest(code)
