"""Forget who filled in the feedback form of a session that ended a week ago."""

from amana.academy.sessions import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = __doc__ or ""

    def handle(self, *args: object, **options: object) -> None:
        actions.forget_who_gave_feedback()
