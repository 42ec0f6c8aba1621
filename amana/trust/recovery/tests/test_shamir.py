"""Any three shares give the secret, no two say anything of it, and a wrong one is
known (P28)."""

from itertools import combinations

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from amana.trust.access import codes
from amana.trust.recovery import shamir, shares

SECRETS = st.binary(min_size=32, max_size=32)
FEW = settings(max_examples=30, deadline=None)


@FEW
@given_any(SECRETS)
def test_any_three_of_five_give_the_secret_in_any_order(secret):
    parts = shamir.split(secret, shares=5, needed=3)

    assert {shamir.combine(three) for three in combinations(parts, 3)} == {secret}
    assert shamir.combine(parts[::-1]) == shamir.combine(parts) == secret


@FEW
@given_any(SECRETS)
def test_two_of_five_give_something_else(secret):
    parts = shamir.split(secret, shares=5, needed=3)

    assert secret not in {shamir.combine(two) for two in combinations(parts, 2)}
    assert secret not in {part[:-1] for part in parts}


def test_from_two_shares_every_secret_is_as_likely():
    """Of the third share all values are possible, and each leads to another secret."""
    first, second, third = shamir.split(b"\x2a", shares=5, needed=3)[:3]
    place = third[-1:]
    thirds = [bytes([value]) + place for value in range(256)]

    assert len({shamir.combine([first, second, other]) for other in thirds}) == 256


def test_the_field_is_that_of_aes():
    """{53} · {CA} = {01} and {57} · {83} = {C1} (FIPS 197, 4.2)."""
    assert shamir._times(0x53, 0xCA) == 0x01
    assert shamir._times(0x57, 0x83) == 0xC1
    assert {shamir._times(a, 1) for a in range(256)} == set(range(256))


def test_shares_of_others_are_put_together_as_well():
    """Worked by hand: 42 + 7x + 9x² at 1, 2 and 3, in that field."""
    height = shamir._at
    parts = [bytes([height([42, 7, 9], x), x]) for x in (1, 2, 3)]

    assert parts == [bytes([42 ^ 7 ^ 9, 1]), bytes([42 ^ 14 ^ 36, 2]), parts[2]]
    assert shamir.combine(parts) == bytes([42])


@pytest.mark.parametrize(
    "unfit",
    [
        [b"\x01\x01", b"\x02\x01", b"\x03\x02"],
        [b"\x01\x00", b"\x02\x01"],
        [b"\x01\x01", b"\x02\x02\x02"],
        [],
    ],
)
def test_what_can_not_be_of_one_secret_is_refused(unfit):
    with pytest.raises(shamir.UnfitShares):
        shamir.combine(unfit)


@FEW
@given_any(st.binary(min_size=32, max_size=32), st.integers(1, 5))
def test_a_share_is_the_same_after_it_was_printed_and_typed(body, place):
    share = body + bytes([place])
    code = shares.format_share(share)

    assert shares.parse_share(code) == share
    assert shares.parse_share(code.lower().replace("-", " ")) == share
    assert len(code.split("-")) == 14


@FEW
@given_any(st.binary(min_size=33, max_size=33), st.integers(0, 52))
def test_a_slip_of_the_pen_is_noticed_or_known_by_the_hash(share, place):
    code = list(shares.format_share(share).replace("-", ""))
    code[place] = codes.ALPHABET[(codes.ALPHABET.index(code[place]) + 1) % 32]
    try:
        read = shares.parse_share("".join(code))
    except codes.MisreadCode:
        return
    assert shares.compute_hash(read) != shares.compute_hash(share)


@pytest.mark.parametrize("typed", ["", "0", "ABCD-EFGH", "0" * 54, "Z" * 80])
def test_what_is_no_share_is_not_read(typed):
    with pytest.raises(codes.MisreadCode):
        shares.parse_share(typed)


def test_a_key_pair_lies_in_its_secret():
    pair, parts = shares.make_secret()
    again = shares.derive_pair(shamir.combine(parts[1:4]))

    assert again.dump() == pair.dump()
    assert shares.derive_pair(shamir.combine(parts[:2])).public != pair.public
