"""Screen a person, see what the answers may be signs of, and continue with it."""

from amana.care.screening.views.asking_pages import (
    ScreeningSetup,
    begin,
    home,
    in_case,
    version_of,
)
from amana.care.screening.views.case_pages import add_to_case, end, open_case
from amana.care.screening.views.result_pages import (
    hand_over,
    judge,
    on_paper,
    printed,
    result,
)

__all__ = [
    "ScreeningSetup",
    "add_to_case",
    "begin",
    "end",
    "hand_over",
    "home",
    "in_case",
    "judge",
    "on_paper",
    "open_case",
    "printed",
    "result",
    "version_of",
]
