"""What others may want to know of mentorship."""

from django.dispatch import Signal

pair_proposed = Signal()
"""`pair`: both are asked to agree."""

pair_agreed = Signal()
"""`pair`: both have, and it begins."""
