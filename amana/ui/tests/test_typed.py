"""A number that was typed, or invented, never breaks a page."""

import pytest

from amana.ui.typed import is_secret, parse_small_int


@pytest.mark.parametrize(
    "text", ["1" * 5000, "9" * 19, "²", "①", "-1", "1.5", "1e3", "1_0", " 1", "a", ""]
)
def test_what_is_no_number_of_ours_is_none(text: str) -> None:
    assert parse_small_int(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("25", 25), ("٢٥", 25), ("9" * 18, 10**18 - 1)]
)
def test_digits_of_every_script_are_read(text: str, number: int) -> None:
    assert parse_small_int(text) == number


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *(("passphrase", True), ("new_password1", True), ("_unlock", True)),
        *(("otp-code", True), ("slip", True), ("id_pin2", True)),
        *(("opinion", False), ("postcode", False), ("words", False)),
    ],
)
def test_a_secret_is_told_by_a_word_of_its_name(name: str, secret: bool) -> None:
    assert is_secret(name) is secret
