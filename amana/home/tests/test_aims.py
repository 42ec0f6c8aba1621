"""Beside a commitment stands what its sheet shows of all together, and nothing else."""

import pytest

from amana.academy.community.mentoring import aims as commitments
from amana.home import aims
from amana.insight.measure.tests.conftest import facts, sheets

__all__ = ["facts", "sheets"]


def test_a_figure_is_that_of_the_last_year_for_everybody(sheets):
    assert aims.map_figures in commitments.FIGURES

    found = commitments.map_figures({"I20", "I99"})

    assert found.keys() == {"I20"}
    assert found["I20"].endswith("(2025)")
    assert "%" in found["I20"]


@pytest.mark.django_db
def test_before_anything_is_counted_nothing_is_said():
    assert aims.map_figures({"I20"}) == {}
