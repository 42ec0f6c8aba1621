"""Destroy case clinics that were closed a month ago, with every message in them."""

from amana.academy.practice.labs import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.forget_old()
