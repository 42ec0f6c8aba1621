from dataclasses import replace

import pytest

from amana.insight.measure import figure_labels
from amana.insight.measure.engine.definitions import Target
from amana.insight.measure.engine.visible_figures import ShownValue
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.library.reading import load_library


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (2_985 / 3_000, "99.5 %"),
        (15 / 3_000, "0.5 %"),
        (29_999 / 30_000, "99.9 %"),
        (1 / 30_000, "0.1 %"),
        (1.004, "100.4 %"),
        (1.0, "100 %"),
        (1 - 1e-15, "100 %"),
        (0.0, "0 %"),
        (0.994, "99 %"),
        (0.006, "1 %"),
        (0.5, "50 %"),
    ],
)
def test_what_is_not_all_or_nothing_does_not_look_so(share, words):
    assert figure_labels.format_percent(share) == words


@pytest.mark.parametrize(
    ("target", "share", "stands"),
    [
        (Target(at_least=100), 2_985 / 3_000, "due"),
        (Target(at_least=100), 1.0, "good"),
        (Target(at_most=0), 15 / 3_000, "due"),
        (Target(at_most=0), 0.0, "good"),
        (Target(at_least=90), 0.896, "good"),
        (Target(at_least=90), 0.894, "due"),
    ],
)
def test_nearly_all_is_not_all(db, target, share, stands):
    indicator = load_library()["I37"]
    part = replace(indicator.part(), target=target)
    assert Definition(indicator, part).standing(ShownValue(value=share)) == stands
