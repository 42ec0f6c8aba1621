"""No number that is not protected can reach a brief, whatever the facts are and
whatever names of figures somebody writes."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st

from amana.insight.briefs import printing
from amana.insight.briefs.labels import list_names
from amana.insight.briefs.models import Brief, Passage
from amana.insight.briefs.parts import FIGURES
from amana.insight.briefs.tests.facts import tell, year
from amana.insight.briefs.texts import BriefText
from amana.insight.measure.library.reading import load_library

SHARES = {"I26": ("need", "unmet", "met"), "I21": ("loop", "closed", "open")}
EVERY_NAME = [
    name
    for indicator in load_library().values()
    for name, _part in list_names(indicator)
]
HIDDEN = "(a figure that is not shown)"


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def few(*counts):
    return any(0 < n < 11 for n in counts)


def a_text():
    """Every figure there is, in the text, as a number and as a chart."""
    brief = Brief(pk=1, about="I26", year=year())
    message = " ".join(f"{name} {{{name}}};" for name in EVERY_NAME)
    said = {("message", "en"): message, ("chart", ""): "sex"}
    said |= {(part, ""): name for part, name in zip(FIGURES, SHARES, strict=False)}
    return BriefText(
        brief,
        {
            key: Passage(pk=1, part=key[0], language=key[1], words=words)
            for key, words in said.items()
        },
    )


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@each(
    counts=st.fixed_dictionaries(
        {
            (kind, result, sex): st.sampled_from((0, 2, 5, 10, 11, 30))
            for kind, *results in SHARES.values()
            for result in results
            for sex in ("female", "male")
        }
    )
)
def test_no_unprotected_number_reaches_a_brief(counts):
    with undone():
        tell([(*key, many) for key, many in counts.items()])
        text = a_text()
        message = text.said("message", "en")

        for name, (kind, first, other) in SHARES.items():
            parts = [
                sum(counts[kind, result, sex] for sex in ("female", "male"))
                for result in (first, other)
            ]
            if few(*parts):
                told = text.figures.get(name)
                assert told is None or told.shown.value is None
        for name in set(EVERY_NAME) - text.figures.keys():
            assert f"{name} {HIDDEN};" in message

        charted = text.chart.groups if text.chart else ()
        for sex, told in charted:
            here = [counts.get(("need", result, sex), 0) for result in ("unmet", "met")]
            if few(*here):
                assert told is None or told.shown.value is None
        shown = [
            *text.figures.values(),
            *(figure for _sex, figure in charted if figure),
        ]
        for figure in shown:
            for n in (figure.shown.counted, figure.shown.of, figure.shown.unknown):
                assert not n or n >= 10
        assert printing.build_document(text, "en").blocks
