"""The tasks of those who work with people, answer for a team, and let others in.

Codes, dates and references; a name only from a card that the reader's own keys open.
"""

from amana.home.care.kinds_of_care import KINDS
from amana.home.care.own_cases import find_my_cases
from amana.home.care.task_sharing import SOON

__all__ = [
    "KINDS",
    "SOON",
    "find_my_cases",
]
