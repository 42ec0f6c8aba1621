"""What others may want to know of the circle."""

from django.dispatch import Signal

place_ran_out = Signal()
"""`place`: it ended, as no certificate was in force any more."""

gathering_announced = Signal()
"""`gathering`: all in the circle are asked to it."""
