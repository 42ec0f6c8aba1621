"""What others may want to know of services."""

from django.dispatch import Signal

address_hidden = Signal()
"""The address of a `service` is secret from now on: those who hold a copy in the clear
forgets it. Sent in the transaction."""
