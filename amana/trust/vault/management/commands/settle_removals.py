from amana.trust.vault import leaving, removal
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = (
        "Remove keys after the delay; destroy those whose removal can't be undone any "
        "more, and earlier keys that were kept long enough."
    )

    def handle(self, **options: object) -> None:
        effective, final = removal.settle()
        leaving.destroy_lapsed()
        self.stdout.write(f"{effective} took effect, {final} are final.")
