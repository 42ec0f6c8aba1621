"""A fact can hold public codes alone: neither the program nor the database lets
anything else in, whatever is tried."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amana.insight.facts import codes
from amana.insight.facts.actions import build_observation, require_public_codes
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation

COLUMNS = ("result", "reason", "topic", "band", *codes.DIMENSIONS)
ALL_CODES = sorted(
    {code for words in codes.DIMENSIONS.values() for code in words.values}
    | {*codes.RESULTS, *codes.Band.values, "SH1", "no_capacity", "goals_met"}
)
words = st.one_of(
    st.sampled_from(ALL_CODES),
    st.text("abcXYZ0189 ’é-", max_size=4),
    st.just(""),
)


def is_public(kind, name, value):
    """By the constants alone."""
    if value == "":
        return True
    if name in codes.DIMENSIONS:
        return value in codes.DIMENSIONS[name].values
    if name == "band":
        return kind.timed and value in codes.Band.values
    return value in getattr(kind, f"{name}s")


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(KINDS)),
    said=st.dictionaries(st.sampled_from(COLUMNS), words, max_size=3),
)
def test_whatever_is_tried_only_public_codes_get_in(kind, said):
    public = all(is_public(KINDS[kind], name, word) for name, word in said.items())
    fact = Observation(id=uuid4(), kind=kind, month=date(2026, 11, 1), **said)

    try:
        with transaction.atomic():
            fact.save(force_insert=True)
            stored = True
    except DatabaseError:
        stored = False
    assert stored == public

    if KINDS[kind].of_person:
        try:
            require_public_codes(build_observation(kind, said))
            sealed = True
        except ValueError:
            sealed = False
        assert sealed == public


@pytest.mark.django_db
@pytest.mark.parametrize("name", COLUMNS)
def test_each_column_refuses_a_word(name):
    fact = Observation(kind="need_met", month=date(2026, 11, 1), **{name: "sad"})

    with pytest.raises(DatabaseError), transaction.atomic():
        fact.save(force_insert=True)


def test_every_code_of_every_kind_has_its_words():
    for kind in KINDS.values():
        assert {*kind.results} <= codes.RESULTS.keys()
        assert kind.title
        assert kind.arises
