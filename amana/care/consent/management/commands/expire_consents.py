from amana.care.consent import actions
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = "End consents that have expired, and delete what was shared under them."

    def handle(self, **options: object) -> None:
        ended = actions.expire_lapsed()
        self.stdout.write(f"Ended consents: {ended}")
