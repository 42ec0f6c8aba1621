"""Signals about services."""

from django.dispatch import Signal

address_hidden = Signal()
"""The address of a `service` is secret from now on: rooms that have a copy in the clear
forget it. Sent in the transaction."""
