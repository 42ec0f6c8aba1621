"""Reactions of the API to what happens in the directory."""

from collections.abc import Collection

from django.dispatch import receiver

from amana.design.directory.events import address_hidden
from amana.design.directory.models import Service
from amana.exchange.directory_api import actions


@receiver(address_hidden)
def forget_places(services: Collection[Service], **kwargs: object) -> None:
    # In the transaction that hides the address, not when the register follows: no
    # moment remains in which a copy in the clear is left.
    actions.forget_places([service.pk for service in services])
