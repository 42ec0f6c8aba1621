"""Remove the installations of exercises that were closed a month ago."""

from amana.academy.exercises import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.forget_old()
