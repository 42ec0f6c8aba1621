"""Signals about services."""

from django.dispatch import Signal

address_hidden = Signal()
"""The addresses of `services` are secret from now on: rooms that have a copy in the
clear forget it. Sent in the transaction."""
