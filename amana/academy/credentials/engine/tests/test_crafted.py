"""Whatever somebody puts on the public page, it gets a verdict: no file breaks it."""

import zlib
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from amana.academy.credentials.engine import baking
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.multibase import encode_base64url
from amana.academy.credentials.engine.tests import making
from amana.academy.credentials.engine.tests.test_verdicts import (
    CERTIFICATE,
    PICTURE,
    SHAPES,
    judge,
    text,
    token,
)
from amana.academy.credentials.engine.verdicts import VerificationOutcome

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["", "_:b0", "@id", "@type", "\ud800", "did:web:a#b", "#", "::", making.DID]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["id", "type", "@id", "@value"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)

often = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def places(
    value: object, way: tuple[str | int, ...] = ()
) -> list[tuple[str | int, ...]]:
    """The way to each value in a document, whole branches too."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [
        way,
        *(place for name, child in inner for place in places(child, (*way, name))),
    ]


PLACES = places(CERTIFICATE)[1:]


def put(place: tuple[str | int, ...], value: object) -> Json:
    changed = deepcopy(CERTIFICATE)
    branch = changed
    for name in place[:-1]:
        branch = branch[name]  # type: ignore[index]
    branch[place[-1]] = value  # type: ignore[index]
    return changed


def in_each_shape(content: bytes) -> list[bytes]:
    chunk = baking.build_chunk(b"iTXt", baking.KEYWORD + b"\0\0\0\0\0" + content)
    return [
        content,
        baking.PNG + chunk,
        b"<svg><openbadges:credential>" + content + b"</openbadges:credential>",
        str(int.from_bytes(zlib.compress(content))).encode(),
        f"{encode_base64url(content)}.{encode_base64url(content)}.{encode_base64url(content)}".encode(),
    ]


@often
@for_all(st.binary())
@example(b"")
@example(b'{"a":' * 3_000)
def test_any_bytes_in_any_shape_get_a_verdict(content):
    for shape in in_each_shape(content):
        assert judge(shape).outcome == VerificationOutcome.UNREADABLE


@often
@for_all(
    st.sampled_from([*SHAPES.values(), PICTURE]),
    st.floats(0, 1),
    st.integers(0, 20),
    st.binary(max_size=20),
)
def test_a_certificate_torn_anywhere_gets_a_verdict(whole, where, lost, added):
    at = int(where * len(whole))

    assert judge(whole[:at] + added + whole[at + lost :]).outcome in VerificationOutcome


@often
@for_all(st.sampled_from(PLACES), ODD)
@example(("name",), "\ud800")
def test_a_certificate_with_odd_things_in_it_gets_a_verdict(place, odd):
    document = put(place, odd)

    assert judge(text(document)).outcome in VerificationOutcome


@pytest.mark.parametrize("depth", [40, 300, 900, 3_000])
@pytest.mark.parametrize("inner", ['{"a":%s}', "[%s]"])
def test_boxes_in_boxes_in_boxes_get_a_verdict(inner, depth):
    begin, end = inner.split("%s")
    deep = f"{begin * depth}1{end * depth}"
    whole = text(CERTIFICATE | {"name": "deep"}).decode()

    assert (
        judge(whole.replace('"deep"', deep).encode()).outcome
        == VerificationOutcome.UNREADABLE
    )


@often
@for_all(st.sampled_from(PLACES), ODD)
def test_a_token_with_odd_things_in_it_gets_a_verdict(place, odd):
    head, _claims, signature = token().split(".")
    claims = encode_base64url(text(put(place, odd)))

    assert (
        judge(f"{head}.{claims}.{signature}".encode()).outcome
        != VerificationOutcome.VALID
    )
