"""Reactions of imports to what happens in the directory, and to their own steps."""

from collections.abc import Collection

from django.dispatch import receiver

from amana.design.directory.events import address_hidden
from amana.design.directory.models import Service
from amana.exchange.imports import actions, tasks
from amana.exchange.imports.events import step_waiting
from amana.exchange.imports.models import Import


@receiver(address_hidden)
def forget_addresses(services: Collection[Service], **kwargs: object) -> None:
    # In the transaction that hides the addresses: no moment remains in which an import
    # still has one in the clear.
    actions.forget_addresses(services)


@receiver(step_waiting)
def queue_step(brought: Import, **kwargs: object) -> None:
    tasks.continue_import.enqueue(str(brought.pk), brought.turn)
