"""What others may want to know of work that is handed in."""

from django.dispatch import Signal

work_handed_in = Signal()
"""`hand_in`"""

work_judged = Signal()
"""`hand_in`, `assessment`: for the first time, again, or after an appeal."""
