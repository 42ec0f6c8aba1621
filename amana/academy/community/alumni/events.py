"""Signals about the circle."""

from django.dispatch import Signal

place_ran_out = Signal()
"""`place`: it ended, as no certificate was in force any more."""

gathering_announced = Signal()
"""`gathering`: all in the circle are invited to it."""
