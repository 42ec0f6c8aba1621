"""The primitives: what is sealed opens with its key, in its place, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from amana.trust.vault import crypto
from amana.trust.vault.crypto import KeyPair, Unopenable, bind_place

KEY = crypto.generate_key()
PAIR = KeyPair.new()
part = some.text(max_size=8) | some.integers()
place = some.lists(part, max_size=4).map(tuple)


@given(place, place)
def test_no_two_places_are_bound_alike(one, other):
    if tuple(map(str, one)) != tuple(map(str, other)):
        assert bind_place(*one) != bind_place(*other)
    else:
        assert bind_place(*one) == bind_place(*other)


@given(some.binary(max_size=200), place)
def test_what_is_sealed_opens_again(plain, where):
    sealed = crypto.seal(KEY, plain, at=bind_place(*where))

    assert crypto.unseal(KEY, sealed, at=bind_place(*where)) == plain
    assert sealed != crypto.seal(KEY, plain, at=bind_place(*where))


@given(some.binary(max_size=60), some.data())
@settings(max_examples=60)
def test_no_changed_byte_goes_unnoticed(plain, data):
    for sealed, opens in [
        (
            crypto.seal(KEY, plain, at=b"here"),
            lambda s: crypto.unseal(KEY, s, at=b"here"),
        ),
        (
            crypto.seal_to(PAIR.public, plain, at=b"here"),
            lambda s: PAIR.open(s, at=b"here"),
        ),
    ]:
        at = data.draw(some.integers(0, len(sealed) - 1))
        flipped = bytearray(sealed)
        flipped[at] ^= data.draw(some.integers(1, 255))

        with pytest.raises(Unopenable):
            opens(bytes(flipped))


@given(some.binary(max_size=1300))
def test_any_other_bytes_are_unopenable_rather_than_an_error(noise):
    for blob in (noise, crypto.FORMAT + noise, crypto.TO_PUBLIC + noise):
        with pytest.raises(Unopenable):
            crypto.unseal(KEY, blob, at=b"here")
        with pytest.raises(Unopenable):
            PAIR.open(blob, at=b"here")


@pytest.mark.parametrize("cut", [0, 1, 12, 13, 28])
def test_a_cut_blob_is_unopenable(cut):
    with pytest.raises(Unopenable):
        crypto.unseal(KEY, crypto.seal(KEY, b"words", at=b"here")[:cut], at=b"here")


def test_a_blob_of_one_kind_is_not_taken_for_the_other():
    with pytest.raises(Unopenable):
        crypto.unseal(KEY, crypto.seal_to(PAIR.public, b"x", at=b"here"), at=b"here")
    with pytest.raises(Unopenable):
        PAIR.open(crypto.seal(PAIR.symmetric, b"x", at=b"here"), at=b"here")


def test_another_place_or_another_pair_opens_nothing():
    sealed = crypto.seal_to(PAIR.public, b"words", at=b"here")

    with pytest.raises(Unopenable):
        PAIR.open(sealed, at=b"there")
    with pytest.raises(Unopenable):
        KeyPair.new().open(sealed, at=b"here")
    assert PAIR.open(sealed, at=b"here") == b"words"


def test_a_pair_survives_being_stored():
    again = KeyPair.load(PAIR.dump())

    assert again.public == PAIR.public
    assert again.open(crypto.seal_to(PAIR.public, b"words", at=b""), at=b"") == b"words"
    with pytest.raises(Unopenable):
        KeyPair.load(PAIR.dump()[:-1])


def test_sealing_to_somebody_is_hybrid():
    """Both halves are needed: neither a quantum computer nor a flaw is enough."""
    from dataclasses import replace

    sealed = crypto.seal_to(PAIR.public, b"words", at=b"")
    other = KeyPair.new()

    assert len(sealed) - len(b"words") == 1 + 1088 + 32 + 16
    for half in (replace(PAIR, seed=other.seed), replace(PAIR, curve=other.curve)):
        with pytest.raises(Unopenable):
            half.open(sealed, at=b"")


def test_derived_keys_are_for_one_purpose_each():
    assert crypto.derive(KEY, "letter") != crypto.derive(KEY, "search cards")
    assert crypto.derive(KEY, "a", "bc") != crypto.derive(KEY, "ab", "c")


def test_stretching_depends_on_secret_salt_pepper_and_cost():
    cost = {"iterations": 1, "lanes": 1, "memory": 8}
    key = crypto.stretch("secret", bytes(16), pepper="p", **cost)

    assert key == crypto.stretch("secret", bytes(16), pepper="p", **cost)
    assert key != crypto.stretch("Secret", bytes(16), pepper="p", **cost)
    assert key != crypto.stretch("secret", b"1" * 16, pepper="p", **cost)
    assert key != crypto.stretch("secret", bytes(16), pepper="q", **cost)
    assert key != crypto.stretch("secret", bytes(16), pepper="", **cost)
    assert key != crypto.stretch(
        "secret", bytes(16), pepper="p", **cost | {"memory": 16}
    )


def test_stretching_is_argon2id_as_others_compute_it():
    """RFC 9106, 5.3, but for its associated data, which we don't use."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    ours = crypto.stretch(
        "a lantern", b"\x02" * 16, pepper="pepper", iterations=3, lanes=4, memory=32
    )
    theirs = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        secret=b"pepper",
    ).derive(b"a lantern")
    assert ours == theirs


def test_a_padded_text_says_little_of_its_size():
    sizes = {len(crypto.fill_with_spaces(b"x" * n, 256)) for n in range(1, 257)}

    assert sizes == {256}
    assert crypto.fill_with_spaces(b"", 64) == b""


def test_a_fingerprint_can_be_read_aloud():
    shown = crypto.compute_fingerprint(PAIR.public)

    assert [len(group) for group in shown.split(" ")] == [4] * 8
    assert shown.replace(" ", "").isdecimal()
    assert shown != crypto.compute_fingerprint(KeyPair.new().public)
