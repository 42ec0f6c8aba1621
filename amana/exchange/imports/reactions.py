"""Reactions of imports to what happens in the directory."""

from django.dispatch import receiver

from amana.design.directory.events import address_hidden
from amana.design.directory.models import Service
from amana.exchange.imports import actions


@receiver(address_hidden)
def forget_address(service: Service, **kwargs: object) -> None:
    # In the transaction that hides the address: no moment remains in which an import
    # still has it in the clear.
    actions.forget_address(service)
